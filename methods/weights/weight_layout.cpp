// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/weight_layout.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

struct NameMatch {
  std::vector<std::string_view> numbers;
  std::string_view tail;
};

std::optional<NameMatch> match(std::string_view pattern, std::string_view name) {
  NameMatch out;
  for (const char c : pattern) {
    if (c == '$') {
      out.tail = name;
      if (name.empty()) return std::nullopt;
      return out;
    }
    if (c == '#') {
      const auto end = static_cast<size_t>(std::ranges::find_if_not(name, digit) - name.begin());
      if (end == 0) return std::nullopt;
      out.numbers.push_back(name.substr(0, end));
      name.remove_prefix(end);
    } else if (!name.empty() && name[0] == c) {
      name.remove_prefix(1);
    } else {
      return std::nullopt;
    }
  }
  if (!name.empty()) return std::nullopt;
  return out;
}

std::string filled(std::string_view pattern, const NameMatch& match) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '$') {
      out += match.tail;
    } else if (pattern[i] == '#') {
      out += match.numbers.at(static_cast<size_t>(pattern[++i] - '1'));
    } else {
      out += pattern[i];
    }
  }
  return out;
}

int64_t part(int64_t rows, int index, int parts) { return rows * index / parts; }

// Joined tensors on their way: target -> parts.
using Parts = std::map<std::string, std::vector<Tensor>>;

void join(const Parts& parts, std::map<std::string, Tensor>& out) {
  for (const auto& [name, pieces] : parts) {
    for (const Tensor& piece : pieces) {
      const bool fits = piece.defined() && piece.dim() > 0 && piece.sizes().slice(1) == pieces[0].sizes().slice(1) &&
                        piece.scalar_type() == pieces[0].scalar_type();
      if (!fits) throw UserError("the parts that make " + name + " are missing, or do not fit together");
    }
    out[name] = at::cat(pieces, 0);
  }
}

}  // namespace

const WeightLayout& plain_layout() { return Registry<WeightLayout>::find("plain"); }

std::vector<LayoutTarget> targets_in(const WeightLayout& layout, std::string_view from) {
  std::vector<LayoutTarget> out;
  const std::string* pattern = nullptr;
  for (const LayoutRow& row : layout.rows) {
    if (pattern != nullptr && row.from != *pattern) continue;
    const std::optional<NameMatch> found = match(row.from, from);
    if (!found) continue;
    pattern = &row.from;
    out.push_back({filled(row.to, *found), &row});
  }
  return out;
}

Tensor changed(const Tensor& from, const LayoutRow& row, const std::string& name) {
  switch (row.change) {
    case NameChange::copy:
    case NameChange::join: return from;
    case NameChange::cut: {
      if (from.dim() == 0 || from.size(0) % row.parts != 0)
        throw UserError(name + " has no " + std::to_string(row.parts) + " equal parts");
      const int64_t begin = part(from.size(0), row.begin, row.parts);
      return from.narrow(0, begin, part(from.size(0), row.end, row.parts) - begin);
    }
    case NameChange::flat: return from.reshape({-1});
    case NameChange::column: return from.reshape({-1, 1, 1});
    case NameChange::row: return from.dim() == 1 ? from.reshape({1, 1, -1}) : from.unsqueeze(0);
  }
  throw InternalError("internal error: a change of names that is none");
}

std::map<std::string, Tensor> renamed(const WeightLayout& layout, const std::vector<NamedTensor>& tensors,
                                      const std::set<std::string>& wanted) {
  std::map<std::string, Tensor> out;
  Parts parts;
  for (const auto& [name, tensor] : tensors) {
    for (const LayoutTarget& target : targets_in(layout, name)) {
      if (!wanted.contains(target.name)) continue;
      const Tensor made = changed(tensor, *target.row, name);
      if (target.row->change != NameChange::join) {
        out[target.name] = made;
        continue;
      }
      std::vector<Tensor>& pieces = parts[target.name];
      pieces.resize(static_cast<size_t>(target.row->parts));
      pieces[static_cast<size_t>(target.row->begin)] = made;
    }
  }
  join(parts, out);
  if (layout.finish) layout.finish(out, wanted);
  return out;
}

namespace {

const bool registered = Registry<WeightLayout>::add(
    {.name = "plain", .rows = {{"mask_token", "mask_token"}, {"mask_token", ""}, {"$", "$"}}});

}  // namespace
}  // namespace sslbench
