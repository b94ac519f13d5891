// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/golden_deviation.h"

#include <cmath>
#include <cstdio>
#include <limits>

namespace sslbench {
namespace {

using nlohmann::json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Deviation of_numbers(const std::string& name, double got, double want, double rtol, double atol) {
  if (got == want || (std::isnan(got) && std::isnan(want))) return {0, 0, name};
  const double error = std::abs(got - want);
  if (!std::isfinite(error)) return {kInfinity, kInfinity, name};
  const double tolerance = atol + rtol * std::abs(want);
  return {tolerance > 0 ? error / tolerance : kInfinity, error, name};
}

std::string shape_text(const at::Tensor& tensor) {
  std::string out;
  for (const int64_t side : tensor.sizes()) out += (out.empty() ? "" : ",") + std::to_string(side);
  return "[" + out + "]";
}

}  // namespace

std::string Deviation::text() const {
  char out[256];
  std::snprintf(out, sizeof out, "error %.2g at %s, %.2g of its tolerance", error, where.c_str(), ratio);
  return out;
}

Deviation deviation(const std::string& name, const at::Tensor& got, const at::Tensor& want, double rtol, double atol) {
  if (!got.defined()) return {kInfinity, kInfinity, name + " (undefined)"};
  if (got.sizes() != want.sizes()) {
    return {kInfinity, kInfinity, name + " (shape " + shape_text(got) + ", not " + shape_text(want) + ")"};
  }
  const bool exact = !want.is_floating_point();
  if (exact && got.is_floating_point()) return {kInfinity, kInfinity, name + " (floating-point, not integer)"};
  const at::Tensor a = got.detach().to(at::kCPU, at::kDouble).contiguous(), b = want.to(at::kDouble).contiguous();
  Deviation worst;
  worst.where = name;
  for (int64_t i = 0; i < a.numel(); ++i) {
    worst.include(of_numbers(name, a.const_data_ptr<double>()[i], b.const_data_ptr<double>()[i], exact ? 0 : rtol,
                             exact ? 0 : atol));
  }
  return worst;
}

Deviation deviation(const std::string& name, const json& got, const json& want, double rtol, double atol) {
  if (got.is_number() && want.is_number()) return of_numbers(name, got, want, rtol, atol);
  if (!got.is_structured() || got.type() != want.type() || got.size() != want.size()) {
    return got == want ? Deviation{0, 0, name} : Deviation{kInfinity, kInfinity, name};
  }
  Deviation worst;
  worst.where = name;
  for (const auto& item : got.items()) {
    const std::string inner = name + "." + item.key();
    const json& value = got.is_array() ? want.at(std::stoul(item.key())) : want.value(item.key(), json());
    worst.include(deviation(inner, item.value(), value, rtol, atol));
  }
  return worst;
}

}  // namespace sslbench
