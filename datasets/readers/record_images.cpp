// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/record_images.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "datasets/install/content_check.h"
#include "datasets/readers/byte_stream.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

}  // namespace

RecordFile::RecordFile(fs::path file) : file_(std::move(file)) {
  if (is_packed(file_)) {
    each_piece(file_, [this](std::string_view piece) { memory_.insert(memory_.end(), piece.begin(), piece.end()); });
    size_ = static_cast<int64_t>(memory_.size());
    return;
  }
  std::error_code error;
  if (!fs::is_regular_file(file_, error)) throw_bad_data(file_, "cannot be read: no such file");
  descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw_bad_data(file_, std::string("cannot be read: ") + std::strerror(errno));
  size_ = ::lseek(descriptor_, 0, SEEK_END);
  check_behind(file_);
}

RecordFile::~RecordFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void RecordFile::read(int64_t offset, uint8_t* out, size_t bytes) const {
  if (offset < 0 || offset + static_cast<int64_t>(bytes) > size_) {
    throw_bad_data(file_, "ends at byte " + std::to_string(size_) + ", bytes up to " +
                              std::to_string(offset + static_cast<int64_t>(bytes)) + " are needed");
  }
  if (descriptor_ < 0) {
    std::copy_n(memory_.begin() + offset, bytes, out);
    return;
  }
  for (size_t done = 0; done < bytes;) {
    const ssize_t got = ::pread(descriptor_, out + done, bytes - done, offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw_bad_data(file_, got == 0 ? "became shorter while it was read" : std::strerror(errno));
    done += static_cast<size_t>(got);
  }
}

fs::path find_record_file(const fs::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz", ".xz"}) {
    std::error_code error;
    const fs::path file = folder / (name + ending);
    if (fs::is_regular_file(file, error)) return file;
  }
  return {};
}

void RecordImages::add(std::shared_ptr<const RecordFile> file, std::vector<int32_t> labels) {
  const int64_t bytes = file->size() - layout_.header;
  if (bytes <= 0 || bytes % layout_.record != 0) {
    throw_bad_data(file->path(), "ends at byte " + std::to_string(file->size()) + " within record " +
                                     std::to_string(std::max<int64_t>(bytes, 0) / layout_.record) + " (a record has " +
                                     std::to_string(layout_.record) + " bytes)");
  }
  const int64_t count = bytes / layout_.record;
  if (!labels.empty() && static_cast<int64_t>(labels.size()) != count) {
    throw_bad_data(file->path(), "holds " + std::to_string(count) + " images, but there are " +
                                     std::to_string(labels.size()) + " labels");
  }
  parts_.push_back({std::move(file), std::move(labels), total_});
  total_ += count;
}

std::pair<const RecordImages::Part&, int64_t> RecordImages::at(int64_t i) const {
  require(i >= 0 && i < total_, "a record out of range");
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), i,
                                      [](int64_t index, const Part& part) { return index < part.first; });
  const Part& part = *std::prev(after);
  return {part, i - part.first};
}

int32_t RecordImages::label(int64_t i) const {
  const auto [part, record] = at(i);
  return part.labels.empty() ? -1 : part.labels[static_cast<size_t>(record)];
}

Item RecordImages::item(int64_t i) const {
  const auto [part, record] = at(i);
  const size_t plane = static_cast<size_t>(layout_.side_y) * static_cast<size_t>(layout_.side_x);
  const bool gray = layout_.order == RecordLayout::Order::gray;
  std::vector<uint8_t> bytes(gray ? plane : 3 * plane);
  part.file->read(layout_.header + record * layout_.record + layout_.pixels, bytes.data(), bytes.size());
  Item out{.image = {layout_.side_y, layout_.side_x, std::vector<uint8_t>(3 * plane)}};
  out.label = label(i);
  const auto height = static_cast<size_t>(layout_.side_y), width = static_cast<size_t>(layout_.side_x);
  for (size_t y = 0; y < height; ++y) {
    for (size_t x = 0; x < width; ++x) {
      const size_t at = layout_.order == RecordLayout::Order::column_planes ? x * height + y : y * width + x;
      for (size_t c = 0; c < 3; ++c) {
        const size_t from = gray ? at : layout_.order == RecordLayout::Order::interleaved ? 3 * at + c : c * plane + at;
        out.image.pixels[3 * (y * width + x) + c] = bytes[from];
      }
    }
  }
  return out;
}

std::vector<int32_t> record_labels(const RecordFile& file, int64_t header, int64_t record, int64_t at, int low,
                                   size_t classes) {
  const int64_t count = std::max<int64_t>(file.size() - header, 0) / record;
  std::vector<int32_t> out;
  for (int64_t i = 0; i < count; ++i) {
    uint8_t value = 0;
    const int64_t place = header + i * record + at;
    file.read(place, &value, 1);
    if (value < low || value >= low + static_cast<int>(classes)) {
      throw_bad_data(file.path(), "record " + std::to_string(i) + " at byte " + std::to_string(place) + " has label " +
                                      std::to_string(value) + "; labels are " + std::to_string(low) + " to " +
                                      std::to_string(low + static_cast<int>(classes) - 1));
    }
    out.push_back(value - low);
  }
  return out;
}

}  // namespace sslbench
