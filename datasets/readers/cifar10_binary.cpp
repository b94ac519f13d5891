// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/cifar10_binary.h"

#include "datasets/readers/byte_stream.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/record_images.h"

namespace sslbench {
namespace fs = std::filesystem;

Image cifar_image(const CifarRecord& record) {
  Image image{kCifarSide, kCifarSide, std::vector<uint8_t>(kCifarPixelBytes)};
  constexpr size_t plane = kCifarSide * kCifarSide;
  for (size_t p = 0; p < plane; ++p) {
    for (size_t c = 0; c < 3; ++c) image.pixels[3 * p + c] = record.planes[c * plane + p];
  }
  return image;
}

int64_t read_cifar_batch(const fs::path& folder, const std::string& stem,
                         const std::function<void(const CifarRecord&)>& take) {
  const fs::path found = find_record_file(folder, stem + ".bin");
  const fs::path file = found.empty() ? folder / (stem + ".bin") : found;
  ByteStream stream(file);
  std::array<uint8_t, 1 + kCifarPixelBytes> bytes;
  CifarRecord record;
  int64_t records = 0;
  for (;; ++records) {
    const size_t got = stream.read(bytes.data(), bytes.size());
    const int64_t start = records * static_cast<int64_t>(bytes.size());
    if (got == 0 && records > 0) return records;
    if (got < bytes.size()) {
      throw_bad_data(file, "ends at byte " + std::to_string(start + static_cast<int64_t>(got)) + " within record " +
                               std::to_string(records) + " (a record has 3073 bytes)");
    }
    if (bytes[0] > 9) {
      throw_bad_data(file, "record " + std::to_string(records) + " at byte " + std::to_string(start) + " has label " +
                               std::to_string(bytes[0]) + "; labels are 0 to 9");
    }
    record.label = bytes[0];
    std::copy(bytes.begin() + 1, bytes.end(), record.planes.begin());
    take(record);
  }
}

std::vector<std::string> read_cifar_classes(const fs::path& folder) {
  const fs::path file = folder / "batches.meta.txt";
  std::vector<std::string> names = read_data_lines(file);
  if (names.size() != 10) throw_bad_data(file, "holds " + std::to_string(names.size()) + " class names instead of 10");
  return names;
}

}  // namespace sslbench
