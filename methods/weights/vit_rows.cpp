// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/vit_rows.h"

#include "suites/tensors/aten.h"

namespace sslbench {

std::vector<LayoutRow> joined_qkv(const std::string& from, const std::vector<std::string>& three) {
  std::vector<LayoutRow> out;
  for (int i = 0; i < 3; ++i) {
    out.push_back({from + three[static_cast<size_t>(i)] + ".$", "blocks.#1.attn.qkv.$", NameChange::join, i, i + 1, 3});
  }
  return out;
}

void add_class_position(std::map<std::string, Tensor>& tensors, const std::set<std::string>& wanted) {
  const auto positions = tensors.find("pos_embed"), token = tensors.find("cls_token");
  if (!wanted.contains("reg_token") || positions == tensors.end() || token == tensors.end()) return;
  if (positions->second.dim() != 3 || positions->second.size(1) < 2) return;
  token->second = token->second + positions->second.narrow(1, 0, 1);
  positions->second = positions->second.narrow(1, 1, positions->second.size(1) - 1);
}

std::vector<LayoutRow> operator+(std::vector<LayoutRow> a, const std::vector<LayoutRow>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace sslbench
