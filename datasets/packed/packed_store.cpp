// SPDX-License-Identifier: Apache-2.0
#include "datasets/packed/packed_store.h"
#include "datasets/install/content_check.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "datasets/format_set.h"
#include "datasets/packed/pack_writer.h"
#include "datasets/packed/png_writer.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

using Splits = std::map<Split, std::shared_ptr<const DataSource>>;

// One split, written example by example.
class SplitWriter {
 public:
  SplitWriter(PackWriter& to, Split split) : to_(to), at_("/" + std::string(split_name(split)) + "/") {
    for (const char* list : {"images", "names", "masks"}) to_.append(at_ + list, nullptr, 0);
  }

  void add(const DataSource& source, int64_t i) {
    const Item item = source.item(i);
    add_image(source.stored_image(i), item.image);
    labels_.push_back(item.label);
    const std::string name = source.name(i);
    to_.append(at_ + "names", reinterpret_cast<const uint8_t*>(name.data()), name.size());
    name_offsets_.push_back(name_offsets_.back() + static_cast<int64_t>(name.size()));
    for (const Box& box : item.boxes) {
      boxes_.insert(boxes_.end(), {box.x0, box.y0, box.x1, box.y1});
      box_labels_.push_back(box.label);
      difficult_.push_back(box.difficult);
    }
    box_offsets_.push_back(static_cast<int64_t>(box_labels_.size()));
    const std::string mask = item.mask.labels.empty() ? "" : gray_png(item.mask);
    to_.append(at_ + "masks", reinterpret_cast<const uint8_t*>(mask.data()), mask.size());
    mask_offsets_.push_back(mask_offsets_.back() + static_cast<int64_t>(mask.size()));
  }

  void finish() {
    to_.all(at_ + "image_offsets", image_offsets_);
    to_.all(at_ + "image_kind", kinds_);
    to_.all(at_ + "height", heights_);
    to_.all(at_ + "width", widths_);
    to_.all(at_ + "labels", labels_);
    to_.all(at_ + "name_offsets", name_offsets_);
    to_.all(at_ + "boxes", boxes_);
    to_.all(at_ + "box_label", box_labels_);
    to_.all(at_ + "box_difficult", difficult_);
    to_.all(at_ + "box_offsets", box_offsets_);
    to_.all(at_ + "mask_offsets", mask_offsets_);
  }

 private:
  void add_image(const StoredImage& stored, const Image& image) {
    const bool pixels = stored.bytes.empty();
    const auto* bytes = pixels ? image.pixels.data() : reinterpret_cast<const uint8_t*>(stored.bytes.data());
    const size_t count = pixels ? image.pixels.size() : stored.bytes.size();
    to_.append(at_ + "images", bytes, count);
    image_offsets_.push_back(image_offsets_.back() + static_cast<int64_t>(count));
    kinds_.push_back(pixels ? 2 : stored.oriented ? 0 : 1);
    heights_.push_back(image.height);
    widths_.push_back(image.width);
  }

  PackWriter& to_;
  std::string at_;
  std::vector<int64_t> image_offsets_{0}, name_offsets_{0}, box_offsets_{0}, mask_offsets_{0};
  std::vector<uint8_t> kinds_, difficult_;
  std::vector<int32_t> heights_, widths_, labels_, box_labels_;
  std::vector<float> boxes_;
};

// Removes what packs of `out` left whose processes are gone.
void sweep(const fs::path& out) {
  const std::string prefix = "." + out.filename().string() + ".";
  const fs::path folder = out.has_parent_path() ? out.parent_path() : fs::path(".");
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(".tmp")) continue;
    int pid = 0;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), pid);
    if (pid > 0 && pid != ::getpid() && ::kill(pid, 0) != 0 && errno == ESRCH) fs::remove(entry.path(), error);
  }
}

