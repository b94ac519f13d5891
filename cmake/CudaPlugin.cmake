# libsslbench_cuda.so: built whenever the toolkit and LibTorch's CUDA library are there, loaded at run time, absent
# without harm. Torch headers stay out of .cu files.
option(SSLBENCH_CUDA "build the CUDA plugin when the toolkit is found" ON)
if(NOT SSLBENCH_CUDA OR NOT SSLBENCH_WITH_LIBTORCH OR NOT TARGET torch::cuda OR SSLBENCH_SANITIZE)
  return()
endif()
include(CheckLanguage)
check_language(CUDA)
if(NOT CMAKE_CUDA_COMPILER)
  message(STATUS "CUDA plugin: no toolkit found, left out")
  return()
endif()
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
  set(CMAKE_CUDA_ARCHITECTURES 75 80 90)  # the oldest that LibTorch of CUDA 13 serves; later ones go by PTX
endif()
enable_language(CUDA)
find_package(CUDAToolkit REQUIRED)
file(GLOB_RECURSE cuda_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/suites/tensors/*_cuda.cpp
     ${PROJECT_SOURCE_DIR}/suites/tensors/*.cu ${PROJECT_SOURCE_DIR}/suites/training/*_cuda.cpp)
add_library(sslbench_cuda MODULE ${cuda_sources})
# CMake 3.25 does not know CUDA C++20; the kernels need no more than 17.
set_target_properties(sslbench_cuda PROPERTIES CUDA_STANDARD 17 CUDA_RUNTIME_LIBRARY Shared)
target_include_directories(sslbench_cuda PRIVATE ${PROJECT_SOURCE_DIR})
list(JOIN sslbench_place_map "," place_map)
target_compile_options(sslbench_cuda PRIVATE
  "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Werror;-O1;${sslbench_hard_compile};${sslbench_place_map};${sslbench_fortify}>"
  "$<$<COMPILE_LANGUAGE:CUDA>:-O2;-Xcompiler=${place_map}>")
target_link_options(sslbench_cuda PRIVATE ${sslbench_hard_link})
target_link_libraries(sslbench_cuda PRIVATE torch::cuda CUDA::cudart ${CMAKE_DL_LIBS})
message(STATUS "CUDA plugin: built with ${CMAKE_CUDA_COMPILER} for ${CMAKE_CUDA_ARCHITECTURES}")
