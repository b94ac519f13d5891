# The revision a record carries: made again by every build, compiled into one small file, so nothing else rebuilds.
add_library(sslbench_revision OBJECT ${CMAKE_BINARY_DIR}/revision.cpp)
add_custom_target(sslbench_revision_check
  COMMAND ${CMAKE_COMMAND} -DOUT=${CMAKE_BINARY_DIR}/revision.cpp -DSOURCE=${PROJECT_SOURCE_DIR}
          -DBUILD_TYPE=${CMAKE_BUILD_TYPE} -DCOMPILER=${CMAKE_CXX_COMPILER_ID}\ ${CMAKE_CXX_COMPILER_VERSION}
          -DVERSION=${PROJECT_VERSION} -DEXTRA=${SSLBENCH_EXTRA_METHODS} -P ${PROJECT_SOURCE_DIR}/cmake/write_revision.cmake
  BYPRODUCTS ${CMAKE_BINARY_DIR}/revision.cpp)
add_dependencies(sslbench_revision sslbench_revision_check)
target_link_libraries(sslbench_revision PUBLIC sslbench_flags)
set_target_properties(sslbench_revision PROPERTIES POSITION_INDEPENDENT_CODE ON)
