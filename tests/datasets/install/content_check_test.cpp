// SPDX-License-Identifier: Apache-2.0
// What is read of an installed set is what was added, whatever its format.
#include "datasets/install/content_check.h"

#include <gmock/gmock.h>

#include <functional>

#include "datasets/install/file_manifest.h"
#include "datasets/install/installed.h"
#include "datasets/packed/packed_store.h"
#include "suites/files/atomic_file.h"
#include "tests/datasets/cifar_files.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

struct Layout {
  std::string set, format;  // format "": found out
  std::function<void(const ScratchFolder&)> write;
  std::vector<std::string> unread;  // files that nothing is measured with
};

void write_classes(const ScratchFolder& folder) {
  for (const char* split : {"train", "test"}) {
    for (int i = 0; i < 3; ++i) {
      write_picture(folder, std::string("from/") + split + "/cat/" + std::to_string(i) + ".png", 6, 8, i + split[1]);
      write_picture(folder, std::string("from/") + split + "/dog/" + std::to_string(i) + ".jpg", 6, 8,
                    50 + i + split[1]);
    }
  }
}

void write_table(const ScratchFolder& folder) {
  std::string table = "path,label,split\n";
  for (int i = 0; i < 6; ++i) {
    const std::string name = "p" + std::to_string(i) + ".png";
    write_picture(folder, "from/" + name, 6, 8, i);
    table += name + (i % 2 == 0 ? ",cat," : ",dog,") + (i < 4 ? "train" : "test") + "\n";
  }
  folder.write("from/labels.csv", table);
}

void write_voc(const ScratchFolder& folder) {
  for (const std::string id : {"a", "b", "c"}) {
    write_picture(folder, "from/JPEGImages/" + id + ".jpg", 6, 8, id[0]);
    folder.write("from/Annotations/" + id + ".xml",
                 "<annotation><size><width>8</width><height>6</height></size><object><name>ant</name><bndbox><xmin>1"
                 "</xmin><ymin>2</ymin><xmax>4</xmax><ymax>5</ymax></bndbox></object></annotation>");
    std::vector<uint8_t> mask(48, 1);
    mask[0] = 0;
    write_mask(folder, "from/SegmentationClass/" + id + ".png", 6, 8, mask);
  }
  for (const char* kind : {"Main", "Segmentation"}) {
    folder.write(std::string("from/ImageSets/") + kind + "/train.txt", "a\nb\n");
    folder.write(std::string("from/ImageSets/") + kind + "/test.txt", "c\n");
  }
}

void write_coco(const ScratchFolder& folder) {
  int next = 0;
  for (const std::string split : {"train", "val"}) {
    json set = {
        {"categories", {{{"id", 1}, {"name", "cell"}}}}, {"images", json::array()}, {"annotations", json::array()}};
    for (int i = 0; i < 2; ++i, ++next) {
      const std::string name = split + std::to_string(i) + ".jpg";
      write_picture(folder, "from/" + split + "/" + name, 48, 64, next);
      set["images"].push_back({{"id", next}, {"file_name", name}, {"width", 64}, {"height", 48}});
      set["annotations"].push_back({{"id", next + 1},
                                    {"image_id", next},
                                    {"category_id", 1},
                                    {"bbox", {10, 10, 20, 20}},
                                    {"area", 400},
                                    {"iscrowd", 0}});
    }
    folder.write("from/annotations/instances_" + split + ".json", set.dump());
  }
}

void write_yolo(const ScratchFolder& folder) {
  int next = 0;
  for (const std::string split : {"train", "val"}) {
    for (int i = 0; i < 2; ++i, ++next) {
      write_picture(folder, "from/images/" + split + "/" + std::to_string(i) + ".jpg", 48, 64, next);
      folder.write("from/labels/" + split + "/" + std::to_string(i) + ".txt", "0 0.5 0.5 0.25 0.25\n");
    }
  }
  folder.write("from/data.yaml", "train: images/train\nval: images/val\nnames:\n  0: cell\n");
}

void write_masks(const ScratchFolder& folder) {
  for (int i = 0; i < 4; ++i) {
    const std::string name = (i < 3 ? "train/" : "test/") + std::to_string(i) + ".png";
    std::vector<uint8_t> mask(48, 1);
    mask[static_cast<size_t>(i)] = 0;
    write_picture(folder, "from/images/" + name, 6, 8, i);
    write_mask(folder, "from/masks/" + name, 6, 8, mask);
  }
  folder.write("from/classes.txt", "ground\nhouse\n");
}

std::vector<Layout> layouts() {
  return {{"mine", "", write_classes, {}},
          {"mine", "", write_table, {}},
          {"mine", "", write_voc, {"ImageSets/Segmentation/train.txt", "ImageSets/Segmentation/test.txt"}},
          {"mine", "", write_coco, {}},
          {"mine", "", write_yolo, {}},
          {"mine", "", write_masks, {}},
          {"cifar10", "", [](const ScratchFolder& folder) { write_cifar_folder(folder, 12, "from/"); }, {}}};
}

// All that a run can read of a set.
void read_all(const std::string& set, const fs::path& root) {
  for (const Split split : {Split::train, Split::test}) {
    const auto source = open_dataset(set, json::object(), split, root);
    for (int64_t i = 0; i < source->size(); ++i) source->item(i);
  }
  expect_checked_content(/*to_the_end=*/true, root / set);
}

