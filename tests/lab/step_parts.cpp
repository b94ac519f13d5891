// SPDX-License-Identifier: Apache-2.0
// Parts of the lab about whole steps: how long, where the time goes, what a variant changes, the same twice.
#include <ATen/Context.h>

#include <algorithm>
#include <map>

#include "suites/ground/error.h"
#include "suites/training/device_meter.h"
#include "tests/lab/kernel_times.h"
#include "tests/lab/lab_row.h"
#include "tests/lab/stepped_case.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int kProfiledSteps = 3;
constexpr size_t kProfiledCases = 3, kNamedKernels = 20;

void wait_for(at::Device device) {
  if (device.is_cuda()) device_meter()->synchronize(device.index());
}

KernelTimes profile(const Lab& lab, SteppedCase& stepped) {
  for (int i = 0; i < 2; ++i) stepped.one();
  wait_for(lab.device());
  return kernel_times(lab.device(), [&] {
    for (int i = 0; i < kProfiledSteps; ++i) stepped.one();
    wait_for(lab.device());
  });
}

void time_case(const Lab& lab, const StepCase& what, json& row) {
  SteppedCase stepped(what, lab.device());
  for (int i = 0; i < (lab.tiny() ? 1 : 3); ++i) stepped.one();
  if (lab.device().is_cuda()) device_meter()->reset_peak(lab.device().index());
  const std::vector<double> ms = lab.milliseconds([&] { stepped.one(); });
  row = {{"ms", ms},
         {"images_per_second", 1e3 * static_cast<double>(what.batch) / ms[0]},
         {"parameters", stepped.parameters()}};
  if (!lab.device().is_cuda()) return;
  row["peak_bytes"] = device_meter()->peak_bytes(lab.device().index());
  const KernelTimes times = profile(lab, stepped);
  row["launches"] = times.launches / kProfiledSteps;
  row["waits"] = static_cast<double>(times.waits - 1) / kProfiledSteps;  // without the profile's own at its end
  row["busy"] = times.milliseconds() / kProfiledSteps / ms[0];
}

void print_classes(const Lab& lab, const StepCase& what) {
  SteppedCase stepped(what, lab.device());
  const KernelTimes times = profile(lab, stepped);
  if (times.names.empty())
    throw RunFailure(FailureKind::internal, "the profiler saw no kernel: no leave to use CUPTI?");
  std::map<std::string, double> classes;
  for (const NamedTime& time : times.names) classes[class_of_kernel(time.name)] += time.milliseconds;
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [name, ms] : classes) sorted.emplace_back(ms, name);
  std::sort(sorted.rbegin(), sorted.rend());
  const double all = std::max(times.milliseconds(), 1e-9);
  for (const auto& [ms, name] : sorted) {
    lab.print(what.name + ": " + name, {{"ms", {ms / kProfiledSteps}}, {"share", ms / all}});
  }
  for (size_t i = 0; i < std::min(kNamedKernels, times.names.size()); ++i) {
    const NamedTime& time = times.names[i];
    lab.print(what.name + ": #" + std::to_string(i + 1) + " " + time.name.substr(0, 80),
              {{"ms", {time.milliseconds / kProfiledSteps}},
               {"share", time.milliseconds / all},
               {"calls", static_cast<double>(time.calls) / kProfiledSteps}});
  }
}

// How LibTorch was told to compute; put back afterwards.
class Flags {
 public:
  ~Flags() {
    at::Context& context = at::globalContext();
    context.setDeterministicAlgorithms(deterministic_, /*warn_only=*/true);
    context.setDeterministicCuDNN(cudnn_);
    context.setBenchmarkCuDNN(benchmark_);
  }
  Flags() = default;
  Flags(const Flags&) = delete;
  Flags& operator=(const Flags&) = delete;

 private:
  bool deterministic_ = at::globalContext().deterministicAlgorithms();
  bool cudnn_ = at::globalContext().deterministicCuDNN();
  bool benchmark_ = at::globalContext().benchmarkCuDNN();
};

