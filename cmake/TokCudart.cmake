# The CUDA runtime, as the target tok::cudart: for the build, and for who links the installed tok::cuda, which needs nothing else
# of CUDA's toolkit. It goes into what is linked, so that programs start where there is no CUDA.
find_library(tok_cudart cudart_static
             HINTS ${CUDAToolkit_ROOT} ENV CUDAToolkit_ROOT ENV CUDA_PATH ${tok_cudart_folders} /usr/local/cuda PATH_SUFFIXES lib64 lib)
if(tok_cudart AND NOT TARGET tok::cudart)  # find_package may come here again
  add_library(tok::cudart INTERFACE IMPORTED GLOBAL)
  target_link_libraries(tok::cudart INTERFACE ${tok_cudart} Threads::Threads ${CMAKE_DL_LIBS} rt)
endif()
