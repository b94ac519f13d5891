// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/pickle_nodes.h"

namespace sslbench {

const std::string* PickleNodes::text(NodeId id) const { return std::get_if<std::string>(&nodes[id].value); }
const int64_t* PickleNodes::integer(NodeId id) const { return std::get_if<int64_t>(&nodes[id].value); }
const bool* PickleNodes::flag(NodeId id) const { return std::get_if<bool>(&nodes[id].value); }
const std::vector<NodeId>* PickleNodes::children(NodeId id) const {
  return std::get_if<std::vector<NodeId>>(&nodes[id].value);
}
bool PickleNodes::is(NodeId id, NodeKind kind, std::string_view expected) const {
  return nodes[id].kind == kind && text(id) != nullptr && *text(id) == expected;
}

}  // namespace sslbench
