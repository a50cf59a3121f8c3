// cuda/base/device_code.h: marks functions that run on the device and, compiled as plain C++ for tests, on the host.
#ifndef TOK_CUDA_BASE_DEVICE_CODE_H_
#define TOK_CUDA_BASE_DEVICE_CODE_H_

#if defined(__CUDACC__)
#define TOK_DEVICE_METHOD __host__ __device__
#define TOK_WARP_METHOD __device__
#else
#define TOK_DEVICE_METHOD
#define TOK_WARP_METHOD
#endif
#define TOK_DEVICE_CODE TOK_DEVICE_METHOD inline
// Of all lanes of a warp together.
#define TOK_WARP_CODE TOK_WARP_METHOD inline

#endif  // TOK_CUDA_BASE_DEVICE_CODE_H_
