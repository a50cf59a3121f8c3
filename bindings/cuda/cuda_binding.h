// bindings/cuda/cuda_binding.h: what libtok.cuda calls, in builds with TOK_BUILD_CUDA.
#ifndef TOK_BINDINGS_CUDA_CUDA_BINDING_H_
#define TOK_BINDINGS_CUDA_CUDA_BINDING_H_

#include <pybind11/pybind11.h>

namespace tok::python {

void BindCuda(pybind11::module_& module);

}  // namespace tok::python

#endif  // TOK_BINDINGS_CUDA_CUDA_BINDING_H_
