// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/probe_inputs.h"

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"

namespace sslbench {
namespace {

const std::vector<ProbeInput>& known_inputs() {
  static const std::vector<ProbeInput> known{{.name = "features"},
                                             {.name = "cls1", .blocks = 1},
                                             {.name = "cls4", .blocks = 4},
                                             {.name = "cls1+patches", .blocks = 1, .patches = true},
                                             {.name = "cls4+patches", .blocks = 4, .patches = true}};
  return known;
}

ProbeInput input_named(const std::string& name, const std::string& task) {
  const auto found = std::ranges::find(known_inputs(), name, &ProbeInput::name);
  if (found != known_inputs().end()) return *found;
  std::string names;
  for (const ProbeInput& each : known_inputs()) names += (names.empty() ? "" : ", ") + each.name;
  throw UserError(task + ": inputs names '" + name + "', expected one of " + names);
}

}  // namespace

Option probe_inputs_option() {
  return texts_option("inputs", {"features"},
                      "what a classifier sees, several are tried with every rate: features (the network's own), cls1, "
                      "cls4 (class tokens of the last 1 or 4 blocks of a ViT), cls1+patches, cls4+patches (and the "
                      "mean patch of the last); a network without class token gives its features for all");
}

std::vector<Metric> probe_input_metrics() {
  return {{.name = "input_blocks",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "last blocks whose class tokens the chosen classifier sees; 0: the network's own features"},
          {.name = "input_patches",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "1 where the chosen classifier sees the mean patch of the last block, too, else 0"}};
}

ProbeInputs::ProbeInputs(const Backbone& network, const std::vector<std::string>& names, const std::string& task)
    : network_(network) {
  if (names.empty()) throw UserError(task + ": inputs is empty; name one, such as \"features\"");
  for (const std::string& name : names) {
    const ProbeInput input = input_named(name, task);
    if (std::ranges::count(names, name) > 1) throw UserError(task + ": inputs names '" + name + "' twice");
    const int64_t depth = network.class_token_blocks();
    if (depth > 0 && input.blocks > depth) {
      throw UserError(task + ": inputs names '" + name + "', but the network has " + std::to_string(depth) +
                      " blocks; take cls1");
    }
    if (depth > 0) inputs_.push_back(input);
  }
  if (inputs_.empty()) inputs_ = {known_inputs().front()};
  for (const ProbeInput& input : inputs_) {
    own_ |= input.blocks == 0, patches_ |= input.patches;
    blocks_ = std::max(blocks_, input.blocks);
  }
  // Columns: own features, mean patch, class tokens from the last block down.
  const int64_t own = own_ ? network.width() : 0, dim = blocks_ > 0 ? network.levels().back().channels : 0;
  const int64_t classes_from = own + (patches_ ? dim : 0);
  for (ProbeInput& input : inputs_) {
    input.first = input.blocks == 0 ? 0 : input.patches ? own : classes_from;
    input.width = input.blocks == 0 ? own : (input.blocks + (input.patches ? 1 : 0)) * dim;
  }
  width_ = classes_from + blocks_ * dim;
  set_input_facts(network.input_facts());
}

Tensor ProbeInputs::features(const Tensor& x_NCHW) const {
  std::vector<Tensor> parts;
  if (own_) parts.push_back(promoted(network_.features(x_NCHW)));
  if (blocks_ > 0) {
    const LastBlocks last = network_.last_blocks(x_NCHW, blocks_);
    if (patches_) parts.push_back(last.patch_mean_ND);
    parts.insert(parts.end(), last.class_ND.rbegin(), last.class_ND.rend());
  }
  return parts.size() == 1 ? parts[0] : at::cat(parts, 1);
}

void add_input(StageRecord& record, const ProbeInput& input, int64_t held_out) {
  record.add("input_blocks", Split::val, static_cast<double>(input.blocks), held_out);
  record.add("input_patches", Split::val, input.patches ? 1 : 0, held_out);
}

Tensor columns_of(const Tensor& h_NW, const ProbeInput& input) { return h_NW.narrow(1, input.first, input.width); }

}  // namespace sslbench
