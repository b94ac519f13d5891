// SPDX-License-Identifier: Apache-2.0
// Layouts: how a library names the tensors of a network that a backbone here names as timm or torchvision do. A new one
// is a table of names in one file of this folder, which registers itself on its last line.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "methods/module.h"
#include "suites/ground/registry.h"

namespace sslbench {

// What becomes of a tensor on its way to another layout.
enum class NameChange {
  copy,    // as it is
  join,    // part `begin` of `parts` of the target, along the first dimension
  cut,     // parts [begin, end) of `parts` of the source, along the first dimension
  flat,    // [C, 1, 1] -> [C]
  column,  // [C] -> [C, 1, 1]
  row,     // [T, D] -> [1, T, D], and [D] -> [1, 1, D]
};

// "encoder.layers.encoder_layer_#.ln_1.$" -> "blocks.#1.norm1.$": # is a number, #1 the first one, $ all that is left.
// An empty target: the tensor belongs to training, and backbones do without it.
struct LayoutRow {
  std::string from, to;
  NameChange change = NameChange::copy;
  int begin = 0, end = 1, parts = 1;
};

struct WeightLayout {
  static constexpr const char* kind() { return "weight layout"; }
  std::string name;             // "Hugging Face ViT"
  std::vector<LayoutRow> rows;  // the first that fits counts, with all that follow it of the same `from`
  // What names alone do not say, once all tensors have their new names; empty: nothing. `wanted` names the backbone's.
  std::function<void(std::map<std::string, Tensor>& tensors, const std::set<std::string>& wanted)> finish = {};
};

// The layout of files whose names are the backbone's already.
const WeightLayout& plain_layout();

// A name in another layout.
struct LayoutTarget {
  std::string name;  // "": needed by no backbone
  const LayoutRow* row = nullptr;
};
// All that the tensor `from` becomes; empty when the layout does not know the name.
std::vector<LayoutTarget> targets_in(const WeightLayout& layout, std::string_view from);

// What the row makes of a tensor; UserError when it cannot be cut so.
Tensor changed(const Tensor& tensor, const LayoutRow& row, const std::string& name);

// Tensors in the names of `wanted`, made from those of the layout; names that are not wanted are left out. UserError
// (without a file's name) where a part of a joined tensor is missing or does not fit.
std::map<std::string, Tensor> renamed(const WeightLayout& layout, const std::vector<NamedTensor>& tensors,
                                      const std::set<std::string>& wanted);

}  // namespace sslbench
