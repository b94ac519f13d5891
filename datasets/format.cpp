// SPDX-License-Identifier: Apache-2.0
#include "datasets/format.h"

#include <algorithm>

#include "datasets/install/unread_files.h"

namespace sslbench {

const FormatEntry& detect_format(const std::filesystem::path& folder, const std::filesystem::path& shown) {
  std::vector<const FormatEntry*> formats;
  for (const auto& [name, entry] : Registry<FormatEntry>::all()) formats.push_back(&entry);
  std::stable_sort(formats.begin(), formats.end(), [](auto* a, auto* b) { return a->rank < b->rank; });
  for (const FormatEntry* format : formats) {
    if (!format->fits(folder)) continue;
    if (!format->labels) refuse_unread_annotations(folder, shown);
    if (format->doubt) format->doubt(folder);
    return *format;
  }
  std::string known;
  for (const FormatEntry* format : formats) known += "\n  " + format->name + ": " + format->layout;
  const std::string seen = unread_content(folder);
  throw UserError("'" + shown.string() + "' has the layout of no known format" +
                  (seen.empty() ? "" : " (" + seen + ")") + "; formats and what they hold:" + known);
}

}  // namespace sslbench
