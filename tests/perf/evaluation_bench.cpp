// SPDX-License-Identifier: Apache-2.0
// Protocols on features alone. SSLBENCH_EVALUATION_DATA names a safetensors file with train_x [N, D], train_y, test_x
// [M, D], test_y and classes in its metadata, which scripts/compare-evaluation writes; without it they are drawn here.
// Two threads.
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "methods/safetensors.h"
#include "suites/protocols/parts/nearest_votes.h"
#include "suites/protocols/parts/softmax_probe.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

struct Data {
  Tensor train_x, train_y, test_x, test_y;
  int64_t classes = 10;
};

Data drawn() {
  at::manual_seed(0);
  const Tensor centre = at::randn({10, 512}, at::kFloat);
  const auto part = [&](int64_t count) {
    const Tensor label = at::randint(0, 10, {count}, at::kLong);
    const Tensor x = centre.index_select(0, label) * 0.2 + at::randn({count, 512}, at::kFloat);
    return std::pair(x / x.norm(2, {1}, true), label);
  };
  const auto [train_x, train_y] = part(50'000);
  const auto [test_x, test_y] = part(10'000);
  return {train_x, train_y, test_x, test_y};
}

const Data& data() {
  static const Data all = [] {
    const char* file = std::getenv("SSLBENCH_EVALUATION_DATA");
    if (file == nullptr) return drawn();
    std::map<std::string, Tensor> tensors;
    const TensorFile content = read_safetensors(file);
    for (const auto& [name, tensor] : content.tensors) tensors[name] = tensor;
    return Data{tensors.at("train_x"), tensors.at("train_y"), tensors.at("test_x"), tensors.at("test_y"),
                std::stoll(content.metadata.at("classes"))};
  }();
  return all;
}

double share_right(const Tensor& scores_MC) {
  return scores_MC.argmax(1).eq(data().test_y).to(at::kDouble).mean().item<double>();
}

void knn(benchmark::State& state) {
  at::set_num_threads(2);
  const Data& d = data();
  for (auto unused : state) {
    const NearestVotes votes = nearest_votes(d.train_x, d.train_y, d.test_x, 200, d.classes, 0.07);
    state.counters["top1"] = share_right(votes.votes_MC);
  }
  at::set_num_threads(1);
}

// 13 rates together; epochs as asked.
void probe(benchmark::State& state) {
  at::set_num_threads(2);
  const Data& d = data();
  ProbeTraining training{.epochs = state.range(0), .batch_size = 1024, .stop = [] { return false; }};
  for (int k = 0; k < 13; ++k) training.learning_rates.push_back(0.01 * std::pow(2.0, k));
  for (auto unused : state) {
    const Tensor accuracy_K =
        train_probe(d.train_x, d.train_y, d.classes, training).accuracies(d.test_x, d.test_y).to(at::kDouble);
    for (int64_t k = 0; k < 13; k += 4) state.counters["top1_" + std::to_string(k)] = accuracy_K[k].item<double>();
  }
  at::set_num_threads(1);
}

}  // namespace

void register_evaluation_benchmarks() {
  benchmark::RegisterBenchmark("evaluation/knn", knn)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);
  benchmark::RegisterBenchmark("evaluation/probe", probe)
      ->Arg(10)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime()
      ->Iterations(1);
}

}  // namespace sslbench
