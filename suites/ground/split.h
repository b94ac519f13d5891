// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sslbench {

// Part of a data set.
enum class Split { train, val, test };

constexpr std::string_view split_name(Split split) {
  switch (split) {
    case Split::train: return "train";
    case Split::val: return "val";
    case Split::test: break;
  }
  return "test";
}

}  // namespace sslbench