// Changes every file of `root/<set>` in turn, each in a copy of its own.
void expect_every_change_found(const std::string& set, const fs::path& root, const std::vector<std::string>& unread) {
  EXPECT_NO_THROW(read_all(set, root)) << set << ": as it was added";
  int copies = 0;
  for (const auto& [name, bytes] : file_sizes(root / set)) {
    if (std::ranges::find(unread, name) != unread.end()) continue;
    const fs::path copy = root.string() + "-" + std::to_string(copies++), file = copy / set / name;
    fs::copy(root, copy, fs::copy_options::recursive);
    std::string content = read_file(file);
    ASSERT_FALSE(content.empty());
    content.back() = static_cast<char>(content.back() ^ 1);
    write_atomically(file, content);
    EXPECT_THAT(data_failure([&] { read_all(set, copy); }), HasSubstr(name + " has changed since")) << set;
  }
  EXPECT_GT(copies, 0);
}

TEST(ContentCheckTest, AByteThatChangedInPlaceIsFoundInEveryFormat) {
  for (const Layout& layout : layouts()) {
    const ScratchFolder folder;
    layout.write(folder);
    const fs::path root = folder.path() / "root";
    const InstalledDataset set = add_dataset(layout.set, folder.path() / "from", root, {.format = layout.format});
    SCOPED_TRACE(set.format);
    expect_every_change_found(layout.set, root, layout.unread);
  }
}

// Another store of the same size, whose own checksums are right.
TEST(ContentCheckTest, AChangedPackedStoreIsFound) {
  const ScratchFolder folder, other;
  std::vector<fs::path> stores;
  for (const ScratchFolder* each : {&folder, &other}) {
    write_cifar_folder(*each, 12, "from/");
    if (each == &other) each->write("from/data_batch_2.bin", cifar_bytes({1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1}));
    add_dataset("cifar10", each->path() / "from", each->path() / "root");
    stores.push_back(each->path() / "store.h5");
    pack_dataset("cifar10", json::object(), each->path() / "root", stores.back());
  }
  const fs::path root = folder.path() / "root";
  ASSERT_EQ(fs::file_size(stores[0]), fs::file_size(stores[1]));
  add_dataset("packed", stores[0], root, {.accept_copies = true});
  EXPECT_NO_THROW(read_all("packed", root));
  fs::rename(root, folder.path() / "copy");  // so that nothing is known of it yet
  write_atomically(folder.path() / "copy/packed/store.h5", read_file(stores[1]));
  EXPECT_THAT(data_failure([&] { read_all("packed", folder.path() / "copy"); }),
              HasSubstr("store.h5 has changed since"));
}

TEST(ContentCheckTest, AChangedSetIsNotPacked) {
  for (const bool records : {false, true}) {
    const ScratchFolder folder;
    records ? write_cifar_folder(folder, 12, "from/") : write_classes(folder);
    const fs::path root = folder.path() / "root", store = folder.path() / "store.h5";
    const std::string set = records ? "cifar10" : "mine";
    add_dataset(set, folder.path() / "from", root);
    const fs::path file = root / set / (records ? "data_batch_2.bin" : "train/dog/1.jpg");
    std::string content = read_file(file);
    content.back() = static_cast<char>(content.back() ^ 1);
    write_atomically(file, content);
    EXPECT_THAT(data_failure([&] { pack_dataset(set, json::object(), root, store); }), HasSubstr("has changed since"));
    EXPECT_FALSE(fs::exists(store));
  }
}

TEST(ContentCheckTest, APictureOfTheSameSizeInAnothersPlaceIsFound) {
  const ScratchFolder folder;
  write_classes(folder);
  const fs::path root = folder.path() / "root", cats = root / "mine/train/cat";
  add_dataset("mine", folder.path() / "from", root);
  const std::string first = read_file(cats / "0.png"), second = read_file(cats / "1.png");
  write_atomically(cats / "0.png", second);
  write_atomically(cats / "1.png", first);
  EXPECT_THAT(data_failure([&] { read_all("mine", root); }), HasSubstr("cat/0.png has changed since"));
}

TEST(ContentCheckTest, AnEditedListOfFilesIsFound) {
  const ScratchFolder folder;
  write_classes(folder);
  const fs::path root = folder.path() / "root";
  add_dataset("mine", folder.path() / "from", root);
  std::string list = read_file(root / "mine" / kManifestName);
  list[0] = list[0] == '0' ? '1' : '0';
  write_atomically(root / "mine" / kManifestName, list);
  EXPECT_THAT(data_failure([&] { read_all("mine", root); }), HasSubstr(std::string(kManifestName) + " has changed"));
}

TEST(ContentCheckTest, AMendedSetIsReadAgain) {
  const ScratchFolder folder;
  write_cifar_folder(folder, 12, "from/");
  const fs::path root = folder.path() / "root", file = root / "cifar10/data_batch_2.bin";
  add_dataset("cifar10", folder.path() / "from", root);
  const std::string whole = read_file(file);
  std::string changed = whole;
  changed[100] = static_cast<char>(changed[100] ^ 1);
  write_atomically(file, changed);
  EXPECT_THAT(data_failure([&] { read_all("cifar10", root); }), HasSubstr("data_batch_2.bin has changed since"));
  write_atomically(file, whole);
  EXPECT_NO_THROW(read_all("cifar10", root));
}

}  // namespace
}  // namespace sslbench
