// SPDX-License-Identifier: Apache-2.0
// The features that a run's protocols share, and the file that takes them elsewhere.
#pragma once

#include <filesystem>
#include <functional>

#include "methods/backbone.h"
#include "suites/plan/run_spec.h"
#include "suites/protocols/parts/features.h"

namespace sslbench {

// Features of a split of `set` by the run's backbone at the run's image size and normalisation; those that the backbone
// brings itself are held against the set. `stop` as extract_features() asks it.
Features run_features(const RunSpec& spec, Backbone& backbone, ImageSets& data, const DatasetSpec& set, Split split,
                      at::Device device, const std::function<bool()>& stop);

// The same of images that are no split of a set.
Features image_features(const RunSpec& spec, Backbone& backbone, ImageSets& data, const ImageSet& images,
                        at::Device device, const std::function<bool()>& stop);

// Writes what the finished run's protocols saw of its own data set as safetensors: train_features [N, D], train_labels
// [N], test_features, test_labels, bit for bit. UserError when the run's weights are gone.
void write_features(const RunSpec& spec, const std::filesystem::path& file);

}  // namespace sslbench
