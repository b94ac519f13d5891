// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/lab_row.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

#include "suites/training/device_meter.h"

namespace sslbench {

void Lab::print(const std::string& name, nlohmann::json row) const {
  row["part"] = part_;
  row["case"] = name;
  std::printf("%s\n", row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

void Lab::row(const std::string& name, const std::function<void(nlohmann::json&)>& measure) const {
  nlohmann::json out = nlohmann::json::object();
  if (Clock::now() >= end_) {
    out["left_out"] = "no seconds left";
  } else {
    try {
      measure(out);
    } catch (const std::exception& error) {
      const std::string text = error.what();
      out["failed"] = text.substr(0, text.find('\n'));
    }
  }
  print(name, std::move(out));
}

double Lab::window(int64_t calls, const std::function<void()>& work) const {
  std::function<void()> all = [&] {
    for (int64_t i = 0; i < calls; ++i) work();
  };
  if (device_.is_cuda()) {
    const auto call = [](void* those) { (*static_cast<std::function<void()>*>(those))(); };
    return device_meter()->stream_milliseconds(device_.index(), call, &all);
  }
  const auto start = Clock::now();
  all();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::vector<double> Lab::milliseconds(const std::function<void()>& work) const {
  constexpr double kWindow = 333;  // ms
  constexpr int kWindows = 5;
  work();
  const double once = window(1, work);
  const int64_t calls = tiny_ ? 1 : std::clamp<int64_t>(std::llround(kWindow / std::max(once, 1e-3)), 1, 10);
  std::vector<double> all;
  for (int i = 0; i < (tiny_ ? 1 : kWindows); ++i) all.push_back(window(calls, work) / static_cast<double>(calls));
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  return {median(all), *low, *high};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace sslbench
