// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "methods/weights/weight_layout.h"

namespace sslbench {

// Query, key and value as matrices of their own, joined to timm's attn.qkv: `from` + "query" and so on.
std::vector<LayoutRow> joined_qkv(const std::string& from, const std::vector<std::string>& three);

// DINOv2 with registers: the class token has a position of its own in the authors' files; timm adds it to the token and
// keeps positions of patches only (timm 1.0.31, vision_transformer.py, checkpoint_filter_fn).
void add_class_position(std::map<std::string, Tensor>& tensors, const std::set<std::string>& wanted);

std::vector<LayoutRow> operator+(std::vector<LayoutRow> a, const std::vector<LayoutRow>& b);

}  // namespace sslbench
