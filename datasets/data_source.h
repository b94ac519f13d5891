// SPDX-License-Identifier: Apache-2.0
// DataSource: images by number. A new dataset is one file that registers a DatasetEntry on its last line.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/image.h"
#include "suites/ground/registry.h"
#include "suites/ground/settings.h"
#include "suites/ground/split.h"

namespace sslbench {

// One example. Parts that the dataset lacks are empty (label -1).
struct Item {
  Image image;
  int32_t label = -1;
  std::vector<Box> boxes;
  Mask mask;
};

// The file that an image was decoded from, byte for byte; no bytes where a set stores plain pixels.
struct StoredImage {
  std::string bytes;
  bool oriented = true;  // decoded with its EXIF orientation applied
};

// One split of a dataset. Its functions may be called from several threads at once.
class DataSource {
 public:
  virtual ~DataSource() = default;
  virtual int64_t size() const = 0;
  // Returns example i, 0 <= i < size(). A file that turns out corrupt is a RunFailure(data) naming file and place.
  virtual Item item(int64_t i) const = 0;
  // The class of example i (-1: none), where the source can tell without decoding it.
  virtual int32_t label(int64_t i) const { return item(i).label; }
  // Class names of labels and boxes.
  virtual const std::vector<std::string>& classes() const = 0;
  // Class names of mask ids, where they differ from those of labels and boxes ("background" first).
  virtual const std::vector<std::string>& mask_classes() const { return classes(); }
  // What example i is called: its path below the set's folder, or its number. Different for every example.
  virtual std::string name(int64_t i) const { return std::to_string(i); }
  virtual StoredImage stored_image(int64_t) const { return {}; }
  // Label and boxes of example i without decoding its picture, which stored_image() has and whose header says height x
  // width: an item without pixels and mask. None where only item() can tell, or would refuse.
  virtual std::optional<Item> annotation(int64_t, [[maybe_unused]] int32_t height,
                                         [[maybe_unused]] int32_t width) const {
    return {};
  }
  // The image file of example i, when the example stands and falls with it; "" for a record among others in a file.
  virtual std::filesystem::path file(int64_t) const { return {}; }
  // All files that example i alone is made of: its picture, its mask.
  virtual std::vector<std::filesystem::path> files(int64_t i) const {
    const std::filesystem::path picture = file(i);
    return picture.empty() ? std::vector<std::filesystem::path>{} : std::vector{picture};
  }
  // Whether example i is one of those for a task of the set ("segmentation" needs its mask).
  virtual bool serves(int64_t /*i*/, std::string_view /*task*/) const { return true; }
};

struct OpenRequest {
  Split split = Split::train;
  std::filesystem::path folder;  // data_root/<name>; unused by built-in sets
};

// What `data add` found in a folder; `faults` are survived and counted ("2 zero-area boxes").
struct Inspection {
  std::vector<std::string> findings;  // one line each: splits, counts, classes, sizes
  std::vector<std::string> faults;
};

// A file that `data get` fetches.
struct Download {
  std::string url, file, sha256;  // file: the name that the reader expects, or an archive
  int64_t bytes = 0;              // the file's; more are not taken from a server
};

struct DatasetEntry {
  static constexpr const char* kind() { return "dataset"; }
  std::string name;
  std::string summary;             // one line
  std::string source, licence;     // where to get it
  std::vector<std::string> tasks;  // subset of classification, detection, segmentation
  bool builtin = false;            // rendered, needs no files
  int64_t version = 1;             // of the code that makes the items; part of the digest of a built-in set
  int image_size = 0;              // longest side in px
  std::vector<std::string> classes;
  std::array<float, 3> mean{}, deviation{};  // RGB in [0, 1], for normalisation
  std::vector<Option> options;
  std::string format;                     // registered format that reads it; "" = a reader of its own
  std::map<Split, int64_t> expected;      // images of the official set, checked by `data add`; empty: any number
  std::vector<Download> downloads;        // official addresses
  std::vector<std::string> mask_classes;  // where they differ from `classes`
  // Opens one split. Splits that the set does not have are made by hash from train (val) or refused (UserError).
  std::function<std::unique_ptr<DataSource>(const Settings&, const OpenRequest&)> open;
  // Checks a folder completely (every record, image, annotation); throws UserError naming file and place. Null: built
  // in.
  std::function<Inspection(const std::filesystem::path& folder)> inspect;
};

// What the catalog says of a dataset: tasks, builtin, image_size, classes, source, licence.
nlohmann::json dataset_facts(const DatasetEntry& entry);

}  // namespace sslbench
