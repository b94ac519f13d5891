// SPDX-License-Identifier: Apache-2.0
// What a protocol measures on features that a test makes up, of the ten classes of shapes.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "suites/ground/error.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "tests/suites/protocols/unused_backbone.h"

namespace sslbench {

inline constexpr int64_t kClassesMadeUp = 10, kTrainMadeUp = 200, kTestMadeUp = 100;

struct MadeUpStage {
  FeatureCache::Extract extract;
  nlohmann::json settings = nlohmann::json::object();
  uint64_t seed = 0;
  std::string objects = "one";
  std::vector<int64_t> leaked = {};  // test images; empty: nobody asks for leaks
  int64_t test_images = kTestMadeUp;
};

inline StageRecord measured_on(const std::string& protocol, MadeUpStage stage,
                               std::vector<std::string>* notes = nullptr) {
  const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol);
  const DatasetSpec shapes{
      "shapes",
      {{"size", 32}, {"train_images", kTrainMadeUp}, {"test_images", stage.test_images}, {"objects", stage.objects}},
      ""};
  UnusedBackbone backbone;
  ImageSets data{""};
  FeatureCache features{stage.extract};
  StageRecord record;
  record.name = protocol;
  record.metrics = entry.metrics;
  StageContext context{.record = record,
                       .work = "",
                       .seed = stage.seed,
                       .earlier = {},
                       .used = [] { return Resources{}; },
                       .progress = [](int64_t, int64_t, double) {},
                       .stop_requested = [] { return false; },
                       .note =
                           [&](const std::string& text) {
                             if (notes != nullptr) notes->push_back(text);
                           }};
  Subject subject{backbone, {}, {}, data, features};
  LeakedImages leaked;
  for (const int64_t i : stage.leaked) leaked.pairs.push_back({i, 0, 1});
  if (!stage.leaked.empty()) subject.leaked = [&](const DatasetSpec&) -> const LeakedImages& { return leaked; };
  entry.make(Settings(protocol, entry.options, stage.settings))->measure(subject, shapes, context);
  return record;
}

inline double value_of(const StageRecord& record, const std::string& metric, const std::string& split = "test") {
  for (const Measurement& m : record.measurements) {
    if (m.metric == metric && m.split == split) return m.value;
  }
  ADD_FAILURE() << "no " << metric << " of " << split;
  return NAN;
}

// As many of each class in turn.
inline at::Tensor even_labels(Split split) {
  return at::arange(kClassesMadeUp, at::kLong)
      .repeat((split == Split::train ? kTrainMadeUp : kTestMadeUp) / kClassesMadeUp);
}

// The class as a corner, with noise around it; labels shuffled or not.
inline FeatureCache::Extract corners(double noise, bool shuffled = false) {
  return [noise, shuffled](const DatasetSpec&, Split split) {
    const at::Tensor labels_N = even_labels(split);
    at::Generator generator = at::detail::createCPUGenerator(split == Split::train ? 1 : 2);
    const at::Tensor h_ND = at::one_hot(labels_N, kClassesMadeUp).to(at::kFloat) +
                            noise * at::randn({labels_N.size(0), kClassesMadeUp}, generator);
    const at::Tensor order_N = at::randperm(labels_N.size(0), generator, at::kLong);
    return Features{h_ND, shuffled ? labels_N.index_select(0, order_N) : labels_N, 1};
  };
}

// What a protocol refuses to do, in its words.
template <class Work>
std::string refusal(const Work& work) {
  try {
    work();
  } catch (const UserError& error) {
    return error.what();
  }
  return "not refused";
}

}  // namespace sslbench