void not_deterministic() {
  at::globalContext().setDeterministicAlgorithms(false, /*warn_only=*/true);
  at::globalContext().setDeterministicCuDNN(false);
}

void not_deterministic_benchmark() {
  not_deterministic();
  at::globalContext().setBenchmarkCuDNN(true);
}

struct Variant {
  std::string name;
  std::function<void(StepCase&)> what = {};       // of the case itself
  std::function<void(SteppedCase&)> change = {};  // of what was built
  void (*flags)() = nullptr;
};

std::vector<Variant> all_variants(at::Device device) {
  std::vector<Variant> out = {
      {.name = "contiguous, not channels-last", .change = [](SteppedCase& stepped) { stepped.make_contiguous(); }},
      {.name = "views copied in every step", .change = [](SteppedCase& stepped) { stepped.copy_views(); }},
      {.name = "losses read in every step", .change = [](SteppedCase& stepped) { stepped.read_every_step(); }}};
  if (device.is_cpu()) {
    out.push_back({.name = "own kernels", .what = [](StepCase& what) { what.kernels = Kernels::own; }});
    return out;
  }
  out.push_back({.name = "fp32", .what = [](StepCase& what) { what.precision = Precision::fp32; }});
  out.push_back({.name = "tf32", .what = [](StepCase& what) { what.precision = Precision::tf32; }});
  out.push_back({.name = "fp16", .what = [](StepCase& what) { what.precision = Precision::fp16; }});
  out.push_back({.name = "graph", .what = [](StepCase& what) { what.graph = true; }});
  out.push_back({.name = "not deterministic", .flags = not_deterministic});
  out.push_back({.name = "not deterministic, cuDNN benchmark", .flags = not_deterministic_benchmark});
  return out;
}

// Against the case as trainings have it, in turns.
void compare(const Lab& lab, const Variant& variant, json& row) {
  StepCase what = main_case(lab.tiny());
  SteppedCase base(what, lab.device());
  if (variant.what) variant.what(what);
  SteppedCase other(what, lab.device());
  if (variant.change) variant.change(other);
  const auto changed = [&](int64_t calls) {
    const Flags before;
    if (variant.flags != nullptr) variant.flags();
    return lab.window(calls, [&] { other.one(); }) / static_cast<double>(calls);
  };
  const int64_t calls = lab.tiny() ? 1 : 10;
  const auto plain = [&] { return lab.window(calls, [&] { base.one(); }) / static_cast<double>(calls); };
  plain(), changed(calls);  // set-up, which captures a graph where that is the variant
  std::vector<double> ms, ratios;
  for (int i = 0; i < (lab.tiny() ? 1 : 5); ++i) {
    const double before = plain();
    ms.push_back(changed(calls));
    ratios.push_back(ms.back() / before);
  }
  row = {{"ms", {median(ms)}}, {"ratio", median(ratios)}};
}

}  // namespace

void steps(const Lab& lab) {
  for (const StepCase& what : step_cases(lab.tiny())) {
    lab.row(what.name, [&](json& row) { time_case(lab, what, row); });
  }
}

void classes(const Lab& lab) {
  std::vector<StepCase> cases = step_cases(lab.tiny());
  cases.resize(std::min(cases.size(), kProfiledCases));
  for (const StepCase& what : cases) {
    lab.row(what.name + ": all", [&](json& row) {
      print_classes(lab, what);
      row["share"] = 1;
    });
  }
}

void variants(const Lab& lab) {
  for (const Variant& variant : all_variants(lab.device())) {
    lab.row(variant.name, [&](json& row) { compare(lab, variant, row); });
  }
}

void same_twice(const Lab& lab) {
  for (const StepCase& what : repeated_cases(lab.tiny())) {
    lab.row(what.name, [&](json& row) {
      const auto after_five = [&] {
        SteppedCase stepped(what, lab.device());
        for (int i = 0; i < 5; ++i) stepped.one();
        return stepped.hash();
      };
      row["equal"] = after_five() == after_five();
    });
  }
}

}  // namespace sslbench
