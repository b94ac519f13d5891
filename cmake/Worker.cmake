# The part that links LibTorch: libtorch_cpu and libc10 only; CUDA comes as a plugin at run time.
find_package(LibTorch 2.11 REQUIRED)
message(STATUS "LibTorch ${LibTorch_VERSION} at ${LibTorch_ROOT_DIR}")
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${sslbench_libtorch_place}")  # in force from here on: programs before need none
cmake_path(GET sslbench_libtorch_place PARENT_PATH libtorch_parent)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/${libtorch_parent})
file(RELATIVE_PATH libtorch_from_here ${CMAKE_BINARY_DIR}/${libtorch_parent} ${LibTorch_ROOT_DIR}/lib)
file(CREATE_LINK ${libtorch_from_here} ${CMAKE_BINARY_DIR}/${sslbench_libtorch_place} SYMBOLIC)

# tensors comes first: it owns the precompiled header.
sslbench_library(tensors TORCH FOLDERS suites/tensors suites/tensors/norm_act suites/tensors/conv3x3 suites/tensors/recompute suites/tensors/normalize_bytes suites/tensors/ranks)
# Loops over numbers, without LibTorch: flags of datasets (CMakeLists.txt), and what makes GCC use vectors, too.
set_source_files_properties(suites/tensors/norm_act/norm_act_loops.cpp suites/tensors/conv3x3/winograd.cpp
  suites/tensors/conv3x3/winograd_transforms.cpp suites/tensors/conv3x3/panel_products.cpp PROPERTIES
  COMPILE_OPTIONS "-O3;-fno-trapping-math;-ffp-contract=off" SKIP_PRECOMPILE_HEADERS ON)
# LibTorch comes without asserts; with them its header asks for what only a build of LibTorch with them keeps.
set_source_files_properties(suites/tensors/matrix_work.cpp PROPERTIES COMPILE_DEFINITIONS NDEBUG SKIP_PRECOMPILE_HEADERS ON)
# c10d's headers ask for Gloo's, which no wheel has (cmake/gloo_names/README.md).
set_source_files_properties(suites/tensors/ranks/c10d_ranks.cpp PROPERTIES INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR}/cmake/gloo_names)
sslbench_library(batches TORCH FOLDERS datasets/batches LINK nlohmann_json::nlohmann_json Threads::Threads)
sslbench_library(methods TORCH FOLDERS methods methods/backbones methods/backbones/convolutional methods/foreign
                 methods/parts methods/patches methods/teachers methods/weights LINK nlohmann_json::nlohmann_json)
sslbench_library(training TORCH FOLDERS suites/training suites/training/graphs suites/training/meters suites/training/saving LINK nlohmann_json::nlohmann_json)
sslbench_library(protocols TORCH FOLDERS suites/protocols suites/protocols/fine_tuning suites/protocols/frozen
                 suites/protocols/parts suites/protocols/patches suites/protocols/predictions
                 LINK nlohmann_json::nlohmann_json)
sslbench_library(worker TORCH FOLDERS suites/worker suites/worker/process
                 LINK nlohmann_json::nlohmann_json ${CMAKE_DL_LIBS})
sslbench_library(worker_log FOLDERS suites/worker/log LINK spdlog::spdlog_header_only)
set(torch_libraries tensors methods batches training protocols worker worker_log)
include(ExtraMethods)
if(SSLBENCH_EXTRA_METHODS)
  sslbench_methods_of(extra_methods ${SSLBENCH_EXTRA_METHODS})
  list(APPEND torch_libraries extra_methods)
endif()
if(TARGET worker)
  add_executable(sslbench-worker suites/worker/main.cpp)
  target_link_libraries(sslbench-worker PRIVATE ${torch_libraries} ${run_libraries})
  add_custom_command(TARGET sslbench-worker POST_BUILD
    COMMAND $<TARGET_FILE:sslbench-worker> catalog > ${CMAKE_BINARY_DIR}/bin/catalog.json.tmp
    COMMAND ${CMAKE_COMMAND} -E rename ${CMAKE_BINARY_DIR}/bin/catalog.json.tmp ${CMAKE_BINARY_DIR}/bin/catalog.json)
endif()
