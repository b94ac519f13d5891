// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_images.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "suites/files/file_in_place.h"
#include "suites/tensors/aten.h"
#include "suites/training/train_settings.h"
#include "suites/worker/log/log.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

void append_skip(const fs::path& file, int64_t example, std::string reason) {
  log_info("image " + std::to_string(example) + " is left out: " + reason);
  if (file.empty()) return;
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  append_in_place(file, std::to_string(example) + '\t' + reason + '\n');
}

}  // namespace

// A line that a kill cut short names no image: that one is found again, and its later, whole line counts.
std::map<int64_t, std::string> read_skip_log(const fs::path& file) {
  std::map<int64_t, std::string> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line) && !in.eof();) {
    int64_t example = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), example);
    if (error != std::errc() || end == line.data() + line.size() || *end != '\t') continue;
    out.insert_or_assign(example, line.substr(static_cast<size_t>(end - line.data()) + 1));
  }
  return out;
}

ImageSets run_images(const RunSpec& spec, const fs::path& skip_log) {
  ImageSetPolicy policy = image_policy(Settings("pretrain", pretrain_options(), spec.pretrain));
  if (policy.on_corrupt == OnCorrupt::skip) policy.known_corrupt = read_skip_log(skip_log);
  policy.on_skip = [skip_log](int64_t example, const std::string& reason) { append_skip(skip_log, example, reason); };
  ImageSets out(spec.data_root, policy.budget);
  out.set_policy(spec.dataset, Split::train, std::move(policy));
  return out;
}

}  // namespace sslbench
