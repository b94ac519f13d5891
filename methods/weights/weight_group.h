// SPDX-License-Identifier: Apache-2.0
// Which tensors of a file are the backbone's. A file may hold several networks (student and teacher, an average), each
// under keys of dictionaries and a prefix of names, beside heads, decoders and the state of an optimizer. One rule for
// all: tensors are grouped by (keys, prefix, layout); the groups that hold most of the backbone's names remain; of them
// the asked branch is taken.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "methods/weights/weight_file.h"
#include "methods/weights/weight_layout.h"

namespace sslbench {

// The network that was trained by gradients, or its moving average (teacher, target, momentum encoder, EMA).
enum class Branch { any, online, momentum };
Branch branch_from_name(const std::string& name);  // "", "online", "momentum"

struct WeightGroup {
  std::vector<std::string> keys;  // of the dictionaries around
  std::string prefix;             // of the names, ends with a dot or is empty
  const WeightLayout* layout = nullptr;
  std::vector<std::pair<size_t, std::string>>
      tensors;                                       // number of the key, name without prefix: what the backbone needs
  std::vector<std::pair<size_t, std::string>> rest;  // those under the prefix that it does not
  size_t covered = 0;                                // names of the backbone

  // "teacher.backbone.": what `prefix` of a row may name; "" when nothing stands before the names.
  std::string place() const;
  Branch branch() const;
};

struct WeightWish {
  Branch branch = Branch::any;
  std::string prefix;  // "" = whatever is found
};

// UserError (without the file's name) when nothing fits, or when several do and the wish does not decide: it names them
// and the setting.
WeightGroup choose_group(const std::vector<WeightKey>& keys, const std::set<std::string>& wanted,
                         const WeightWish& wish);

}  // namespace sslbench
