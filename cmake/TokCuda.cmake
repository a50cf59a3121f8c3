# Turns CUDA on: by the compiler that `scripts/setup cuda` brings, or else by the system's.
if(NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX})
  file(GLOB tok_nvcc ${PROJECT_SOURCE_DIR}/.venv/lib/python3*/site-packages/nvidia/cu13/bin/nvcc)
  if(tok_nvcc)
    list(GET tok_nvcc 0 tok_nvcc)
    set(CMAKE_CUDA_COMPILER ${tok_nvcc} CACHE FILEPATH "CUDA compiler")
    # It looks for its libraries elsewhere than these packages have them.
    cmake_path(GET tok_nvcc PARENT_PATH tok_nvcc_folder)
    set(CMAKE_CUDA_FLAGS -L${tok_nvcc_folder}/../lib CACHE STRING "Flags of the CUDA compiler")
  else()
    find_program(CMAKE_CUDA_COMPILER nvcc HINTS /usr/local/cuda/bin)
  endif()
  if(NOT CMAKE_CUDA_COMPILER)
    message(FATAL_ERROR "TOK_BUILD_CUDA is on, but there is no nvcc; run scripts/setup cuda, or name one in CUDACXX")
  endif()
endif()
# Machine code for Hopper, and PTX that drivers compile for what comes after it; DeviceEncoder refuses devices that this is not for.
if(NOT CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 90)
endif()
enable_language(CUDA)
# CMake 3.25 does not know how this compiler is told of C++20.
if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
  set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
endif()
# The runtime goes into what is linked, so that programs start where there is no CUDA.
cmake_path(GET CMAKE_CUDA_COMPILER PARENT_PATH tok_nvcc_folder)
find_library(tok_cudart cudart_static REQUIRED
             HINTS ${tok_nvcc_folder}/../lib ${tok_nvcc_folder}/../lib64 ${CMAKE_CUDA_IMPLICIT_LINK_DIRECTORIES})
