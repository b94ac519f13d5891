// SPDX-License-Identifier: Apache-2.0
// The laws of random crops, jitter and erased rectangles, in units of the bounds that the files give.
#include "tests/golden/draw_laws.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

constexpr int kDraws = 100000;

double ratio_of(double distance, double n, double reference) { return distance / law_bound(n, reference); }

GoldenVerdict laws(const GoldenJson& golden) {
  const nlohmann::json& content = golden.content;
  const Draws draws = draw_for(content.at("op"), golden.settings, kDraws);
  const double reference = content.at("draws");
  GoldenVerdict out;
  for (const auto& [name, grid] : content.at("cdf").items()) {
    const std::vector<double>& drawn = draws.values.at(name);
    out.include({ratio_of(law_distance(drawn, grid), static_cast<double>(drawn.size()), reference), name});
  }
  const nlohmann::json exact = content.value("exact", nlohmann::json::object());
  for (const auto& [name, law] : exact.items()) {
    if (law.at("law") != "uniform") throw std::runtime_error("unknown law " + law.at("law").dump());
    out.include({ratio_of(uniform_distance(draws.values.at(name), law.at("low"), law.at("high")), kDraws, 0), name});
  }
  if (content.contains("orders")) out.include({order_chi_square(draws, kDraws) / kOrderChiSquare, "orders"});
  if (content.contains("failed_fraction")) {
    const double difference =
        std::abs(static_cast<double>(draws.failed) / kDraws - content.at("failed_fraction").get<double>());
    out.include({ratio_of(difference, kDraws, reference), "failed_fraction"});
  }
  return out;
}

const bool registered = add_golden_laws({{"dist", laws}});

}  // namespace
}  // namespace sslbench
