// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/cifar_records.h"

#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"

namespace sslbench {
namespace fs = std::filesystem;

std::shared_ptr<RecordImages> read_cifar_records(const fs::path& folder, const std::vector<std::string>& names,
                                                 const std::vector<std::string>& classes, CifarLabels labels) {
  constexpr int64_t pixels = int64_t{3} * kCifarSide * kCifarSide;
  const RecordLayout layout{
      .record = labels.bytes + pixels, .pixels = labels.bytes, .side_y = kCifarSide, .side_x = kCifarSide};
  auto out = std::make_shared<RecordImages>(layout, classes);
  for (const std::string& name : names) {
    const fs::path found = find_record_file(folder, name);
    const auto records = std::make_shared<const RecordFile>(found.empty() ? folder / name : found);
    out->add(records, record_labels(*records, 0, layout.record, labels.at, 0, classes.size()));
  }
  return out;
}

std::vector<std::string> read_cifar_classes(const fs::path& folder) {
  const fs::path file = folder / "batches.meta.txt";
  std::vector<std::string> names = read_data_lines(file);
  if (names.size() != 10) throw_bad_data(file, "holds " + std::to_string(names.size()) + " class names instead of 10");
  return names;
}

}  // namespace sslbench
