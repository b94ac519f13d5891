// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/features.h"

#include <algorithm>
#include <cmath>

#include "suites/protocols/predictions/evaluated_stream.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/normalize_bytes/normalize_bytes.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/tensors/until_done.h"
#include "suites/training/meters/throughput.h"
#include "suites/training/stage_context.h"

namespace sslbench {
namespace {

constexpr int64_t kRankImages = 1'024;  // of which the effective rank is taken

// Every protocol divides by lengths or deviations, so that a length beyond float32 is as useless as a NaN.
void require_finite(const at::Tensor& h_ND, const ImageSet& images) {
  const at::Tensor bad_N = h_ND.square().sum(1).isfinite().logical_not();
  const auto bad = bad_N.sum().item<int64_t>();
  if (bad == 0) return;
  const auto first = bad_N.to(at::kByte).argmax().item<int64_t>();
  throw RunFailure(FailureKind::non_finite,
                   "the features of " + std::to_string(bad) + " of " + std::to_string(images.size()) +
                       " images are not finite (first: image " + std::to_string(first) + ", '" + images.name(first) +
                       "'), so that nothing can be measured on them; the pretraining diverged, or the weights are "
                       "damaged");
}

// Whole batches, so that the same images go through the network together on any number of ranks: the same bits.
std::pair<int64_t, int64_t> own_images(int64_t images, const Ranks& group) {
  const RowRange batches = even_share((images + kFeatureBatch - 1) / kFeatureBatch, group.size(), group.rank());
  return {std::min(images, batches.first * kFeatureBatch),
          std::min(images, (batches.first + batches.count) * kFeatureBatch)};
}

// Writes rows of a device into a tensor of the host, one batch late, so that the device has the next one meanwhile.
class LaterRows {
 public:
  explicit LaterRows(const at::Tensor& out_ND) : out_ND_(out_ND) {}
  void write(int64_t first, const at::Tensor& rows_nD) {
    at::Tensor host = rows_nD;
    if (!rows_nD.device().is_cpu()) {
      host = at::empty(rows_nD.sizes(), rows_nD.options().device(at::kCPU).pinned_memory(true));
      host.copy_(rows_nD, /*non_blocking=*/true);
    }
    auto arrived = until_done(rows_nD.device());
    finish();
    first_ = first, host_nD_ = host, arrived_ = std::move(arrived);
  }
  void finish() {
    if (!host_nD_.defined()) return;
    arrived_();
    out_ND_.narrow(0, first_, host_nD_.size(0)).copy_(host_nD_);
    host_nD_ = at::Tensor();
  }

 private:
  at::Tensor out_ND_, host_nD_;
  int64_t first_ = 0;
  std::function<void()> arrived_;
};

}  // namespace

Features extract_features(Backbone& backbone, const ImageSet& images, int image_size,
                          const Normalisation& normalisation, at::Device device, const std::function<bool()>& stop) {
  const at::NoGradGuard no_grad;
  backbone.train(false);
  const at::Tensor mean_3 = at::tensor(std::vector<float>(normalisation.mean.begin(), normalisation.mean.end()));
  const at::Tensor deviation_3 =
      at::tensor(std::vector<float>(normalisation.deviation.begin(), normalisation.deviation.end()));
  Ranks& group = ranks();
  Features out{at::zeros({images.size(), backbone.width()}, at::kFloat), at::zeros({images.size()}, at::kLong)};
  Throughput throughput;
  const auto [begin, end] = own_images(images.size(), group);
  EvaluatedStream stream(
      begin, end, kFeatureBatch, int64_t{12} * image_size * image_size, device,
      [&](int64_t first, int64_t count) { return take_items(images, first, count); },
      [&](const Items& items) {
        return uniform(items, image_size) ? bytes_of(items)
                                          : whole_images(items, image_size, image_size, normalisation);
      });
  LaterRows later(out.h_ND);
  while (stream.more()) {
    if (stop()) throw Interrupted{};
    const auto [first, items, x] = stream.next();
    const bool bytes = x.scalar_type() == at::kByte;
    later.write(first, backbone.features(bytes ? normalize_bytes(x, mean_3, deviation_3) : x));
    out.labels_N.narrow(0, first, std::ssize(items)).copy_(labels_of(items));
    throughput.step(std::ssize(items));
  }
  later.finish();
  group.sum(out.h_ND);  // of what one rank has and all others left at 0
  group.sum(out.labels_N);
  require_finite(out.h_ND, images);
  const at::Tensor speed = at::tensor({throughput.median()});
  group.sum(speed);
  out.images_per_second = speed.const_data_ptr<double>()[0];
  return out;
}

Features on(at::Device device, const Features& features) {
  return {features.h_ND.to(device), features.labels_N.to(device), features.images_per_second};
}

FeatureSpread spread_of(const at::Tensor& h_ND) {
  const at::NoGradGuard no_grad;
  const int64_t N = h_ND.size(0), D = h_ND.size(1), step = (N + kRankImages - 1) / kRankImages;
  if (N < 2) return {};
  const at::Tensor h = h_ND.slice(0, 0, N, step).to(at::kCPU, at::kDouble);
  const at::Tensor unit = h / h.norm(2, {1}, true).clamp_min(1e-300);
  FeatureSpread out;
  out.deviation = unit.std(0).mean().item<double>() * std::sqrt(static_cast<double>(D));
  const at::Tensor centred = h - h.mean(0);
  const at::Tensor gram = h.size(0) < D ? centred.mm(centred.t()) : centred.t().mm(centred);
  const at::Tensor sigma = at::linalg_eigvalsh(gram).clamp_min(0).sqrt();
  const double total = sigma.sum().item<double>();
  if (!(total > 0)) return out;
  const at::Tensor p = (sigma / total).clamp_min(1e-300);
  out.effective_rank = std::exp(-(p * p.log()).sum().item<double>());
  return out;
}

const FeatureSpread& FeatureCache::spread(const DatasetSpec& dataset, Split split) {
  const std::string key = split_key(dataset, split);
  const auto found = spreads_.find(key);
  return found != spreads_.end() ? found->second
                                 : spreads_.emplace(key, spread_of(get(dataset, split).h_ND)).first->second;
}

const Features& FeatureCache::get(const DatasetSpec& dataset, Split split) {
  const std::string key = split_key(dataset, split);
  const auto found = known_.find(key);
  return found != known_.end() ? found->second : known_.emplace(key, extract_(dataset, split)).first->second;
}

}  // namespace sslbench
