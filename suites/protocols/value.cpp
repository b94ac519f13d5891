// SPDX-License-Identifier: Apache-2.0
// value: what the curves of pretrain.evaluate_every measure, of the weights as they are. On the weights that such a run
// kept at a step it gives the curve's points bit for bit.
#include <algorithm>
#include <cmath>

#include "suites/protocols/frozen/value_point.h"
#include "suites/protocols/protocol.h"

namespace sslbench {
namespace {

class Value final : public Protocol {
 public:
  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const LoadedSplit& train = subject.data.split(dataset, Split::train);
    const auto images = value_images(*train.images);
    const Features features = subject.extract(subject.backbone, *images);
    const auto values = value_point(features, static_cast<int64_t>(train.classes.size()));
    for (const Metric& metric : value_metrics()) {
      const auto found =
          std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == metric.name; });
      const bool asks = metric.name == "knn_top1";
      context.record.add(metric.name, asks ? Split::val : Split::train, found == values.end() ? NAN : found->second,
                         asks ? asking_images(images->size()) : images->size());
    }
    context.record.images = images->size();
    context.record.images_per_second = features.images_per_second;
  }
};

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "value",
     .summary = "cheap measures of frozen features without a test image, as the curves of pretrain.evaluate_every have",
     .version = 1,
     .task = "classification",
     .metrics = value_metrics(),
     .options = {},
     .make = [](const Settings&) -> std::unique_ptr<Protocol> { return std::make_unique<Value>(); }});

}  // namespace
}  // namespace sslbench
