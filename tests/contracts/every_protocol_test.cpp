// SPDX-License-Identifier: Apache-2.0
// What every registered protocol promises, measured on a small backbone and rendered images.
#include <gtest/gtest.h>

#include <cmath>

#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/training/saving/state_hash.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int64_t kTest = 16;

const std::map<std::string, ProtocolEntry>& all() { return Registry<ProtocolEntry>::all(); }

DatasetSpec dataset_for(const std::string& task) {
  return {"shapes",
          {{"size", 32},
           {"train_images", 48},
           {"test_images", kTest},
           {"objects", task == "classification" ? "one" : "several"}},
          ""};
}

// One pass, where a protocol trains.
json short_settings(const ProtocolEntry& entry) {
  json out = json::object();
  for (const Option& option : entry.options) {
    if (option.name == "epochs") out["epochs"] = 1;
  }
  return out;
}

std::unique_ptr<Backbone> small_backbone() {
  at::Generator generator = at::detail::createCPUGenerator(1);
  auto backbone = make_backbone("resnet18", {{"width", 8}, {"stem", "cifar"}}, generator);
  backbone->place(at::kCPU);
  return backbone;
}

// A backbone as a run presents it.
struct Bench {
  Bench() {
    backbone->freeze();
    backbone->train(false);
  }
  StageRecord measure(const ProtocolEntry& entry, const Settings& settings) {
    const ScratchFolder folder;
    StageRecord record;
    record.name = entry.name;
    record.key = "key";
    record.metrics = entry.metrics;
    StageContext context{.record = record,
                         .work = folder.path(),
                         .seed = 3,
                         .earlier = {},
                         .used = [] { return Resources{}; },
                         .progress = [](int64_t, int64_t, double) {},
                         .stop_requested = [] { return false; }};
    const auto extract = [&](Backbone& network, const ImageSet& images) {
      return extract_features(network, images, 32, normalisation, at::kCPU, [] { return false; });
    };
    const LeakedImages leaked{{{1, 2, 0.9}}, data.split(dataset_for(entry.task), Split::train).images.get()};
    Subject subject{*backbone, small_backbone, normalisation, data, features, extract};
    subject.leaked = [&](const DatasetSpec&) -> const LeakedImages& { return leaked; };
    entry.make(settings)->measure(subject, dataset_for(entry.task), context);
    return record;
  }

  std::unique_ptr<Backbone> backbone = small_backbone();
  Normalisation normalisation{{0.5f, 0.5f, 0.5f}, {0.25f, 0.25f, 0.25f}};
  ImageSets data{""};
  FeatureCache features{[this](const DatasetSpec& set, Split split) {
    return extract_features(*backbone, *data.split(set, split).images, 32, normalisation, at::kCPU,
                            [] { return false; });
  }};
};

TEST(EveryProtocolTest, SaysWhatItIs) {
  for (const auto& [name, entry] : all()) {
    EXPECT_FALSE(entry.summary.empty()) << name;
    EXPECT_EQ(entry.summary.find('\n'), std::string::npos) << name;
    EXPECT_GE(entry.version, 1) << name;
    EXPECT_TRUE(entry.task == "classification" || entry.task == "detection" || entry.task == "segmentation") << name;
    EXPECT_FALSE(entry.metrics.empty()) << name;
    for (const Option& option : entry.options) EXPECT_FALSE(option.help.empty()) << name << "." << option.name;
  }
}

TEST(EveryProtocolTest, ReadsEverySettingMeasuresWhatItNamesAndLeavesTheBackboneAlone) {
  Bench bench;
  const std::string before = state_hash(bench.backbone->state(), 0);
  for (const auto& [name, entry] : all()) {
    const Settings settings("protocol '" + name + "'", entry.options, short_settings(entry));
    const StageRecord record = bench.measure(entry, settings);
    EXPECT_TRUE(settings.unread().empty()) << name << " declares '" << settings.unread().front() << "' and ignores it";
    for (const Metric& metric : entry.metrics) {
      EXPECT_FALSE(metric.definition.empty()) << name << "." << metric.name;
      EXPECT_FALSE(metric.definition.ends_with(".")) << name << "." << metric.name;
      if (metric.is_fraction()) EXPECT_EQ(metric.unit, "1") << name << "." << metric.name;
      if (metric.better == Better::none || is_of_class(metric.name)) continue;
      const bool reads_test = name != "value";
      const auto found = std::find_if(record.measurements.begin(), record.measurements.end(), [&](const auto& m) {
        return m.metric == metric.name && m.split == (reads_test ? "test" : "val");
      });
      ASSERT_NE(found, record.measurements.end()) << name << " names " << metric.name << " and does not measure it";
      if (!reads_test) continue;
      EXPECT_EQ(found->n, kTest) << name << "." << metric.name;
    }
    for (const Measurement& each : record.measurements) {
      const bool fraction = record.metric_of(each).is_fraction();
      EXPECT_TRUE(!fraction || (each.value >= 0 && each.value <= 1)) << name << "." << each.metric << each.value;
    }
    for (const Measurement& each : record.measurements)
      EXPECT_TRUE(std::isfinite(each.value)) << name << "." << each.metric;
    EXPECT_EQ(state_hash(bench.backbone->state(), 0), before) << name << " changed the backbone";
  }
}

TEST(EveryProtocolTest, RepeatsBitForBit) {
  for (const auto& [name, entry] : all()) {
    const Settings settings("protocol '" + name + "'", entry.options, short_settings(entry));
    Bench first_bench, second_bench;
    const StageRecord first = first_bench.measure(entry, settings), second = second_bench.measure(entry, settings);
    ASSERT_EQ(first.measurements.size(), second.measurements.size()) << name;
    for (size_t i = 0; i < first.measurements.size(); ++i) {
      if (first.measurements[i].split != "test") continue;
      EXPECT_EQ(first.measurements[i].value, second.measurements[i].value)
          << name << "." << first.measurements[i].metric;
    }
  }
}

}  // namespace
}  // namespace sslbench
