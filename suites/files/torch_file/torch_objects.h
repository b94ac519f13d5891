// SPDX-License-Identifier: Apache-2.0
// The names that a pickle of torch.save may ask for, and the data that they stand for.
#pragma once

#include <map>
#include <string>

#include "suites/files/torch_file/pickle_nodes.h"

namespace sslbench {

inline constexpr size_t kMostDimensions = 16;

// Elements of the storages that are read: bytes of one, 0 for another type. "float32", "bfloat16", ...
size_t torch_element_size(std::string_view dtype);

// Adds the data of calls to `nodes`; BadTorchFile where a call is not the one that torch.save writes.
class TorchObjects {
 public:
  explicit TorchObjects(PickleNodes& nodes) : nodes_(nodes) {}

  // Refuses a name that is no data.
  NodeId name(const std::string& module, const std::string& name);
  // callable(*arguments), `arguments` being a tuple.
  NodeId call(NodeId callable, NodeId arguments);
  // object.__setstate__(state).
  void set_state(NodeId object, NodeId state);
  // The storage of a persistent id ('storage', type, key, location, numel).
  NodeId storage(NodeId id);
  NodeId add(NodeKind kind, decltype(PickleNode::value) value = {});

 private:
  NodeId ordered_dict(NodeId arguments);
  NodeId tensor(NodeId arguments);
  NodeId parameter(NodeId arguments);
  NodeId encoded(NodeId arguments);
  NodeId numpy_scalar(NodeId arguments);
  NodeId numpy_dtype(NodeId arguments);
  const std::vector<NodeId>& arguments_of(NodeId arguments, size_t least, const char* what) const;
  std::vector<int64_t> integers(NodeId tuple, const char* what) const;

  PickleNodes& nodes_;
  std::map<std::string, uint32_t> storages_;  // by key
};

}  // namespace sslbench
