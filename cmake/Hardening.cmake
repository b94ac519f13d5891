# What makes a fault in our code harder to use, and a program the same wherever it was built (tests/faults/hardening_test.cpp,
# scripts/reproducible). Loops over pixels and numbers (KERNEL) do without the checks of the standard library.
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(sslbench_hard_compile -fstack-protector-strong -fstack-clash-protection)
set(sslbench_place_map -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
set(sslbench_fortify $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
if(SSLBENCH_SANITIZE)  # the sanitizers watch the same calls themselves
  set(sslbench_fortify)
endif()
set(sslbench_hard_link LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
target_compile_options(sslbench_flags INTERFACE ${sslbench_hard_compile} ${sslbench_place_map} ${sslbench_fortify})
target_compile_definitions(sslbench_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(sslbench_flags INTERFACE ${sslbench_hard_link})

# Libraries are looked for in the system's folders and in one of ours, told from the program itself: the same words in the
# build and in an installed copy, so that nothing is written over when installing (CMake would leave room for it by empty
# elements, which the loader reads as the working folder). Folders outside the project that were linked from stay named.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
set(sslbench_libtorch_place lib/sslbench/libtorch)  # a link to LibTorch's lib/, beside bin/
