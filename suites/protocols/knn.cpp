// SPDX-License-Identifier: Apache-2.0
// knn: weighted vote of the k nearest training images by cosine similarity, weight exp(cos / T).
// Wu, Xiong, Yu, Lin: "Unsupervised Feature Learning via Non-Parametric Instance Discrimination", CVPR 2018,
// arXiv:1805.01978, section 3.4; k = 20 and T = 0.07 as in DINO's eval_knn.py. Nothing is trained or chosen.
// Shapes: N training images, M test images, D features.
#include <algorithm>

#include "datasets/batches/aten.h"
#include "methods/parts/normalize.h"
#include "suites/metrics/classification.h"
#include "suites/protocols/accuracy.h"
#include "suites/protocols/protocol.h"

namespace sslbench {
namespace {

constexpr int64_t kChunk = 1024;  // test images of one product

class Knn final : public Protocol {
 public:
  explicit Knn(const Settings& settings) : k_(settings.integer("k")), temperature_(settings.real("temperature")) {}

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const Features& train = subject.features.get(dataset, Split::train);
    const Features& test = subject.features.get(dataset, Split::test);
    const auto classes = static_cast<int64_t>(subject.data.split(dataset, Split::train).classes.size());
    const int64_t k = std::min(k_, train.h_ND.size(0)), M = test.h_ND.size(0);
    const Tensor bank_DN = unit_rows(train.h_ND).t();
    Tensor votes_MC = at::empty({M, classes}, at::kDouble);
    for (int64_t first = 0; first < M; first += kChunk) {
      const int64_t count = std::min(kChunk, M - first);
      const Tensor query_MD = unit_rows(test.h_ND.narrow(0, first, count));
      const auto [cosine_MK, neighbour_MK] = at::topk(at::mm(query_MD, bank_DN), k);
      const Tensor labels_MK = train.labels_N.index_select(0, neighbour_MK.flatten()).contiguous();
      const Tensor cosine = cosine_MK.contiguous();
      const auto size = static_cast<size_t>(count * k);
      const auto votes = knn_vote({labels_MK.const_data_ptr<int64_t>(), size}, {cosine.const_data_ptr<float>(), size},
                                  k, classes, temperature_);
      std::copy(votes.begin(), votes.end(), votes_MC.mutable_data_ptr<double>() + first * classes);
    }
    add_accuracy(context.record, votes_MC, test.labels_N, train.labels_N);
    context.record.images = train.h_ND.size(0) + M;
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  int64_t k_;
  double temperature_;
};

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "knn",
     .summary = "weighted vote of the nearest training images by cosine; nothing is trained",
     .version = 1,
     .task = "classification",
     .metrics = {"top1", "top5"},
     .options = {integer_option("k", 20, 1, 1e6, "neighbours that vote (all, when the training set is smaller)"),
                 real_option("temperature", 0.07, 1e-4, 1e3, "T of the weight exp(cos / T)")},
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> { return std::make_unique<Knn>(settings); }});

}  // namespace
}  // namespace sslbench
