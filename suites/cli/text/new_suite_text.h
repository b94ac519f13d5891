// SPDX-License-Identifier: Apache-2.0
// The suite file that `sslbench suite new` writes.
#pragma once

#include <string>
#include <vector>

namespace sslbench {

struct NewRow {
  std::string method;
  bool needs_vit = false;
};

struct NewSuite {
  std::string dataset;
  std::vector<std::string> tasks;  // of the dataset: classification, detection, segmentation; none: it has no labels
  int view_size = 0;               // px
  int64_t train_images = 0;        // 0: not known
  std::vector<NewRow> rows;        // beside floor and ceiling
  bool on_gpu = false;
  int jobs = 1, threads = 1;
  int64_t epochs = 0;
  std::string budget;  // as asked for; "" = none
};

// Commented TOML; ends with a line break.
std::string new_suite_text(const NewSuite& suite);

}  // namespace sslbench
