// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

// One number that others published (reports/published.csv), a fraction.
struct PublishedFigure {
  std::string method, dataset, backbone;
  int64_t epochs = 0, batch_size = 0;  // 0: not told
  std::string protocol, metric;
  double value = 0;
  std::string selection, source, notes;  // selection: which epoch the number is of
};

// Lines of the file; those that begin with '#' are comments, the first other one names the columns. UserError with file
// and line.
std::vector<PublishedFigure> read_published(const std::filesystem::path& file);

}  // namespace sslbench
