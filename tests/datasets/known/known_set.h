// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/datasets/image_sets.h"

namespace sslbench {

// As a known set of the catalog opens its folder, which detection takes for that, too.
inline FolderContent read_known(const std::string& set, const std::filesystem::path& folder,
                                const nlohmann::json& settings = nlohmann::json::object()) {
  const DatasetEntry& entry = Registry<DatasetEntry>::find(set);
  const FormatEntry& format = Registry<FormatEntry>::find(entry.format);
  EXPECT_EQ(detect_format(folder, folder).name, format.name);
  return format.read(
      {folder, Settings("format", format.options, settings), std::nullopt, entry.classes, entry.mask_classes});
}

// "PICTURE = CLASS" of a split, in its order.
inline std::vector<std::string> listed(const FolderContent& content, Split split) {
  std::vector<std::string> out;
  const DataSource& source = *content.sources.at(split);
  for (int64_t i = 0; i < source.size(); ++i) {
    out.push_back(source.name(i) + " = " + source.classes()[static_cast<size_t>(source.label(i))]);
  }
  return out;
}

}  // namespace sslbench
