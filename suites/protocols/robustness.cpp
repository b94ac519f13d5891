// SPDX-License-Identifier: Apache-2.0
// robustness: what is left of a linear probe's accuracy on corrupted test images. The probe is that of linear_probe,
// trained and chosen on clean images; the test images are corrupted at their own size, every corruption at every
// severity asked for, as ImageNet-C and CIFAR-10-C are made. Hendrycks, Dietterich: "Benchmarking Neural Network
// Robustness to Common Corruptions and Perturbations", ICLR 2019, arXiv:1903.12261.
#include <cmath>

#include "datasets/corruptions/corruption.h"
#include "suites/metrics/bootstrap.h"
#include "suites/protocols/frozen/made_images.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/chosen_probe.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr uint64_t kSeed = 30;      // of the corruptions: the same pictures in every run
constexpr int32_t kSmallSide = 64;  // px; up to here the numbers are CIFAR-10-C's

// The first `count` examples of a set, corrupted.
ImageSet corrupted(const ImageSet& clean, int64_t count, const std::string& table, const std::string& name,
                   int severity) {
  const auto make = [table, name, severity](const Image& of, int64_t i) {
    return corrupt(of, table, name, severity, kSeed, static_cast<uint32_t>(i));
  };
  return ImageSet(std::make_unique<MadeImages>(clean, MadeImages::Making{count, [](int64_t i) { return i; }, make}),
                  {.budget = 0});
}

class Robustness final : public Protocol {
 public:
  explicit Robustness(const Settings& settings)
      : choice_(probe_choice(settings)),
        table_(settings.text("table")),
        names_(settings.texts("corruptions")),
        severities_(settings.reals("severities")),
        test_images_(settings.integer("test_images")) {
    for (const std::string& name : names_) {
      for (const double severity : severities_) {
        if (severity != std::floor(severity)) {
          throw UserError("robustness: severities are whole numbers from 1 to 5, got " + std::to_string(severity));
        }
        severity_of("imagenet_c", name, static_cast<int>(severity));
      }
    }
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const ChosenProbe probe = measure_probe(subject, dataset, choice_, context);
    context.record.images +=
        measure_corrupted(probe, *subject.data.split(dataset, Split::test).images, subject, context);
  }

 private:
  // Adds the mean over severities of every corruption, and their mean; returns how many images were looked at.
  int64_t measure_corrupted(const ChosenProbe& probe, const ImageSet& clean, Subject& subject,
                            StageContext& context) const {
    const int64_t count = test_images_ > 0 ? std::min(test_images_, clean.size()) : clean.size();
    const std::string table = table_ != "auto"                     ? table_
                              : clean.longest_side() <= kSmallSide ? "cifar10_c"
                                                                   : "imagenet_c";
    std::vector<double> hits(static_cast<size_t>(count));  // of each image, over all corruptions
    const auto severities = static_cast<double>(severities_.size()), names = static_cast<double>(names_.size());
    double mean = 0;
    for (const std::string& name : names_) {
      double of_name = 0;
      for (const double severity : severities_) {
        const ImageSet images = corrupted(clean, count, table, name, static_cast<int>(severity));
        const Features features = on(context.device, subject.extract(subject.backbone, images));
        const at::Tensor hit_N =
            probe.scores(features.h_ND).argmax(1).eq(features.labels_N).to(at::kCPU, at::kDouble).contiguous();
        const double* hit = hit_N.const_data_ptr<double>();
        for (int64_t i = 0; i < count; ++i) hits[static_cast<size_t>(i)] += hit[i] / (severities * names);
        of_name += hit_N.mean().item<double>() / severities;
      }
      context.record.add("corrupted_top1/" + name, Split::test, of_name, count);
      mean += of_name / names;
    }
    context.record.add("corrupted_top1", Split::test, mean, count);
    context.record.replicates["corrupted_top1"] = bootstrap_mean(hits);
    return count * static_cast<int64_t>(names_.size() * severities_.size());
  }

  ProbeChoice choice_;
  std::string table_;
  std::vector<std::string> names_;
  std::vector<double> severities_;
  int64_t test_images_;
};

std::vector<Metric> corrupted_metrics() {
  return {{.name = "corrupted_top1",
           .kind = MetricKind::score,
           .definition = "top1 of corrupted test images, averaged over severities and then over corruptions; "
                         "corrupted_top1/NAME is that of one corruption"}};
}

std::vector<Option> own_options() {
  std::vector<Option> out = {
      choice_option("table", "auto", {"auto", "imagenet_c", "cifar10_c", "imagecorruptions"},
                    "whose numbers severities have; auto: cifar10_c where no test image is larger than 64 px"),
      texts_option("corruptions", common_corruptions(),
                   "the fifteen of the paper, or some of them; also gaussian_blur, saturate, speckle_noise"),
      reals_option("severities", {1, 2, 3, 4, 5}, 1, 5, "whole numbers"),
      integer_option("test_images", 0, 0, 1e9, "of each corruption and severity; 0: all")};
  for (Option& option : probe_options()) out.push_back(std::move(option));
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "robustness",
     .summary = "a linear probe's accuracy on test images with the corruptions of ImageNet-C, made on the fly",
     .version = 1,
     .task = "classification",
     .metrics = joined(joined(corrupted_metrics(), probe_metrics()), feature_spread_metrics()),
     .options = own_options(),
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Robustness>(settings);
     }});

}  // namespace
}  // namespace sslbench
