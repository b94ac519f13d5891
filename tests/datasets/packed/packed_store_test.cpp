// SPDX-License-Identifier: Apache-2.0
#include "datasets/packed/packed_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "suites/files/atomic_file.h"
#include "tests/datasets/cifar_files.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using nlohmann::json;
using testing::HasSubstr;

class PackedStoreTest : public testing::Test {
 protected:
  void write_voc() {
    for (const std::string id : {"a", "b", "c"}) {
      write_picture(folder_, "from/JPEGImages/" + id + ".jpg", 6, 8, id[0]);
      folder_.write("from/Annotations/" + id + ".xml",
                    "<annotation><size><width>8</width><height>6</height></size><object><name>ant</name><difficult>1"
                    "</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>4.5</xmax><ymax>5</ymax></bndbox></object>"
                    "<object><name>ant</name><bndbox><xmin>2</xmin><ymin>2</ymin><xmax>6</xmax><ymax>5</ymax></bndbox>"
                    "</object></annotation>");
      std::vector<uint8_t> mask(48, id == "b" ? 255 : 1);
      mask[0] = 0;
      write_mask(folder_, "from/SegmentationClass/" + id + ".png", 6, 8, mask);
    }
    folder_.write("from/ImageSets/Main/train.txt", "a\nb\n");
    folder_.write("from/ImageSets/Main/test.txt", "c\n");
    folder_.write("from/LICENSE", "as you like");
    add_dataset("ants", from_, root_);
  }
  void expect_equal(const std::string& name, const std::string& packed) {
    for (const Split split : {Split::train, Split::test}) {
      const auto a = open_dataset(name, json::object(), split, root_);
      const auto b = open_dataset(packed, json::object(), split, root_);
      ASSERT_EQ(a->size(), b->size());
      EXPECT_EQ(a->classes(), b->classes());
      EXPECT_EQ(a->mask_classes(), b->mask_classes());
      for (int64_t i = 0; i < a->size(); ++i) {
        EXPECT_TRUE(same_item(a->item(i), b->item(i))) << split_name(split) << " " << i;
        EXPECT_EQ(a->name(i), b->name(i));
      }
    }
  }
  ScratchFolder folder_;
  fs::path from_ = folder_.path() / "from", root_ = folder_.path() / "root", out_ = folder_.path() / "s.h5";
};

TEST_F(PackedStoreTest, FilesBoxesAndMasksComeBackEqual) {
  write_voc();
  const PackedStore packed = pack_dataset("ants", json::object(), root_, out_);
  EXPECT_EQ(packed.images, 3);
  const InstalledDataset set = add_dataset("packed-ants", out_, root_);
  EXPECT_EQ(set.format, "packed");
  expect_equal("ants", "packed-ants");
  EXPECT_EQ(dataset_entry("packed-ants", root_).mean, dataset_entry("ants", root_).mean);
  const fs::path again = folder_.path() / "again.h5";
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // HDF5 counts seconds
  EXPECT_EQ(pack_dataset("ants", json::object(), root_, again).sha256, packed.sha256)
      << "equal content, equal bytes, whenever";
  pack_dataset("packed-ants", json::object(), root_, again);
  add_dataset("ants-3", again, root_);
  expect_equal("ants", "ants-3");
}

TEST_F(PackedStoreTest, PlainPixelsComeBackEqual) {
  write_cifar_folder(folder_, 12, "from/");
  add_dataset("cifar10", from_, root_);
  pack_dataset("cifar10", json::object(), root_, out_);
  add_dataset("packed", out_, root_, {.format = "packed", .accept_copies = true});
  expect_equal("cifar10", "packed");
  EXPECT_THAT(user_error([&] { add_dataset("cifar10", out_, root_); }), HasSubstr("under another name"));
}

TEST_F(PackedStoreTest, H5pyReadsIt) {
  write_voc();
  pack_dataset("ants", json::object(), root_, out_);
  const std::string script =
      "import h5py, json, sys; f = h5py.File(sys.argv[1]); o = f['train/image_offsets'];"
      "a = json.loads(bytes(f['about'][:])); assert a['classes'] == ['ant'] and a['licence_text'] == 'as you like', a;"
      "b = bytes(f['train/images'][o[1]:o[2]]); assert b[:2] == b'\\xff\\xd8';"
      "assert f['train/images'].fletcher32 and list(f['test/labels']) == [-1];"
      "assert f['train/boxes'].shape == (16,)";
  const std::string command = "/usr/bin/python3 -c \"" + script + "\" " + out_.string();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST_F(PackedStoreTest, DamagedStoresAreRefusedNeverCrash) {
  write_voc();
  pack_dataset("ants", json::object(), root_, out_);
  const std::string whole = read_file(out_);
  int accepted = 0;
  for (size_t k = 0; k < 40; ++k) {
    std::string bytes = whole;
    const size_t at = k * 7919 % bytes.size();
    if (k % 2 == 0) {
      bytes.resize(at);
    } else {
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << k % 8));
    }
    folder_.write("bad.h5", bytes);
    try {
      add_dataset("bad" + std::to_string(k), folder_.path() / "bad.h5", root_);
      ++accepted;  // the bit lay in space that nothing uses, or in a JPEG
    } catch (const UserError&) {
    }
  }
  EXPECT_LT(accepted, 20);
}

TEST_F(PackedStoreTest, AKillAtAnyMomentLeavesNothingOrAWholeStore) {
  write_cifar_folder(folder_, 100, "from/");
  add_dataset("cifar10", from_, root_);
  for (int k = 0; k < 12; ++k) {
    const pid_t child = ::fork();
    if (child == 0) {
      int64_t calls = 0;
      pack_dataset("cifar10", json::object(), root_, out_, [&](int64_t, int64_t) {
        if (++calls == 55 * k + 1) ::raise(SIGKILL);
      });
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const bool killed = WIFSIGNALED(status);
    EXPECT_EQ(fs::exists(out_), !killed);
    if (!killed) fs::remove(out_);
  }
  const PackedStore packed = pack_dataset("cifar10", json::object(), root_, out_);
  EXPECT_EQ(packed.images, 600);
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path())) files += entry.path().string().ends_with(".tmp");
  EXPECT_EQ(files, 0) << "what killed packs left is swept";
}

TEST_F(PackedStoreTest, MistakesSayWhatToDo) {
  EXPECT_THAT(user_error([&] { pack_dataset("shapes", json::object(), root_, out_); }), HasSubstr("is built in"));
  EXPECT_THAT(user_error([&] { pack_dataset("bccd", json::object(), root_, out_); }),
              HasSubstr("sslbench data add bccd"));
}

}  // namespace
}  // namespace sslbench
