// SPDX-License-Identifier: Apache-2.0
// Removing, renaming and linking of installed sets.
#include <gmock/gmock.h>

#include "datasets/install/installed.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/datasets/cifar_files.h"
#include "tests/datasets/image_sets.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

class MoveDatasetTest : public testing::Test {
 protected:
  MoveDatasetTest() { write_cifar_folder(folder_, 12, "from/"); }
  InstalledDataset add(const std::string& name, const AddOptions& options = {}) const {
    return add_dataset(name, from_, root_, options);
  }
  template <class Act>
  static std::string refusal(Act act) {
    try {
      act();
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }
  ScratchFolder folder_;
  fs::path from_ = folder_.path() / "from", root_ = folder_.path() / "root";
};

TEST_F(MoveDatasetTest, ARemovedSetIsGoneAndCanBeAddedAgain) {
  const std::string digest = add("cifar10").digest;
  EXPECT_EQ(remove_dataset("cifar10", root_).digest, digest);
  EXPECT_FALSE(fs::exists(root_ / "cifar10"));
  EXPECT_TRUE(find_dataset("cifar10", root_).digest.empty());
  EXPECT_THAT(refusal([&] { remove_dataset("cifar10", root_); }), HasSubstr("is not installed"));
  EXPECT_EQ(add("cifar10").digest, digest);
}

TEST_F(MoveDatasetTest, LinkedFilesStayWhereTheyAreWhateverBecomesOfTheSet) {
  const InstalledDataset copied = add_dataset("cifar10", from_, folder_.path() / "copied");
  const InstalledDataset linked = add("cifar10", {.link = true});
  EXPECT_EQ(linked.digest, copied.digest) << "what it holds is the same";
  EXPECT_TRUE(fs::is_symlink(root_ / "cifar10/test_batch.bin"));
  EXPECT_EQ(open_dataset("cifar10", json::object(), Split::test, root_)->size(), 12);
  check_dataset("cifar10", root_);
  remove_dataset("cifar10", root_);
  EXPECT_TRUE(fs::exists(from_ / "test_batch.bin"));
}

TEST_F(MoveDatasetTest, ALinkedFileThatChangedIsNoticed) {
  add("cifar10", {.link = true});
  std::string bytes = read_file(from_ / "test_batch.bin");
  bytes[100] ^= 1;
  write_atomically(from_ / "test_batch.bin", bytes);
  EXPECT_THAT(refusal([&] { check_dataset("cifar10", root_); }), HasSubstr("test_batch.bin has changed"));
}

TEST_F(MoveDatasetTest, AnArchiveCannotBeLinked) {
  const fs::path file = folder_.write("set.tar", "x");
  EXPECT_THAT(refusal([&] { add_dataset("cifar10", file, root_, {.link = true}); }), HasSubstr("--link"));
}

TEST_F(MoveDatasetTest, OnlyAnOwnSetTakesAnotherNameAndNoneThatIsTaken) {
  add("cifar10");
  EXPECT_THAT(refusal([&] { rename_dataset("cifar10", "mine", root_); }), HasSubstr("is a known set"));
  const fs::path pictures = folder_.path() / "pictures";
  int seed = 0;
  for (const char* place : {"train/a", "train/b", "test/a", "test/b"}) {
    for (int i = 0; i < 3; ++i) {
      write_picture(folder_, "pictures/" + std::string(place) + "/" + std::to_string(i) + ".png", 16, 16, ++seed);
    }
  }
  const InstalledDataset own = add_dataset("own", pictures, root_);
  const InstalledDataset renamed = rename_dataset("own", "summer", root_);
  EXPECT_EQ(renamed.digest, own.digest);
  EXPECT_EQ(own_datasets(root_), std::vector<std::string>{"summer"});
  EXPECT_FALSE(find_dataset("summer", root_).facts_changed);
  EXPECT_EQ(check_dataset("summer", root_).digest, own.digest);
  EXPECT_THAT(refusal([&] { rename_dataset("summer", "cifar10", root_); }), HasSubstr("already"));
  EXPECT_THAT(refusal([&] { rename_dataset("summer", "a/b", root_); }), HasSubstr("name"));
}

}  // namespace
}  // namespace sslbench
