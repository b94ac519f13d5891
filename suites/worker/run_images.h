// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "suites/plan/run_spec.h"
#include "suites/protocols/parts/image_sets.h"

namespace sslbench {

// The image sets of a run with what its table `pretrain` says about them: resident_budget for all, decode and
// on_corrupt for the pretraining images. `skip_log` ("" = none) lists the images that were replaced, one
// "number<tab>reason" a line, so that an interrupted run goes on knowing them.
ImageSets run_images(const RunSpec& spec, const std::filesystem::path& skip_log);

// The images that run_images() would take as corrupt already.
std::map<int64_t, std::string> read_skip_log(const std::filesystem::path& file);

}  // namespace sslbench
