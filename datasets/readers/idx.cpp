// SPDX-License-Identifier: Apache-2.0
// Format idx, of MNIST and its kin (http://yann.lecun.com/exdb/mnist): a big-endian header (0, 0, type, number of
// dimensions, sizes), then bytes. Images are gray and become three equal channels.
#include <algorithm>

#include "datasets/format.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/record_images.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr int64_t kMostSide = 1 << 14;

// The only file of the folder whose name holds `what` ("train-images"), or "".
fs::path file_of(const fs::path& folder, std::initializer_list<const char*> names) {
  for (const std::string& name : files_in(folder)) {
    for (const char* each : names) {
      if (name.find(each) != std::string::npos) return folder / name;
    }
  }
  return {};
}

fs::path images_of(const fs::path& folder, Split split) {
  return split == Split::train ? file_of(folder, {"train-images"}) : file_of(folder, {"t10k-images", "test-images"});
}
fs::path labels_of(const fs::path& folder, Split split) {
  return split == Split::train ? file_of(folder, {"train-labels"}) : file_of(folder, {"t10k-labels", "test-labels"});
}

// The sizes in the header of a file of bytes with that many dimensions.
std::vector<int64_t> read_sizes(const RecordFile& file, size_t dimensions) {
  uint8_t header[16];
  file.read(0, header, 4 + 4 * dimensions);
  if (header[0] != 0 || header[1] != 0 || header[2] != 0x08 || header[3] != dimensions) {
    throw_bad_data(file.path(), "does not begin with 00 00 08 0" + std::to_string(dimensions) +
                                    ", the mark of IDX bytes of " + std::to_string(dimensions) + " dimensions");
  }
  std::vector<int64_t> out;
  for (size_t d = 0; d < dimensions; ++d) {
    const uint8_t* at = header + 4 + 4 * d;
    out.push_back(int64_t{at[0]} << 24 | int64_t{at[1]} << 16 | int64_t{at[2]} << 8 | int64_t{at[3]});
  }
  return out;
}

void expect_count(const RecordFile& file, int64_t header, int64_t count, int64_t record) {
  if (file.size() == header + count * record) return;
  throw_bad_data(file.path(), "says " + std::to_string(count) + " records of " + std::to_string(record) +
                                  " bytes, which end at byte " + std::to_string(header + count * record) +
                                  "; the file ends at byte " + std::to_string(file.size()));
}

std::shared_ptr<const DataSource> read_split(const fs::path& folder, Split split, std::vector<std::string>& classes) {
  auto images = std::make_shared<const RecordFile>(images_of(folder, split));
  const std::vector<int64_t> sizes = read_sizes(*images, 3);
  if (sizes[1] < 1 || sizes[2] < 1 || sizes[1] > kMostSide || sizes[2] > kMostSide) {
    throw_bad_data(images->path(), "says images of " + std::to_string(sizes[2]) + "x" + std::to_string(sizes[1]));
  }
  expect_count(*images, 16, sizes[0], sizes[1] * sizes[2]);
  const fs::path label_file = labels_of(folder, split);
  if (label_file.empty()) throw_bad_data(images->path(), "has no file of labels beside it");
  const RecordFile labels(label_file);
  expect_count(labels, 8, read_sizes(labels, 1)[0], 1);
  std::vector<int32_t> values = record_labels(labels, 8, 1, 0, 0, classes.empty() ? 256 : classes.size());
  if (classes.empty()) {  // the largest label of the split that is read first says how many there are
    const int32_t most = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
    for (int32_t k = 0; k <= most; ++k) classes.push_back(std::to_string(k));
  }
  auto out = std::make_shared<RecordImages>(RecordLayout{.header = 16,
                                                         .record = sizes[1] * sizes[2],
                                                         .side_y = static_cast<int32_t>(sizes[1]),
                                                         .side_x = static_cast<int32_t>(sizes[2]),
                                                         .order = RecordLayout::Order::gray},
                                            classes);
  out->add(std::move(images), std::move(values));
  return out;
}

FolderContent read_idx(const FormatRequest& request) {
  FolderContent out{.tasks = {"classification"}};
  std::vector<std::string> classes = request.classes;
  for (const Split split : {Split::train, Split::test}) {
    if (images_of(request.folder, split).empty()) continue;
    out.present.insert(split);
    if (request.wants(split)) out.add(split, read_split(request.folder, split, classes));
  }
  if (!out.present.contains(Split::train)) throw_bad_data(request.folder, "has no file *train-images*");
  out.classes = std::move(classes);
  return out;
}

const bool registered = Registry<FormatEntry>::add(
    {.name = "idx",
     .layout = "*train-images*, *train-labels*, *t10k-images* or *test-images*, *-labels* (also .gz), as MNIST",
     .rank = 10,
     .fits = [](const fs::path& folder) { return !images_of(folder, Split::train).empty(); },
     .read = read_idx});

}  // namespace
}  // namespace sslbench
