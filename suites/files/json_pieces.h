// SPDX-License-Identifier: Apache-2.0
// A long JSON document cut into the texts of its entries, which can then be parsed one by one and side by side: a
// file's tree of values takes ten times its text and most of the time of reading it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sslbench {

// The entries of a list, `outside` levels within its document. None where `text` is no list or nests deeper than
// kDeepestNesting. `text` is JSON exactly when every piece is.
std::optional<std::vector<std::string_view>> list_pieces(std::string_view text, int outside = 0);

// The members of an object that is a document, in file order; as list_pieces().
using JsonMember = std::pair<std::string, std::string_view>;
std::optional<std::vector<JsonMember>> object_pieces(std::string_view text);

}  // namespace sslbench
