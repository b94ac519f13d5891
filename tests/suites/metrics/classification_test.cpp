// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/classification.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "suites/ground/error.h"
#include "tests/golden/golden_file.h"

namespace sslbench {
namespace {

using Ids = std::vector<int64_t>;

std::string golden(const std::string& name) { return SSLBENCH_SOURCE_DIR "/tests/golden/metrics/" + name; }

class TopkGolden : public testing::TestWithParam<const char*> {};

TEST_P(TopkGolden, EqualsTheReference) {
  const GoldenFile file(golden(GetParam()));
  const auto scores = file.values<float>("in.scores");
  const auto labels = file.values<int64_t>("in.labels");
  const int64_t classes = file.shape("in.scores").at(1);
  const auto ranks = label_ranks<float>(scores, classes, labels);
  for (const int k : {1, 3, 5}) {
    const double expected = file.scalar("out.top" + std::to_string(k));
    EXPECT_NEAR(top_k(ranks, k), expected, file.atol() + file.rtol() * expected) << k;
  }
  const auto predicted = predictions<float>(scores, classes);
  EXPECT_EQ(predicted, file.values<int64_t>("out.prediction"));
  EXPECT_NEAR(mean_per_class(predicted, labels), file.scalar("out.mean_per_class"), 2 * file.atol());
}

INSTANTIATE_TEST_SUITE_P(ClassificationTest, TopkGolden,
                         testing::Values("topk__s1.safetensors", "topk__s2_ties.safetensors"));

class KnnGolden : public testing::TestWithParam<const char*> {};

float dot(const float* a, const float* b, int64_t width) {
  double sum = 0;
  for (int64_t d = 0; d < width; ++d) sum += static_cast<double>(a[d]) * b[d];
  return static_cast<float>(sum);
}

TEST_P(KnnGolden, TheVoteEqualsTheReference) {
  const GoldenFile file(golden(GetParam()));
  const auto train = file.values<float>("in.train_features"), test = file.values<float>("in.test_features");
  const auto neighbours = file.values<int64_t>("out.neighbours");
  const auto train_labels = file.values<int64_t>("in.train_labels");
  const int64_t k = file.settings().at("k"), classes = file.settings().at("num_classes");
  const int64_t width = file.shape("in.train_features").at(1);
  Ids labels;
  std::vector<float> similarities;
  for (size_t i = 0; i < neighbours.size(); ++i) {
    const int64_t query = static_cast<int64_t>(i) / k;
    labels.push_back(train_labels.at(static_cast<size_t>(neighbours[i])));
    similarities.push_back(
        dot(&test[static_cast<size_t>(query * width)], &train[static_cast<size_t>(neighbours[i] * width)], width));
  }
  const auto votes = knn_vote(labels, similarities, k, classes, file.settings().at("temperature"));
  const auto expected = file.values<float>("out.scores");
  ASSERT_EQ(votes.size(), expected.size());
  for (size_t i = 0; i < votes.size(); ++i) {
    ASSERT_NEAR(votes[i], expected[i], file.atol() + file.rtol() * expected[i]) << i;
  }
  EXPECT_EQ(predictions<double>(votes, classes), file.values<int64_t>("out.prediction"));
  const auto ranks = label_ranks<double>(votes, classes, file.values<int64_t>("in.test_labels"));
  EXPECT_NEAR(top_k(ranks, 1), file.scalar("out.top1"), 1e-6);
  if (file.has("out.top5")) {
    EXPECT_NEAR(top_k(ranks, 5), file.scalar("out.top5"), 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(ClassificationTest, KnnGolden,
                         testing::Values("knn__s1_k20_T0.07.safetensors", "knn__s2_k200_T0.1.safetensors",
                                         "knn__s3_k10_T0.07.safetensors"));

TEST(ClassificationTest, AnEqualScoreOfALowerClassRanksBefore) {
  const std::vector<float> scores{1, 1, 1};
  EXPECT_EQ(label_ranks<float>(scores, 3, Ids{0}), Ids{0});
  EXPECT_EQ(label_ranks<float>(scores, 3, Ids{2}), Ids{2});
  EXPECT_EQ(predictions<float>(scores, 3), Ids{0});
}

TEST(ClassificationTest, AnEvenVoteGoesToTheLowerClass) {
  const std::vector<float> similarities{0.5f, 0.5f};
  EXPECT_EQ(predictions<double>(knn_vote(Ids{2, 1}, similarities, 2, 3, 0.1), 3), Ids{1});
}

TEST(ClassificationTest, ALowTemperatureDoesNotOverflow) {
  const std::vector<float> similarities{1.0f, 0.5f};
  const auto votes = knn_vote(Ids{0, 1}, similarities, 2, 2, 1e-5);
  EXPECT_DOUBLE_EQ(votes[0], 1.0);
  EXPECT_DOUBLE_EQ(votes[1], 0.0);
}

TEST(ClassificationTest, AClassWithoutLabelsIsLeftOutOfTheMeanPerClass) {
  EXPECT_DOUBLE_EQ(mean_per_class(Ids{0, 0, 5}, Ids{0, 0, 2}), 0.5);
  EXPECT_TRUE(std::isnan(mean_per_class({}, {})));
}

TEST(ClassificationTest, ALabelOutsideTheClassesIsRefused) {
  const std::vector<float> scores{1, 0};
  EXPECT_THROW(label_ranks<float>(scores, 2, Ids{2}), InternalError);
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

TEST(ClassificationTest, ScoresThatAreNotFiniteAreNeverAHit) {
  for (const double bad : {kNan, kInf, -kInf}) {
    for (const size_t place : {0, 1, 2}) {
      std::vector<double> scores{3, 2, 1};
      scores[place] = bad;
      for (const int64_t label : {0, 1, 2}) {
        const auto ranks = label_ranks<double>(scores, 3, Ids{label});
        EXPECT_EQ(top_k(ranks, 5), 0) << bad << " at " << place << ", label " << label;
      }
      EXPECT_EQ(predictions<double>(scores, 3), Ids{kNoClass});
      EXPECT_EQ(mean_per_class(predictions<double>(scores, 3), Ids{0}), 0);
    }
  }
}

TEST(ClassificationTest, ASimilarityThatIsNotFiniteVotesForNothing) {
  const std::vector<float> similarities{std::numeric_limits<float>::quiet_NaN(), 0.5f, 0.9f, 0.5f};
  const auto votes = knn_vote(Ids{0, 1, 0, 1}, similarities, 2, 2, 0.1);
  EXPECT_EQ(top_k(vote_ranks(votes, 2, Ids{0, 0}), 1), 0.5);
  EXPECT_EQ(predictions<double>(votes, 2), (Ids{kNoClass, 0}));
}

TEST(ClassificationTest, AClassWithoutAVoteIsInNoTopFive) {
  // Two neighbours of classes 6 and 7: the other six have no vote, and lower numbers.
  const auto votes = knn_vote(Ids{6, 7}, std::vector<float>{0.9f, 0.8f}, 2, 8, 0.1);
  EXPECT_EQ(top_k(vote_ranks(votes, 8, Ids{0}), 5), 0);
  EXPECT_EQ(top_k(vote_ranks(votes, 8, Ids{7}), 5), 1);
  EXPECT_EQ(top_k(label_ranks<double>(votes, 8, Ids{0}), 5), 1) << "which plain ranks would count";
}

}  // namespace
}  // namespace sslbench