// HDF5 1.10 may crash on a full disk, so the room is asked for before.
void require_room(const fs::path& out, const InstalledDataset& set, const Splits& splits) {
  int64_t needed = set.bytes;
  for (const auto& [split, source] : splits) {
    if (source->size() == 0 || !source->stored_image(0).bytes.empty()) continue;
    const Image first = source->item(0).image;  // stored as pixels: all of a size
    needed = std::max(needed, source->size() * static_cast<int64_t>(first.pixels.size()));
  }
  needed += needed / 8 + (int64_t{16} << 20);
  const fs::path folder = out.has_parent_path() ? out.parent_path() : fs::path(".");
  std::error_code error;
  const fs::space_info room = fs::space(folder, error);
  if (!error && static_cast<int64_t>(room.available) < needed) {
    throw RunFailure(FailureKind::storage, "'" + out.string() + "' needs about " + std::to_string(needed) +
                                               " bytes, the disk has " + std::to_string(room.available));
  }
}

std::string about(const DatasetEntry& entry, const InstalledDataset& set, const json& settings) {
  const std::string licence_file = [&] {
    for (const char* name : {"LICENSE", "LICENSE.txt", "LICENCE", "license.txt"}) {
      std::error_code error;
      const auto bytes = fs::file_size(set.folder / name, error);
      if (!error && bytes < (1 << 20)) return read_file(set.folder / name);
    }
    return std::string();
  }();
  return json{{"schema", kPackedSchema},      {"name", entry.name},     {"digest", set.digest},
              {"settings", settings},         {"source", entry.source}, {"licence", entry.licence},
              {"licence_text", licence_file}, {"tasks", entry.tasks},   {"mean", entry.mean},
              {"deviation", entry.deviation}}
      .dump(1, ' ', false, json::error_handler_t::replace);
}

// A set with a reader of its own offers what it opens; a list that joins train and val is taken apart.
Splits opened_splits(const DatasetEntry& entry, json settings, const fs::path& root) {
  for (const Option& option : entry.options) {
    if (option.name == "train_split" && !settings.contains("train_split")) settings["train_split"] = "train";
  }
  Splits out;
  for (const Split split : {Split::train, Split::val, Split::test}) {
    try {
      out[split] = open_dataset(entry.name, settings, split, root);
    } catch (const UserError&) {
      if (split != Split::val) throw;  // a set without one
    }
  }
  return out;
}

}  // namespace

Splits stored_splits(const DatasetEntry& entry, const json& settings, const fs::path& root) {
  if (find_dataset(entry.name, root).digest.empty()) open_dataset(entry.name, settings, Split::train, root);
  if (entry.format.empty()) return opened_splits(entry, settings, root);
  watch_content(find_dataset(entry.name, root));
  const FormatEntry& format = Registry<FormatEntry>::find(entry.format);
  const Settings resolved("dataset '" + entry.name + "'", entry.options, settings);
  return format.read(format_request(entry, format, resolved, root / entry.name)).sources;
}

PackedStore pack_dataset(const std::string& name, const json& settings, const fs::path& root, const fs::path& out,
                         const std::function<void(int64_t, int64_t)>& progress) {
  const DatasetEntry entry = dataset_entry(name, root);
  if (entry.builtin) throw UserError("dataset '" + name + "' is built in; it needs no packed store");
  const Splits splits = stored_splits(entry, settings, root);
  const InstalledDataset set = find_dataset(name, root);
  sweep(out);
  require_room(out, set, splits);
  AtomicFile file(out);
  PackedStore done;
  int64_t total = 0;
  for (const auto& [split, source] : splits) total += source->size();
  {
    PackWriter writer(file.temporary());
    json text = json::parse(about(entry, set, settings));
    text["classes"] = splits.begin()->second->classes();
    const auto& mask_classes = splits.begin()->second->mask_classes();
    text["mask_classes"] =
        mask_classes == splits.begin()->second->classes() ? std::vector<std::string>{} : mask_classes;
    writer.text("/about", text.dump(1));
    for (const auto& [split, source] : splits) {
      SplitWriter to(writer, split);
      for (int64_t i = 0; i < source->size(); ++i) {
        to.add(*source, i);
        if (progress) progress(++done.images, total);
      }
      to.finish();
    }
    writer.close();
  }
  expect_checked_content(/*to_the_end=*/true, set.folder);
  done.images = total;
  done.sha256 = sha256_file(file.temporary());
  file.publish();
  done.bytes = static_cast<int64_t>(fs::file_size(out));
  return done;
}

}  // namespace sslbench
