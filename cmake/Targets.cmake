# What every target of ours has in common, and how one library is declared.

add_library(sslbench_flags INTERFACE)
target_compile_features(sslbench_flags INTERFACE cxx_std_20)
target_include_directories(sslbench_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(sslbench_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Werror -Wno-missing-field-initializers
                                                $<$<CONFIG:Debug>:-g1>>)
if(SSLBENCH_SANITIZE)
  target_compile_options(sslbench_flags INTERFACE -fsanitize=${SSLBENCH_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(sslbench_flags INTERFACE -fsanitize=${SSLBENCH_SANITIZE})
endif()
if(SSLBENCH_COVERAGE)
  target_compile_options(sslbench_flags INTERFACE --coverage)
  target_link_options(sslbench_flags INTERFACE --coverage)
endif()
find_program(SSLBENCH_LLD ld.lld)
if(SSLBENCH_LLD)
  target_link_options(sslbench_flags INTERFACE -fuse-ld=lld)
endif()
include(Hardening)

# sslbench_library(NAME [TORCH] FOLDERS dir... LINK target...)
# Globs the folders into an OBJECT library, so that a plugin which registers itself on its last line is never dropped.
# TORCH: calls LibTorch (-O1 suffices, its own precompiled header). KERNEL: loops over pixels and numbers (-O2).
function(sslbench_library name)
  cmake_parse_arguments(ARG "TORCH;KERNEL" "" "FOLDERS;LINK" ${ARGN})
  set(sources)
  foreach(folder ${ARG_FOLDERS})
    cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    file(GLOB found CONFIGURE_DEPENDS ${folder}/*.cpp)
    list(APPEND sources ${found})
  endforeach()
  list(FILTER sources EXCLUDE REGEX "(/main|_cuda)\\.cpp$")  # the latter are the plugin's (cmake/CudaPlugin.cmake)
  if(NOT sources)
    return()
  endif()
  add_library(${name} OBJECT ${sources})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${name} PUBLIC sslbench_flags ${ARG_LINK})
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:$<IF:$<BOOL:${ARG_KERNEL}>,-O2,-O1>>
                                         $<$<BOOL:${ARG_KERNEL}>:-U_GLIBCXX_ASSERTIONS>)
  if(ARG_TORCH)
    target_link_libraries(${name} PUBLIC torch::cpu)
    sslbench_use_torch_pch(${name})
  elseif(NOT ARG_KERNEL)
    sslbench_use_plain_pch(${name})
  endif()
endfunction()

# Libraries of equal flags share one precompiled header, which `owner`, the first of them, makes.
function(sslbench_share_headers name owner header)
  if(NOT name STREQUAL owner)
    target_precompile_headers(${name} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/${header})
  endif()
endfunction()

# The standard library and JSON: for what has neither LibTorch nor kernels.
function(sslbench_use_plain_pch name)
  sslbench_share_headers(${name} ground cmake/plain_headers.h)
endfunction()

# These and the per-operator ATen headers: for all LibTorch libraries.
function(sslbench_use_torch_pch name)
  sslbench_share_headers(${name} tensors cmake/torch_headers.h)
endfunction()
