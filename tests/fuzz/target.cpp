// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/target.h"

#include <unistd.h>

#include <fstream>

#include "datasets/packed/png_writer.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/datasets/pictures/picture_writer.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

fs::path scratch() {
  std::error_code error;
  const fs::path root = fs::is_directory("/dev/shm", error) ? fs::path("/dev/shm") : fs::temp_directory_path();
  return root / ("sslbench-fuzz-" + std::to_string(::getpid()));
}

struct RemoveAtExit {
  ~RemoveAtExit() {
    std::error_code ignored;
    fs::remove_all(scratch(), ignored);
  }
};

std::vector<uint8_t> pixels(int count) {
  std::vector<uint8_t> out;
  for (int i = 0; i < count; ++i) out.push_back(static_cast<uint8_t>(i * 37));
  return out;
}

std::string written(const std::function<void(const fs::path&)>& write) {
  const fs::path file = fresh_folder() / "sample";
  write(file);
  return read_file(file);
}

}  // namespace

bool run_target(const FuzzTarget& target, std::string_view bytes) {
  try {
    target.run(bytes);
    return false;
  } catch (const UserError&) {
    return true;
  } catch (const RunFailure& failure) {
    require(failure.kind() == FailureKind::data, "damaged data must be reported as such");
    return true;
  }
}

fs::path fresh_folder() {
  static const RemoveAtExit remover;
  const fs::path folder = scratch();
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

void write_to(const fs::path& folder, const std::string& name, std::string_view bytes) {
  fs::create_directories((folder / name).parent_path());
  std::ofstream(folder / name, std::ios::binary) << bytes;
}

void read_all(const std::string& format, const fs::path& folder) {
  const FormatEntry& entry = Registry<FormatEntry>::find(format);
  entry.fits(folder);
  const FolderContent content =
      entry.read({folder, Settings("format", entry.options, nlohmann::json::object()), std::nullopt, {}, {}});
  for (const auto& [split, source] : content.sources) {
    for (int64_t i = 0; i < std::min<int64_t>(source->size(), 16); ++i) {
      try {
        source->item(i);
      } catch (const RunFailure&) {
      }
    }
  }
}

std::string sample_jpeg(int height, int width) {
  return written(
      [&](const fs::path& file) { write_jpeg(file, height, width, JCS_RGB, 3, pixels(height * width * 3)); });
}

std::string sample_png(int height, int width) {
  return written(
      [&](const fs::path& file) { write_png(file, height, width, PNG_COLOR_TYPE_RGB, 8, pixels(height * width * 3)); });
}

std::string sample_mask(int height, int width) {
  Mask mask{height, width, pixels(height * width)};
  for (uint8_t& label : mask.labels) label %= 3;
  return gray_png(mask);
}

}  // namespace sslbench
