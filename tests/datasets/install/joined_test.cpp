// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/joined.h"

#include <gmock/gmock.h>

#include <set>

#include "datasets/install/installed.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JoinedTest : public testing::Test {
 protected:
  void SetUp() override {
    add("pets", {"cat", "dog"}, 0);
    add("zoo", {"ape", "cat"}, 100);
    for (int i = 0; i < 12; ++i) write_picture(folder_, "more/p" + std::to_string(i) + ".jpg", 9, 7, 200 + i);
    add_dataset("more", folder_.path() / "more", root_, {.format = "pictures"});
  }
  void add(const std::string& name, const std::vector<std::string>& classes, int seed) {
    for (const std::string& each : classes) {
      for (int i = 0; i < 12; ++i) {
        write_picture(folder_, name + "/" + each + "/" + std::to_string(i) + ".png", 8, 6 + i % 3, seed++);
      }
    }
    add_dataset(name, folder_.path() / name, root_);
  }
  std::unique_ptr<DataSource> open(const std::string& name, Split split = Split::train) {
    return open_dataset(name, json::object(), split, root_);
  }
  ScratchFolder folder_;
  fs::path root_ = folder_.path() / "root";
};

TEST_F(JoinedTest, HoldsEveryExampleOfEveryPartUnderANameOfItsOwn) {
  const auto pets = open("pets"), zoo = open("zoo"), both = open("pets+zoo");
  ASSERT_EQ(both->size(), pets->size() + zoo->size());
  std::set<std::string> names;
  for (int64_t i = 0; i < both->size(); ++i) {
    const bool first = i < pets->size();
    const DataSource& part = first ? *pets : *zoo;
    const int64_t k = first ? i : i - pets->size();
    EXPECT_EQ(both->item(i).image.pixels, part.item(k).image.pixels);
    EXPECT_EQ(both->stored_image(i).bytes, part.stored_image(k).bytes);
    EXPECT_EQ(both->file(i), part.file(k));
    EXPECT_EQ(both->name(i), std::string(first ? "pets/" : "zoo/") + part.name(k));
    names.insert(both->name(i));
  }
  EXPECT_EQ(static_cast<int64_t>(names.size()), both->size());
  EXPECT_EQ(open("pets+zoo", Split::test)->size(),
            open("pets", Split::test)->size() + open("zoo", Split::test)->size());
}

TEST_F(JoinedTest, ClassesOfOneNameAreOneClass) {
  const auto both = open("pets+zoo"), zoo = open("zoo");
  EXPECT_THAT(both->classes(), ElementsAre("cat", "dog", "ape"));
  for (int64_t i = 0; i < both->size(); ++i) {
    const std::string said = both->classes()[static_cast<size_t>(both->label(i))];
    EXPECT_THAT(both->name(i), HasSubstr("/" + said + "/"));
    EXPECT_EQ(both->item(i).label, both->label(i));
  }
  EXPECT_THAT(dataset_entry("pets+zoo", root_).tasks, ElementsAre("classification"));
}

TEST_F(JoinedTest, WithASetWithoutLabelsNoneIsLeft) {
  const auto both = open("pets+more");
  EXPECT_THAT(both->classes(), IsEmpty());
  for (int64_t i = 0; i < both->size(); ++i) EXPECT_EQ(both->item(i).label, -1);
  EXPECT_THAT(dataset_entry("pets+more", root_).tasks, IsEmpty());
}

TEST_F(JoinedTest, DigestDependsOnEveryPartAndTheirOrder) {
  const std::string digest = dataset_digest("pets+zoo", json::object(), root_);
  EXPECT_EQ(digest.size(), 64u);
  EXPECT_EQ(find_dataset("pets+zoo", root_).digest, digest);
  EXPECT_NE(digest, dataset_digest("zoo+pets", json::object(), root_));
  EXPECT_NE(digest, dataset_digest("pets+more", json::object(), root_));
  EXPECT_EQ(dataset_digest("pets+cifar10", json::object(), root_), "");  // which is not installed
}

TEST_F(JoinedTest, ColoursAreThoseOfAllPicturesWhenPartsAreOfOneSize) {
  const DatasetEntry pets = dataset_entry("pets", root_), zoo = dataset_entry("zoo", root_),
                     both = dataset_entry("pets+zoo", root_);
  for (size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(both.mean[c], (pets.mean[c] + zoo.mean[c]) / 2, 1e-6);
    const double square = (std::pow(pets.deviation[c], 2) + std::pow(pets.mean[c], 2) + std::pow(zoo.deviation[c], 2) +
                           std::pow(zoo.mean[c], 2)) /
                          2;
    EXPECT_NEAR(std::pow(both.deviation[c], 2) + std::pow(both.mean[c], 2), square, 1e-6);
  }
}

TEST_F(JoinedTest, APartThatIsNotThereIsNamed) {
  EXPECT_THAT(user_error([&] { open("pets+cifar10"); }), HasSubstr("sslbench data add cifar10 PATH"));
  EXPECT_THAT(user_error([&] { open("pets+zooo"); }), HasSubstr("did you mean 'zoo'"));
}

}  // namespace
}  // namespace sslbench
