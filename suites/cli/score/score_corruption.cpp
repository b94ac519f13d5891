// SPDX-License-Identifier: Apache-2.0
// sslbench score: corruptions with random fields that a file gives, and the tables of their numbers.
#include <cmath>

#include "datasets/corruptions/corruption.h"
#include "datasets/corruptions/plasma_fractal.h"
#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;

// A field of as many numbers as the picture needs; empty where the file has none.
std::vector<double> field(const ScoreInputs& inputs, const std::string& name, size_t dimensions, size_t size) {
  if (!inputs.has(name)) return {};
  std::vector<double> out = inputs.numbers(name, dimensions).values;
  if (out.size() == size) return out;
  throw UserError("in." + name + " has " + std::to_string(out.size()) + " numbers; the picture needs " +
                  std::to_string(size));
}

Image image_of(const ScoreInputs& inputs, const std::string& name) {
  const NumberTensor& pixels = inputs.numbers(name, 3);
  if (pixels.shape[2] != 3) throw UserError("in." + name + " is no [height, width, 3]");
  Image out{static_cast<int32_t>(pixels.shape[0]), static_cast<int32_t>(pixels.shape[1]), {}};
  for (const double value : pixels.values) {
    if (value < 0 || value > 255) throw UserError("in." + name + " has values outside of 0 to 255");
    out.pixels.push_back(static_cast<uint8_t>(value));
  }
  return out;
}

CorruptionDraws draws_of(const ScoreInputs& inputs, const Image& image) {
  const size_t pixels = image.pixels.size() / 3, values = image.pixels.size();
  const bool snow = inputs.settings().value("name", "") == "snow";
  CorruptionDraws out{.normal = field(inputs, "normal", snow ? 2 : 3, snow ? pixels : values),
                      .counts = field(inputs, "counts", 3, values),
                      .flip = field(inputs, "flip", 3, values),
                      .salt = field(inputs, "salt", 3, values),
                      .field = field(inputs, "field", 2, pixels),
                      .uniform_x = field(inputs, "uniform_x", 2, pixels),
                      .uniform_y = field(inputs, "uniform_y", 2, pixels),
                      .uniform_affine = field(inputs, "uniform_affine", 2, 6)};
  if (inputs.has("offsets")) out.offsets = inputs.integers("offsets", 2);
  if (inputs.has("angle")) out.angle = inputs.numbers("angle", 0).values.at(0);
  if (inputs.has("frost")) {
    const Image frost = image_of(inputs, "frost");
    if (frost.pixels.size() != values) throw UserError("in.frost is not of the picture's size");
    out.frost = RealPicture(frost.height, frost.width, 3);
    for (size_t i = 0; i < values; ++i) out.frost.values[i] = frost.pixels[i] / 255.0;
  }
  return out;
}

// What a file says of its numbers must be what the table has: one number, some, or ["arange", first, end, step].
void expect_numbers(const json& given, const Severity& severity) {
  std::vector<double> numbers;
  if (given.is_number()) numbers = {given.get<double>()};
  const bool range = given.is_array() && given.size() == 4 && given[0] == "arange";
  for (size_t i = 0; given.is_array() && !range && i < given.size(); ++i) numbers.push_back(given[i].get<double>());
  const bool same = range ? std::fabs(severity.numbers.back() + given[3].get<double>() / 2 - given[2].get<double>()) <=
                                given[3].get<double>()
                          : numbers == severity.numbers;
  if (!same) throw UserError("setting 'parameters': the table has other numbers than " + given.dump());
}

NumberTensors corruption(const ScoreInputs& inputs) {
  const json& settings = inputs.settings();
  const std::string name = settings.value("name", "");
  const Severity severity =
      severity_of(settings.value("table", ""), name, static_cast<int>(inputs.integer_setting("severity", 0, 1, 5)));
  if (settings.contains("parameters")) expect_numbers(settings.at("parameters"), severity);
  const Image image = image_of(inputs, "image");
  const CorruptionEntry& entry = Registry<CorruptionEntry>::find(name);
  const RealPicture out =
      corrupted(image, entry, severity, expect_draws(entry, image, severity, draws_of(inputs, image)));
  std::vector<int64_t> bytes;
  for (const double value : out.values) bytes.push_back(static_cast<int64_t>(value + 1e-9));
  const std::vector<int64_t> shape = {out.height, out.width, 3};
  return {{"f32", {shape, out.values}}, {"u8", integer_tensor(shape, bytes)}};
}

NumberTensors plasma(const ScoreInputs& inputs) {
  const int64_t size = inputs.integer_setting("mapsize", 0, 2, 4096);
  const std::vector<double>& uniform = inputs.numbers("uniform", 1).values;
  if ((size & (size - 1)) != 0) throw UserError("setting 'mapsize' is " + std::to_string(size) + ", no power of two");
  if (static_cast<int64_t>(uniform.size()) < size * size - 1) {
    throw UserError("in.uniform has " + std::to_string(uniform.size()) + " numbers; " +
                    std::to_string(size * size - 1) + " are used");
  }
  return {{"map",
           {{size, size}, plasma_fractal(static_cast<int>(size), inputs.setting("wibbledecay", 3, 1, 100), uniform)}}};
}

json parameters(const json&, const json& input) {
  return {{"parameters",
           severity_of(input.at("table"), input.at("name"), static_cast<int>(integer_at(input, "severity", 1, 5)))
               .numbers}};
}

using Scores = Registry<ScoreEntry>;
const bool registered =
    Scores::add({"corruption",
                 "a picture with a corruption of ImageNet-C or CIFAR-10-C under given random fields",
                 {},
                 corruption,
                 {{"name"}, {"table"}, {"severity"}, {"parameters"}, {"note"}}}) &&
    Scores::add({"plasma_fractal", "the cloud that fog is made of", {}, plasma, {{"mapsize"}, {"wibbledecay"}}}) &&
    add_statistic("corruption_parameters", "the published numbers of a corruption's severity", parameters,
                  {"name", "table", "severity"});

}  // namespace
}  // namespace sslbench
