// SPDX-License-Identifier: Apache-2.0
// What a pickle says, as data: nodes that point to each other by number, so that what Python shares is shared here, and
// what it makes a circle of does no harm until somebody walks it (torch_leaves.h does, within limits).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sslbench {

using NodeId = uint32_t;

enum class NodeKind : uint8_t {
  none,
  flag,
  integer,
  real,
  text,
  bytes,
  list,  // and sets
  tuple,
  dict,     // key, value, key, value, ...
  object,   // a value of a class that is known and never made: its attributes, as in a dict
  name,     // of a function or class, "module.name"
  storage,  // number in PickleNodes::storages
  tensor,   // number in PickleNodes::tensors
};

struct PickleNode {
  NodeKind kind = NodeKind::none;
  std::variant<std::monostate, bool, int64_t, double, std::string, std::vector<NodeId>> value;
};

// A run of equal elements: one entry data/<key> of the archive.
struct TorchStorage {
  std::string key, dtype;  // "float32", "bfloat16", "int64", ... as PyTorch prints them
  int64_t numel = 0;
  uint64_t bytes = 0;
};

// A view of a storage, inside it and of at most kMostDimensions; offset and strides in elements.
struct TorchTensor {
  uint32_t storage = 0;
  int64_t offset = 0, numel = 0;
  std::vector<int64_t> sizes, strides;
  bool requires_grad = false;
};

struct PickleNodes {
  std::vector<PickleNode> nodes;
  std::vector<TorchStorage> storages;
  std::vector<TorchTensor> tensors;
  NodeId root = 0;

  const PickleNode& at(NodeId id) const { return nodes[id]; }
  NodeKind kind(NodeId id) const { return nodes[id].kind; }
  // Each is null or false where the node is of another kind.
  const std::string* text(NodeId id) const;  // text, bytes and name
  const int64_t* integer(NodeId id) const;   // integer, storage and tensor
  const bool* flag(NodeId id) const;
  const std::vector<NodeId>* children(NodeId id) const;  // list, tuple, dict and object
  bool is(NodeId id, NodeKind kind, std::string_view text) const;
};

}  // namespace sslbench
