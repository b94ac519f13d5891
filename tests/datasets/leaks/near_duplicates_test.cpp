// SPDX-License-Identifier: Apache-2.0
#include "datasets/leaks/near_duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "datasets/install/installed.h"
#include "tests/datasets/leaks/altered_copies.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::Each;
using testing::Field;
using testing::Ge;
using testing::Le;

ImageSet altered_set(const std::shared_ptr<const DataSource>& source, int64_t count, int64_t step,
                     std::vector<Alteration> ways) {
  return ImageSet(std::make_unique<AlteredCopies>(source, count, step, std::move(ways)));
}

// CIFAR-10 as published; not run without it.
class NearDuplicatesTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("SSLBENCH_TEST_DATA");
    if (data == nullptr) GTEST_SKIP() << "SSLBENCH_TEST_DATA is not set: not run";
    add_dataset("cifar10", std::filesystem::path(data) / "cifar-10-batches-bin", folder_.path());
    train_ = open(Split::train, {{"train_images", kTrain}});
    test_ = open(Split::test, {{"test_images", kTest}});
  }
  std::shared_ptr<const DataSource> open(Split split, const nlohmann::json& settings) {
    return open_dataset("cifar10", settings, split, folder_.path());
  }

  static constexpr int64_t kTrain = 6000, kTest = 3000, kPlanted = 1000;
  ScratchFolder folder_;
  std::shared_ptr<const DataSource> train_, test_;
};

TEST_F(NearDuplicatesTest, FindsPlantedCopiesAndNothingAmongOtherPictures) {
  const ImageSet train = altered_set(train_, kTrain, 1, {Alteration::none});
  constexpr int64_t kStep = kTrain / kPlanted;
  const ImageSet copies = altered_set(
      train_, kPlanted, kStep,
      {Alteration::mirrored, Alteration::cropped, Alteration::jpeg_50, Alteration::recoloured, Alteration::grey});
  const auto found = near_duplicates(train, copies, {.threads = 2});
  int64_t right = 0;
  for (const NearDuplicate& pair : found) right += pair.train == pair.test * kStep;
  EXPECT_GE(right, kPlanted * 95 / 100);  // the rest is near duplicates of the copied pictures
  EXPECT_THAT(found, Each(Field(&NearDuplicate::similarity, testing::AllOf(Ge(0.8), Le(1.0001)))));

  const ImageSet others = altered_set(test_, kTest, 1, {Alteration::turned});
  EXPECT_LE(near_duplicates(train, others, {.threads = 2}).size(), static_cast<size_t>(kTest / 1000));
}

TEST_F(NearDuplicatesTest, AreTheSameWhateverTheThreads) {
  const ImageSet train = altered_set(train_, 1500, 1, {Alteration::none}),
                 copies = altered_set(train_, 300, 5, {Alteration::cropped, Alteration::recoloured});
  const auto of = [&](int threads) {
    std::vector<std::tuple<int64_t, int64_t, double>> out;
    for (const NearDuplicate& pair : near_duplicates(train, copies, {.threads = threads})) {
      out.emplace_back(pair.test, pair.train, pair.similarity);
    }
    return out;
  };
  EXPECT_EQ(of(1), of(3));
}

TEST_F(NearDuplicatesTest, AreFoundWhenTheTrainingImageIsTheCropAndOfAnotherSize) {
  const ImageSet train = altered_set(train_, 200, 1, {Alteration::cropped}),
                 whole = altered_set(train_, 200, 1, {Alteration::none});
  EXPECT_GE(near_duplicates(train, whole, {}).size(), 190u);
}

class FailingSource final : public DataSource {
 public:
  int64_t size() const override { return 40; }
  Item item(int64_t i) const override {
    if (i == 7) throw RunFailure(FailureKind::data, "picture 7 is cut off");
    return {.image = {8, 8, std::vector<uint8_t>(192, 90)}};
  }
  const std::vector<std::string>& classes() const override { return none_; }

 private:
  std::vector<std::string> none_;
};

TEST(NearDuplicatesOfBrokenSetsTest, EndWithWhatIsWrong) {
  const ImageSet broken(std::make_unique<FailingSource>(), {.budget = 0});
  EXPECT_THROW(near_duplicates(broken, broken, {.threads = 2}), RunFailure);
}

TEST(NearDuplicatesOfAlikeSetsTest, AreAllOfThem) {
  class Alike final : public DataSource {
   public:
    int64_t size() const override { return 5; }
    Item item(int64_t) const override { return {.image = {8, 8, std::vector<uint8_t>(192, 90)}}; }
    const std::vector<std::string>& classes() const override { return none_; }

   private:
    std::vector<std::string> none_;
  };
  const ImageSet grey(std::make_unique<Alike>());
  EXPECT_NO_THROW(near_duplicates(grey, grey, {}));
}

}  // namespace
}  // namespace sslbench
