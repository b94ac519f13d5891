# Methods that lie together in one folder outside methods/: FOLDER/*.cpp become the library `name`, which finds its own
# headers. The worker's, where SSLBENCH_EXTRA_METHODS says so, may lie outside the tree (docs/method.md).
function(sslbench_methods_of name folder)
  cmake_path(GET folder FILENAME last)
  if(NOT IS_DIRECTORY ${folder} OR NOT last MATCHES "^[A-Za-z0-9._-]+$")
    message(FATAL_ERROR "SSLBENCH_EXTRA_METHODS is '${folder}'; expected a folder, named by A-Z a-z 0-9 . _ - alone")
  endif()
  sslbench_library(${name} TORCH FOLDERS ${folder} LINK nlohmann_json::nlohmann_json)
  if(NOT TARGET ${name})
    message(FATAL_ERROR "SSLBENCH_EXTRA_METHODS is '${folder}', which holds no .cpp file; expected one a method")
  endif()
  target_include_directories(${name} PUBLIC ${folder})
  target_compile_options(${name} PRIVATE -ffile-prefix-map=${folder}=${last})
endfunction()
