// SPDX-License-Identifier: Apache-2.0
// leaks: how many test images the pretraining has, but for small changes, already seen. Every other protocol of the run
// then tells its metrics without those images, too. Which are near duplicates: datasets/leaks/near_duplicates.h. What
// is known of published sets: Barz, Denzler, "Do we train on test data? Purging CIFAR of near-duplicates", J. Imaging
// 2020, arXiv:1902.00423.
#include "suites/plan/plan_keys.h"
#include "suites/protocols/parts/sample_pictures.h"
#include "suites/protocols/protocol.h"

namespace sslbench {
namespace {

class Leaks final : public Protocol {
 public:
  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const LeakedImages& leaked = subject.leaked(dataset);
    const ImageSet& test = *subject.data.split(dataset, Split::test).images;
    context.record.add("near_duplicates", Split::test,
                       static_cast<double>(leaked.pairs.size()) / static_cast<double>(test.size()), test.size());
    context.record.images = test.size();
    // Some of them beside what they are near duplicates of.
    for (const int64_t i : sample_numbers(static_cast<int64_t>(leaked.pairs.size()), kSampleLines)) {
      const NearDuplicate& pair = leaked.pairs[static_cast<size_t>(i)];
      Sample sample{small_picture(*test.item(pair.test))};
      sample.beside.push_back(small_picture(*leaked.pretraining->item(pair.train)));
      context.record.samples.push_back(std::move(sample));
    }
  }
};

const bool registered = Registry<ProtocolEntry>::add(
    {.name = kLeaksProtocol,
     .summary = "share of test images that are near duplicates of pretraining images; adds every metric without them",
     .version = 1,
     .task = "classification",
     .metrics = {{.name = "near_duplicates",
                  .better = Better::none,
                  .kind = MetricKind::share,
                  .definition = "share of test images that are, but for mirroring, cropping, compression or colours, "
                                "among the images of the pretraining set"}},
     .options = {},
     .make = [](const Settings&) -> std::unique_ptr<Protocol> { return std::make_unique<Leaks>(); }});

}  // namespace
}  // namespace sslbench
