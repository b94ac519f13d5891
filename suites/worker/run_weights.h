// SPDX-License-Identifier: Apache-2.0
// The pretrained backbone of a run, between its pretraining and its record.
#pragma once

#include <filesystem>
#include <memory>

#include "methods/method.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// A backbone that is a file from elsewhere is still the file that the run was planned with. RunFailure(data) when not.
void expect_planned_model(const RunSpec& spec);

// The weights beside the record whose pretraining may be taken over; empty when there are none.
std::filesystem::path reusable_weights(const RunSpec& spec);

// Beside the checkpoints until the record is published, so that a record never lies beside weights of another try.
std::filesystem::path weights_file(const RunSpec& spec);

// In the published network's order; a classifier that training left comes last, under the published name. Of a backbone
// that takes no gradients the file holds no tensor, but names the model's file and its digest.
void save_backbone(Method& method, const RunSpec& spec);

// Weights after so many steps, which pretrain.keep_evaluated keeps.
std::filesystem::path evaluated_weights_file(const RunSpec& spec, int64_t step);
// The same of a moment of the training, in another file.
void save_backbone(Method& method, const RunSpec& spec, const std::filesystem::path& file);

// The pretrain stage came from another run's record; its weights lie beside that. RunFailure(checkpoint) when they are
// gone.
void take_over_weights(const RunSpec& spec);

// On `device`, from weights_file() or another place. RunFailure(checkpoint) when the file holds other weights,
// RunFailure(non_finite) when nothing can be measured with them.
std::unique_ptr<Backbone> load_backbone(const RunSpec& spec, at::Device device);
std::unique_ptr<Backbone> load_backbone(const RunSpec& spec, at::Device device, const std::filesystem::path& weights);

}  // namespace sslbench
