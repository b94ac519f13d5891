// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/value_point.h"

#include <algorithm>

#include "datasets/subset.h"
#include "suites/protocols/parts/nearest_votes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

constexpr int64_t kMostImages = 3000, kNeighbours = 20;
constexpr double kTemperature = 0.07;  // both as the knn protocol has them

class SomeImages final : public DataSource {
 public:
  SomeImages(const ImageSet& all, std::vector<int64_t> numbers) : all_(all), numbers_(std::move(numbers)) {}
  int64_t size() const override { return std::ssize(numbers_); }
  Item item(int64_t i) const override { return *all_.item(numbers_[static_cast<size_t>(i)]); }
  const std::vector<std::string>& classes() const override { return all_.classes(); }
  std::string name(int64_t i) const override { return all_.name(numbers_[static_cast<size_t>(i)]); }

 private:
  const ImageSet& all_;
  std::vector<int64_t> numbers_;
};

}  // namespace

std::unique_ptr<ImageSet> value_images(const ImageSet& train) {
  // Sets lie class by class: in this order the last third is any third.
  std::vector<int64_t> numbers = subset_order(train.size());
  numbers.resize(static_cast<size_t>(std::min(train.size(), kMostImages)));
  return std::make_unique<ImageSet>(std::make_unique<SomeImages>(train, std::move(numbers)));
}

int64_t asking_images(int64_t count) { return count / 3; }

std::vector<Metric> value_metrics() {
  return {
      {.name = "knn_top1",
       .kind = MetricKind::share,
       .definition = "share of held-out training images whose class has most votes of the 20 nearest of twice as "
                     "many other training images, weight exp(cos / 0.07); no test image is read",
       .undefined_when = "fewer than three training images, or none with a class"},
      {.name = "effective_rank",
       .better = Better::none,
       .kind = MetricKind::quantity,
       .definition = "exp of the entropy of the singular values of centred features; 1: all on a line"},
      {.name = "feature_std",
       .better = Better::none,
       .kind = MetricKind::quantity,
       .definition = "mean deviation of unit features over dimensions times sqrt(D); 0: collapsed, 1: spread evenly"}};
}

std::vector<std::pair<std::string, double>> value_point(const Features& features, int64_t classes) {
  const at::NoGradGuard no_grad;
  const int64_t N = features.h_ND.size(0), asked = asking_images(N), bank = N - asked;
  std::vector<std::pair<std::string, double>> out;
  if (asked > 0 && classes > 0 && features.labels_N.min().item<int64_t>() >= 0) {
    const at::Tensor unit_ND = unit_rows(features.h_ND);
    const NearestVotes votes = nearest_votes(unit_ND.narrow(0, 0, bank), features.labels_N.narrow(0, 0, bank),
                                             unit_ND.narrow(0, bank, asked), kNeighbours, classes, kTemperature);
    const at::Tensor right = votes.votes_MC.argmax(1).eq(features.labels_N.narrow(0, bank, asked).to(at::kCPU));
    out.emplace_back("knn_top1", right.to(at::kDouble).mean().item<double>());
  }
  const FeatureSpread spread = spread_of(features.h_ND);
  out.emplace_back("effective_rank", spread.effective_rank);
  out.emplace_back("feature_std", spread.deviation);
  return out;
}

}  // namespace sslbench
