// SPDX-License-Identifier: Apache-2.0
// Protocols that train a network, from a pretrained one to numbers: rates tried, interrupted, and fixed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "datasets/pictures/png.h"
#include "suites/files/atomic_file.h"
#include "suites/metrics/coco_file.h"
#include "suites/metrics/segmentation.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using nlohmann::json;

std::unique_ptr<Backbone> small_network() {
  at::Generator generator = at::detail::createCPUGenerator(1);
  auto backbone = make_backbone("resnet18", {{"width", 8}, {"stem", "cifar"}}, generator);
  backbone->place(at::kCPU);
  return backbone;
}

const DatasetSpec kShapes{
    "shapes", {{"size", 32}, {"train_images", 24}, {"test_images", 8}, {"objects", "several"}}, ""};

class FineTuningTest : public testing::TestWithParam<const char*> {
 protected:
  // To its end; stopped for the first time after `stop_after` steps, then after as many more, and so on.
  StageRecord measure(const json& settings, int64_t stop_after = INT64_MAX) {
    const ScratchFolder folder;
    for (attempts = 1;; ++attempts) {
      try {
        return attempt(settings, folder.path(), stop_after);
      } catch (const Interrupted&) {
      }
    }
  }

  StageRecord attempt(const json& given, const std::filesystem::path& work, int64_t stop_after) {
    const ProtocolEntry& entry = Registry<ProtocolEntry>::find(GetParam());
    StageRecord record{.name = entry.name, .key = "key", .metrics = entry.metrics};
    int64_t done = 0;
    StageContext context{.record = record,
                         .work = work,
                         .seed = 3,
                         .earlier = {},
                         .used = [] { return Resources{}; },
                         .progress = [&](int64_t step, int64_t, double) { ++done, last_step = step; },
                         .stop_requested = [&] { return done >= stop_after; }};
    const auto backbone = small_network();
    ImageSets data{""};
    FeatureCache features{[](const DatasetSpec&, Split) { return Features{}; }};
    Subject subject{*backbone, small_network, {}, data, features, {}};
    if (leaked) subject.leaked = [&](const DatasetSpec&) -> const LeakedImages& { return *leaked; };
    json settings{{"epochs", 2}, {"batch_size", 8}};
    if (entry.task != "classification") settings["channels"] = 8;
    settings.update(given);
    entry.make(Settings(entry.name, entry.options, settings))->measure(subject, shapes, context);
    return record;
  }

  // Of what has one.
  static std::map<std::string, double> values(const StageRecord& record) {
    std::map<std::string, double> out;
    for (const Measurement& m : record.measurements) {
      if (!m.undefined()) out[m.split + " " + m.metric] = m.value;
    }
    return out;
  }

  int64_t attempts = 0, last_step = 0;
  DatasetSpec shapes = kShapes;
  std::optional<LeakedImages> leaked;  // nobody asks without
};

const json kTwoRates{{"learning_rates", {1e-3, 1e-2}}, {"trial_epochs", 1}};

TEST_P(FineTuningTest, InterruptedAnywhereItEndsAsUninterrupted) {
  const StageRecord whole = measure(kTwoRates);
  EXPECT_EQ(last_step, 2 * 2 + 2 * 3) << "two trials of an epoch of 20 images, two epochs of 24";
  for (const int64_t steps : {1, 3}) {
    const StageRecord resumed = measure(kTwoRates, steps);
    EXPECT_GT(attempts, 2) << steps;
    EXPECT_EQ(values(resumed), values(whole)) << steps;
    EXPECT_EQ(resumed.hashes.back().state, whole.hashes.back().state) << steps;
  }
}

class JointTrialTest : public FineTuningTest {};

TEST_P(JointTrialTest, InterruptedAnywhereItEndsAsUninterrupted) {
  const json rates{{"learning_rates", {1e-2, 1e-1}}};
  const StageRecord whole = measure(rates);
  EXPECT_EQ(last_step, 2 * 3) << "two epochs of 24 images, all rates together";
  for (const int64_t steps : {1, 4}) {
    const StageRecord resumed = measure(rates, steps);
    EXPECT_GT(attempts, 1) << steps;
    EXPECT_EQ(values(resumed), values(whole)) << steps;
    EXPECT_EQ(resumed.hashes.back().state, whole.hashes.back().state) << steps;
  }
}

TEST_P(FineTuningTest, TheChosenRateMeasuresOnTestWhatItWouldHaveFixed) {
  const StageRecord tried = measure(kTwoRates);
  const double rate = values(tried).at("val learning_rate");
  const StageRecord fixed = measure({{"learning_rate", rate}});
  for (const auto& [metric, value] : values(fixed)) EXPECT_EQ(values(tried).at(metric), value) << metric;
  EXPECT_EQ(tried.hashes.back().state, fixed.hashes.back().state) << "trials leave nothing behind";
  for (const Measurement& m : tried.measurements) EXPECT_EQ(m.version, 2) << m.metric;
  for (const Measurement& m : fixed.measurements) EXPECT_EQ(m.version, 0) << m.metric << ": the protocol's own";
  for (const Measurement& m : fixed.measurements) EXPECT_NE(m.split, "val") << m.metric;
}

