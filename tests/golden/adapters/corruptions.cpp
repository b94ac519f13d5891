// SPDX-License-Identifier: Apache-2.0
// Corruptions with the files' random fields, and the tables of their numbers.
#include "datasets/corruptions/corruption.h"
#include "datasets/corruptions/plasma_fractal.h"
#include "suites/ground/registry.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

std::vector<double> reals(const GoldenCall& call, const std::string& name) {
  if (!call.has(name)) return {};
  const Tensor values = call[name].to(at::kDouble).contiguous();
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

Image image_of(const Tensor& pixels_HWC) {
  const Tensor bytes = pixels_HWC.contiguous();
  const auto* first = bytes.const_data_ptr<uint8_t>();
  return {static_cast<int32_t>(bytes.size(0)), static_cast<int32_t>(bytes.size(1)), {first, first + bytes.numel()}};
}

CorruptionDraws draws_of(const GoldenCall& call) {
  CorruptionDraws out{.normal = reals(call, "normal"),
                      .counts = reals(call, "counts"),
                      .flip = reals(call, "flip"),
                      .salt = reals(call, "salt"),
                      .field = reals(call, "field"),
                      .uniform_x = reals(call, "uniform_x"),
                      .uniform_y = reals(call, "uniform_y"),
                      .uniform_affine = reals(call, "uniform_affine")};
  for (const double offset : reals(call, "offsets")) out.offsets.push_back(static_cast<int64_t>(offset));
  if (call.has("angle")) out.angle = reals(call, "angle").at(0);
  if (call.has("frost")) {
    const Image frost = image_of(call["frost"]);
    out.frost = RealPicture(frost.height, frost.width, 3);
    for (size_t i = 0; i < frost.pixels.size(); ++i) out.frost.values[i] = frost.pixels[i] / 255.0;
  }
  return out;
}

// What a file says of its numbers must be what the table has: one number, some, or what numpy.arange makes.
void expect_numbers(const nlohmann::json& given, const Severity& severity) {
  std::vector<double> numbers;
  if (given.is_number()) numbers = {given.get<double>()};
  const bool range = given.is_array() && given.at(0) == "arange";
  for (size_t i = 0; given.is_array() && !range && i < given.size(); ++i) numbers.push_back(given[i].get<double>());
  if (!range && numbers != severity.numbers)
    throw std::runtime_error("the table has other parameters than " + given.dump());
  if (range && severity.numbers.back() >= given.at(2).get<double>() + 1e-9) {
    throw std::runtime_error("the table has factors beyond " + given.dump());
  }
}

GoldenOutput corruption(const GoldenCall& call) {
  const std::string name = call.text("name");
  const Severity severity = severity_of(call.text("table"), name, static_cast<int>(call.integer("severity")));
  expect_numbers(call.settings.at("parameters"), severity);
  if (call.settings.contains("note")) call.text("note");
  const RealPicture out =
      corrupted(image_of(call["image"]), Registry<CorruptionEntry>::find(name), severity, draws_of(call));
  const Tensor values = at::tensor(out.values, at::kDouble).view({out.height, out.width, 3});
  return {{"f32", values.to(at::kFloat)}, {"u8", (values + 1e-9).to(at::kByte)}};
}

GoldenOutput plasma(const GoldenCall& call) {
  const int64_t size = call.integer("mapsize");
  const std::vector<double> map =
      plasma_fractal(static_cast<int>(size), call.real("wibbledecay"), reals(call, "uniform"));
  return {{"map", at::tensor(map, at::kDouble).view({size, size}).to(at::kFloat)}};
}

nlohmann::json parameters(const GoldenJson& golden) {
  nlohmann::json cases = golden.content.at("cases");
  for (nlohmann::json& each : cases) {
    const nlohmann::json& input = each.at("input");
    each["expected"] = {
        {"parameters", severity_of(input.at("table"), input.at("name"), input.at("severity").get<int>()).numbers}};
  }
  return {{"cases", cases}};
}

const bool registered = add_golden_ops({{"corruption", corruption}, {"plasma_fractal", plasma}}) &&
                        add_golden_json_ops({{"corruption_parameters", parameters}});

}  // namespace
}  // namespace sslbench
