// SPDX-License-Identifier: Apache-2.0
// Protocols on rendered pictures whose maps a test makes up.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/protocols/knowing_backbone.h"

namespace sslbench {

inline constexpr int kSide = 32, kStride = 8;

class FrozenMapsTest : public testing::Test {
 protected:
  explicit FrozenMapsTest(std::string objects = "several")
      : shapes{"shapes",
               {{"size", kSide}, {"train_images", 48}, {"test_images", 16}, {"objects", std::move(objects)}},
               ""} {}

  // By split, of every example.
  void learn(KnowingBackbone& backbone, const std::function<Tensor(const Item&)>& map_of) {
    for (const Split split : {Split::train, Split::test}) {
      backbone.learn(*data.split(shapes, split).images, kSide, map_of);
    }
  }

  StageRecord recorded(const std::string& protocol, Backbone& backbone, const nlohmann::json& settings) {
    const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol);
    const ScratchFolder folder;
    StageRecord record{.name = entry.name, .plugin = entry.name, .key = "key", .metrics = entry.metrics};
    StageContext context{.record = record,
                         .work = folder.path(),
                         .seed = 3,
                         .earlier = {},
                         .used = [] { return Resources{}; },
                         .progress = [](int64_t, int64_t, double) {},
                         .stop_requested = [] { return false; }};
    const auto extract = [](Backbone& network, const ImageSet& images) {
      return extract_features(network, images, kSide, {}, at::kCPU, [] { return false; });
    };
    FeatureCache features{
        [&](const DatasetSpec& set, Split split) { return extract(backbone, *data.split(set, split).images); }};
    Subject subject{backbone, {}, {}, data, features, extract};
    if (leaked) subject.leaked = [&](const DatasetSpec&) -> const LeakedImages& { return *leaked; };
    entry.make(Settings(protocol, entry.options, settings))->measure(subject, shapes, context);
    return record;
  }

  // Of test images.
  std::map<std::string, double> measured(const std::string& protocol, Backbone& backbone,
                                         const nlohmann::json& settings) {
    const StageRecord record = recorded(protocol, backbone, settings);
    std::map<std::string, double> out;
    for (const Measurement& m : record.measurements) {
      if (m.split == "test") out[m.metric] = m.value;
    }
    return out;
  }

  int64_t classes() { return std::ssize(data.split(shapes, Split::train).mask_classes); }

  DatasetSpec shapes;
  std::optional<LeakedImages> leaked;  // nobody asks without
  ImageSets data{""};
};

}  // namespace sslbench
