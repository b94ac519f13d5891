// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/model_facts.h"

#include <nettle/base64.h>

#include <cmath>
#include <cstring>

#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int64_t kMostSide = 4096, kMostWidth = 1 << 20, kMostImages = 64, kMostMaps = 64;
constexpr const char* kSchema = "sslbench.model/1";

[[noreturn]] void refuse(const std::string& what) { throw UserError(what); }

int64_t whole(const json& from, const char* key, int64_t low, int64_t high) {
  const json& value = from.at(key);
  const auto number = value.is_number_integer() ? value.get<int64_t>() : low - 1;
  if (number < low || number > high) {
    refuse(std::string(key) + ": expected a whole number in [" + std::to_string(low) + ", " + std::to_string(high) +
           "], got " + value.dump());
  }
  return number;
}

std::vector<uint8_t> bytes_of(const std::string& text, size_t expected) {
  std::vector<uint8_t> out(BASE64_DECODE_LENGTH(text.size()));
  base64_decode_ctx context;
  nettle_base64_decode_init(&context);
  size_t length = out.size();
  const bool whole_text = nettle_base64_decode_update(&context, &length, out.data(), text.size(), text.data()) == 1 &&
                          nettle_base64_decode_final(&context) == 1;
  if (!whole_text || length != expected) refuse("the example's values are damaged");
  out.resize(length);
  return out;
}

std::vector<float> floats_of(const json& text, int64_t count) {
  const auto bytes = bytes_of(text.get<std::string>(), static_cast<size_t>(count) * sizeof(float));
  std::vector<float> out(static_cast<size_t>(count));
  if (count > 0) std::memcpy(out.data(), bytes.data(), bytes.size());
  for (const float value : out) {
    if (!std::isfinite(value)) refuse("the example's values are not finite");
  }
  return out;
}

std::vector<int64_t> shape_of(const json& from, size_t dimensions) {
  const auto shape = from.at("shape").get<std::vector<int64_t>>();
  bool fits = shape.size() == dimensions;
  for (const int64_t each : shape) fits = fits && each > 0 && each <= kMostWidth;
  if (!fits) refuse("the example has the shape " + from.at("shape").dump());
  return shape;
}

ModelExample example_from(const json& from, const ModelFacts& facts) {
  ModelExample out;
  const auto images = shape_of(from.at("images"), 4);
  if (images[0] > kMostImages || images[1] > kMostSide || images[2] > kMostSide || images[3] != 3) {
    refuse("the example's images have the shape " + from.at("images").at("shape").dump());
  }
  out.images = images[0], out.height = images[1], out.width = images[2];
  out.pixels = bytes_of(from.at("images").at("uint8").get<std::string>(),
                        static_cast<size_t>(images[0] * images[1] * images[2] * 3));
  if (shape_of(from.at("features"), 2) != std::vector<int64_t>{out.images, facts.width}) {
    refuse("the example's features have the shape " + from.at("features").at("shape").dump());
  }
  out.features = floats_of(from.at("features").at("float32"), out.images * facts.width);
  for (const json& each : from.at("maps")) {
    ExampleMap map;
    map.shape = shape_of(each, 4);
    const int64_t values = map.shape[0] * map.shape[1] * map.shape[2];
    if (values > int64_t{1} << 40) refuse("the example's maps are too large");
    map.every = whole(each, "every", 1, int64_t{1} << 40);
    map.values = floats_of(each.at("float32"), (values * map.shape[3] + map.every - 1) / map.every);
    out.maps.push_back(std::move(map));
  }
  if (out.maps.size() != facts.maps.size()) refuse("the example lacks maps");
  return out;
}

std::array<float, 3> channels(const json& from) {
  if (!from.is_array() || from.size() != 3) refuse("mean and deviation are three numbers each");
  std::array<float, 3> out{};
  for (size_t c = 0; c < 3; ++c) out[c] = from[c].get<float>();
  return out;
}

ModelFacts facts_from(const json& from) {
  if (from.value("schema", "") != kSchema) refuse(std::string("expected the schema ") + kSchema);
  ModelFacts out;
  out.call = from.at("call").get<std::string>();
  out.weights = from.at("weights").get<std::string>();
  for (const auto& [name, version] : from.at("libraries").items()) {
    out.libraries += (out.libraries.empty() ? "" : ", ") + name + " " + version.get<std::string>();
  }
  out.size = whole(from, "size", 1, kMostSide);
  out.step = whole(from, "step", 0, kMostSide);
  out.mean = channels(from.at("mean")), out.deviation = channels(from.at("deviation"));
  for (const float each : out.deviation) {
    if (!(each > 0)) refuse("deviation is not above 0");
  }
  out.width = whole(from, "width", 1, kMostWidth);
  for (const json& each : from.at("maps")) {
    out.maps.push_back({whole(each, "stride", 1, kMostSide), whole(each, "channels", 1, kMostWidth)});
    if (out.maps.size() > 1 && out.maps.end()[-2].stride >= out.maps.back().stride)
      refuse("maps are not fine to coarse");
  }
  if (out.maps.size() > kMostMaps) refuse("too many maps");
  out.prefix = from.at("prefix").get<std::string>();
  out.example = example_from(from.at("example"), out);
  return out;
}

}  // namespace

ModelFacts model_facts(const std::string& text, const std::string& file) {
  try {
    ModelFacts out = facts_from(parse_foreign_json(text));
    out.file = file;
    return out;
  } catch (const json::exception& error) {
    throw UserError(file + ": sslbench.json in it is not what scripts/export-model writes: " + json_mistake(error) +
                    "; write the file again");
  } catch (const UserError& error) {
    throw UserError(file + ": sslbench.json in it: " + error.what() +
                    "; write the file again with scripts/export-model");
  }
}

}  // namespace sslbench
