// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "suites/protocols/parts/nearest_votes.h"
#include "suites/tensors/unit_rows.h"
#include "tests/suites/protocols/made_up_features.h"

namespace sslbench {
namespace {

using at::Tensor;
using nlohmann::json;

// Labels of the training images; the test set must not be asked for.
FeatureCache::Extract train_alone(const FeatureCache::Extract& all) {
  return [all](const DatasetSpec& set, Split split) {
    EXPECT_EQ(split, Split::train) << "reads test images";
    return all(set, split);
  };
}

TEST(KnnTest, LeaveOneOutReadsNoTestImageAndLetsNobodyVoteForItself) {
  const MadeUpStage stage{.extract = train_alone(corners(0.1)), .settings = {{"leave_one_out", true}, {"k", 5}}};
  const StageRecord record = measured_on("knn", stage);
  EXPECT_GT(value_of(record, "top1", "val"), 0.95);
  for (const Measurement& m : record.measurements) EXPECT_NE(m.split, "test") << m.metric;
  // With random labels an image that voted for itself would be right with k = 1.
  const MadeUpStage chance{.extract = train_alone(corners(0.1, /*shuffled=*/true)),
                           .settings = {{"leave_one_out", true}, {"k", 1}}};
  EXPECT_LT(value_of(measured_on("knn", chance), "top1", "val"), 0.25);
}

TEST(KnnTest, OthersAreTheNearestWithoutTheRowItself) {
  at::Generator generator = at::detail::createCPUGenerator(4);
  const Tensor bank_ND = unit_rows(at::randn({30, 6}, generator)), labels_N = at::arange(30, at::kLong).remainder(3);
  const NearestVotes votes = nearest_votes_of_others(bank_ND, labels_N, 7, 3, 0.1);
  Tensor cosine_NN = bank_ND.mm(bank_ND.t());
  cosine_NN.fill_diagonal_(-2);
  EXPECT_TRUE(votes.neighbour_MK.equal(std::get<1>(at::topk(cosine_NN, 7))));
}

TEST(KnnTest, OfEqualRowsEveryOneIsLeftOutOnce) {
  const NearestVotes votes = nearest_votes_of_others(at::ones({6, 2}), at::arange(6, at::kLong), 3, 6, 1);
  for (int64_t i = 0; i < 6; ++i) EXPECT_FALSE(votes.neighbour_MK[i].eq(i).any().item<bool>()) << i;
}

// Class 0 lies straight ahead of every query, the others half away and far out.
TEST(KnnTest, WithoutNormalisationLengthsVote) {
  const auto extract = [](const DatasetSpec&, Split split) {
    const Tensor labels_N = even_labels(split), ahead_2 = at::tensor(std::vector<float>{1, 0});
    if (split == Split::test)
      return Features{ahead_2.expand({kTestMadeUp, 2}).contiguous(), at::zeros_like(labels_N), 1};
    const Tensor away_2 = at::tensor(std::vector<float>{50, 50});
    return Features{at::where(labels_N.eq(0).unsqueeze(1), ahead_2, away_2), labels_N, 1};
  };
  const auto top1 = [&](bool normalise) {
    const json settings = {{"normalise", normalise}, {"k", 1}};
    return value_of(measured_on("knn", {.extract = extract, .settings = settings}), "top1");
  };
  EXPECT_EQ(top1(true), 1);
  EXPECT_EQ(top1(false), 0);
}

TEST(ProtocolPresetsTest, AreSettingsThatTheProtocolTakesAndSayWhereTheyComeFrom) {
  for (const auto& [name, entry] : Registry<ProtocolEntry>::all()) {
    for (const ProtocolPreset& preset : entry.presets) {
      EXPECT_NO_THROW(entry.make(Settings(name, entry.options, preset.values))) << name << " " << preset.name;
      EXPECT_FALSE(preset.source.empty()) << name << " " << preset.name;
      EXPECT_EQ(preset.source.find('\n'), std::string::npos) << name << " " << preset.name;
    }
  }
}

}  // namespace
}  // namespace sslbench