// What was kept scores, elsewhere, what the record says.
double score_of_kept(const std::filesystem::path& folder, const std::string& protocol) {
  if (protocol == "detection") {
    return coco_scores(read_coco(folder / "truth.json", folder / "detections.json", CocoKind::boxes)).ap;
  }
  ImageSets data{""};
  const LoadedSplit& test = data.split(kShapes, Split::test);
  ConfusionMatrix confusion(static_cast<int>(test.mask_classes.size()));
  for (int64_t i = 0; i < test.images->size(); ++i) {
    const std::filesystem::path file = folder / ("00000" + std::to_string(i) + ".png");
    confusion.add(test.images->item(i)->mask.labels, decode_png_mask(read_file(file), file).labels);
  }
  return segmentation_scores(confusion).miou;
}

class KeptPredictionsTest : public FineTuningTest {};

TEST_P(KeptPredictionsTest, ScoreElsewhereTheRecordsOwnNumber) {
  const std::string protocol = GetParam();
  const ScratchFolder folder;
  json fixed{{"learning_rate", 1e-2}, {"epochs", 10}};
  if (protocol == "segmentation") fixed["background_weight"] = 0.05;
  json kept = fixed;
  kept["save_predictions"] = true;
  const StageRecord record = attempt(kept, folder.path(), INT64_MAX);
  const double value = values(record).at(protocol == "detection" ? "test ap" : "test miou");
  EXPECT_NE(value, values(record).at(protocol == "detection" ? "test constant_ap" : "test constant_miou"));
  EXPECT_EQ(score_of_kept(folder.path() / "predictions" / protocol, protocol), value);
  EXPECT_EQ(values(measure(fixed)), values(record)) << "keeping them changes nothing";
}

TEST_P(FineTuningTest, WithoutLeaksTestImagesCountAsIfTheyWereNotThere) {
  const std::string metric = GetParam() == std::string("detection")      ? "ap"
                             : GetParam() == std::string("segmentation") ? "miou"
                                                                         : "top1";
  const json settings{{"learning_rate", 1e-2}, {"epochs", 4}};
  leaked = LeakedImages{{{3, 0, 1}, {4, 0, 1}, {5, 0, 1}, {6, 0, 1}, {7, 0, 1}}};
  const auto both = values(measure(settings));
  leaked.reset();
  shapes.settings["test_images"] = 3;
  const auto others = values(measure(settings));
  EXPECT_EQ(both.at("test " + metric + "/without_leaks"), others.at("test " + metric));
  EXPECT_FALSE(others.contains("test " + metric + "/without_leaks")) << "nobody asked";
}

class FewLabelsTest : public FineTuningTest {};

TEST_P(FewLabelsTest, TrainsOnAShareOfEveryClassAndOneAtLeast) {
  const StageRecord half = measure({{"labels", 0.5}, {"learning_rate", 1e-3}});
  const StageRecord one_each = measure({{"labels", 1e-3}, {"learning_rate", 1e-3}});
  ImageSets data{""};
  std::map<int32_t, int64_t> have;
  const ImageSet& train = *data.split(kShapes, Split::train).images;
  for (int64_t i = 0; i < train.size(); ++i) ++have[train.label(i)];
  int64_t wanted = 0;
  for (const auto& [label, count] : have)
    wanted += std::max<int64_t>(1, std::llround(0.5 * static_cast<double>(count)));
  EXPECT_EQ(values(half).at("train labels"), static_cast<double>(wanted));
  EXPECT_EQ(values(one_each).at("train labels"), static_cast<double>(have.size()));
}

TEST_P(FewLabelsTest, LayersLearnAtRatesOfTheirOwn) {
  const auto state = [&](double decay) {
    return measure({{"layer_decay", decay}, {"learning_rate", 1e-3}}).hashes.back().state;
  };
  EXPECT_NE(state(0.5), state(1));
}

const auto kName = [](const auto& info) { return std::string(info.param); };
INSTANTIATE_TEST_SUITE_P(Protocols, FineTuningTest, testing::Values("detection", "segmentation", "finetune"), kName);
INSTANTIATE_TEST_SUITE_P(Protocols, KeptPredictionsTest, testing::Values("detection", "segmentation"), kName);
INSTANTIATE_TEST_SUITE_P(Protocols, JointTrialTest, testing::Values("linear_probe_augmented"), kName);
INSTANTIATE_TEST_SUITE_P(Protocols, FewLabelsTest, testing::Values("finetune"), kName);

}  // namespace
}  // namespace sslbench
