// SPDX-License-Identifier: Apache-2.0
// Protocols on features alone. SSLBENCH_EVALUATION_DATA names a safetensors file with train_x [N, D], train_y, test_x
// [M, D], test_y and classes in its metadata, which scripts/compare-evaluation writes; without it they are drawn here.
// The fits and the patches have files of their own, which that script writes, too; without one they are drawn smaller.
// Two threads. Shapes: N images, D features, E = D + 1, C classes.
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "methods/safetensors.h"
#include "suites/metrics/dense/enlarged_labels.h"
#include "suites/protocols/frozen/linear_fit.h"
#include "suites/protocols/parts/nearest_votes.h"
#include "suites/protocols/parts/softmax_probe.h"
#include "suites/protocols/patches/patch_memory.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

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

// Of the file that SSLBENCH_EVALUATION_DATA names; without it empty.
struct Given {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

const Given& given() {
  static const Given all = [] {
    Given out;
    const char* file = std::getenv("SSLBENCH_EVALUATION_DATA");
    if (file == nullptr) return out;
    const TensorFile content = read_safetensors(file);
    for (const auto& [name, tensor] : content.tensors) out.tensors[name] = tensor;
    out.metadata = content.metadata;
    return out;
  }();
  return all;
}

const Data& data() {
  static const Data all = [] {
    const auto& [tensors, metadata] = given();
    if (tensors.empty()) return drawn();
    return Data{tensors.at("train_x"), tensors.at("train_y"), tensors.at("test_x"), tensors.at("test_y"),
                std::stoll(metadata.at("classes"))};
  }();
  return all;
}

double number_given(const char* name, double otherwise) {
  const auto found = given().metadata.find(name);
  return found == given().metadata.end() ? otherwise : std::stod(found->second);
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

// One C, from zero; the objective is 0.5 |W|^2 + C sum of cross-entropies.
void logistic_regression(benchmark::State& state) {
  at::set_num_threads(2);
  const Data& d = data();
  const double c = number_given("c", 1);
  const LinearTask task{
      LinearLoss::softmax, d.train_x.to(at::kDouble), at::one_hot(d.train_y, d.classes).to(at::kDouble), {}};
  const FitLimits limits{.tolerance = number_given("tolerance", 1e-5)};
  for (auto unused : state) {
    const LinearFit fit = fit_linear(task, c, limits);
    state.PauseTiming();
    const Tensor loss = at::log_softmax(fit.scores(task.x_ND), 1).mul(task.target_NC).sum().neg();
    const Tensor squares = fit.theta_EC.narrow(0, 0, task.x_ND.size(1)).square().sum();
    state.counters["objective"] = 0.5 * squares.item<double>() + c * loss.item<double>();
    state.counters["steps"] = static_cast<double>(fit.steps);
    state.ResumeTiming();
  }
  at::set_num_threads(1);
}

// Image by image as the protocol; SSLBENCH_EVALUATION_MAPS names a file for the label maps, one byte a pixel.
void dense_knn(benchmark::State& state) {
  constexpr int64_t kCells = 14, kSide = 224, kNeighbours = 30;
  constexpr double kTemperature = 0.02;
  at::set_num_threads(2);
  at::manual_seed(0);
  const auto& tensors = given().tensors;
  const bool drawn_here = tensors.empty();
  const Tensor bank = drawn_here ? unit_rows(at::randn({10'000, 384}, at::kFloat)) : tensors.at("memory");
  const Tensor labels = drawn_here ? at::softmax(at::randn({10'000, 21}, at::kFloat), 1) : tensors.at("labels");
  const Tensor queries = drawn_here ? at::randn({10, kCells * kCells, 384}, at::kFloat) : tensors.at("queries");
  std::string maps;
  for (auto unused : state) {
    maps.clear();
    const PatchMemory memory{bank, labels};
    for (const Tensor& query_QD : queries.unbind(0)) {
      const Tensor share_QK = patch_votes(memory, query_QD, kNeighbours, kTemperature);
      const Tensor share_KQ = share_QK.t().contiguous();
      const ScoreMap cells{share_KQ.const_data_ptr<float>(), static_cast<size_t>(share_KQ.size(0)), kCells, kCells};
      const std::vector<uint8_t> map = enlarged_labels(cells, kSide, kSide, /*threads=*/2);
      maps.append(map.begin(), map.end());
    }
  }
  if (const char* file = std::getenv("SSLBENCH_EVALUATION_MAPS")) std::ofstream(file, std::ios::binary) << maps;
  at::set_num_threads(1);
}

}  // namespace

void register_evaluation_benchmarks() {
  benchmark::RegisterBenchmark("evaluation/dense_knn", dense_knn)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime()
      ->Iterations(1);
  benchmark::RegisterBenchmark("evaluation/logistic_regression", logistic_regression)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime()
      ->Iterations(1);
  benchmark::RegisterBenchmark("evaluation/knn", knn)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);
  benchmark::RegisterBenchmark("evaluation/probe", probe)
      ->Arg(10)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime()
      ->Iterations(1);
}

}  // namespace sslbench
