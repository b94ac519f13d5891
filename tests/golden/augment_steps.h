// SPDX-License-Identifier: Apache-2.0
// Runs the operations of an augmentation golden by the functions that views are made of; needs no LibTorch.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "datasets/augment/blur.h"
#include "datasets/augment/colour_stage.h"
#include "datasets/augment/rearrange.h"
#include "datasets/augment/resize.h"
#include "datasets/augment/view_recipe.h"
#include "tests/golden/golden_settings.h"

namespace sslbench {

struct GoldenStep {
  std::string op;
  GoldenSettings settings;
};

// The operations of a case: `steps` of a recipe, else the file's own with its settings.
inline std::vector<GoldenStep> golden_steps(const std::string& op, const GoldenSettings& settings) {
  if (op != "recipe") return {{op, settings}};
  settings.expect("method", {"simclr", "mocov2", "byol", "dino"});
  settings.expect("view", {1, 2, "global1", "global2", "local"});  // of the method; its steps are all there is to it
  std::vector<GoldenStep> out;
  for (const GoldenSettings& step : settings.sections("steps")) out.push_back({step.text("op"), step});
  return out;
}

inline ColourChoice golden_jitter(const GoldenSettings& step) {
  ColourChoice choice;
  const std::vector<std::string> names{"brightness", "contrast", "saturation", "hue"};
  for (size_t k = 0; k < names.size(); ++k) {
    const auto found = std::find(names.begin(), names.end(), step.at("order").at(k).get<std::string>());
    if (found == names.end()) throw std::runtime_error("jitter: unknown operation " + step.at("order").at(k).dump());
    choice.order[k] = static_cast<uint8_t>(found - names.begin());
  }
  const GoldenSettings factors = step.section("factors");
  choice.brightness = factors.at("brightness"), choice.contrast = factors.at("contrast");
  choice.saturation = factors.at("saturation"), choice.hue = factors.at("hue");
  return choice;
}

// The colour operations of a step; false when it is none of them.
inline bool apply_golden_colour(const std::string& op, const GoldenSettings& step, Planes& planes) {
  ColourChoice choice;
  if (op == "brightness") {
    choice.brightness = step.at("factor");
  } else if (op == "contrast") {
    choice.contrast = step.at("factor");
  } else if (op == "saturation") {
    choice.saturation = step.at("factor");
  } else if (op == "hue") {
    choice.hue = step.at("factor");
  } else if (op == "grayscale") {
    step.expect("channels", {3});
    choice.gray = true;
  } else if (op == "jitter") {
    choice = golden_jitter(step);
  } else {
    return false;
  }
  apply_colour(choice, planes);
  return true;
}

inline CropRect golden_rect(const nlohmann::json& rect) { return {rect.at(0), rect.at(1), rect.at(2), rect.at(3)}; }

inline void apply_golden_step(const GoldenStep& asked, Planes& planes) {
  const auto& [op, step] = asked;
  if (op == "normalize") return step.expect("layout", {"CHW"});  // normalised when it is stored
  if (apply_golden_colour(op, step, planes)) return;
  if (op == "hflip") return flip_left_right(planes);
  if (op == "vflip") return flip_upside_down(planes);
  if (op == "erase") return erase(golden_rect(step.at("rect")), step.at("value"), planes);
  if (op == "gaussian_blur") return gaussian_blur(step.at("kernel"), step.at("sigma"), planes);
  if (op == "solarize") return apply_solarize(step.at("threshold").get<float>() / 255, planes);
  if (op != "rot90") throw std::runtime_error("augmentation '" + op + "' is unknown or stands where it cannot be run");
  step.expect_if_given("direction", {"counter-clockwise (numpy.rot90 on H, W)"});
  Planes turned;
  turn_quarters(step.at("k"), planes, turned);
  planes = std::move(turned);
}

// A crop at the beginning and a flip behind it are one pass, as in a view; the other steps follow one by one.
inline Planes run_golden_steps(const Image& image, const std::vector<GoldenStep>& steps) {
  CropRect crop{0, 0, image.height, image.width};
  Placement placement;
  int height = image.height, width = image.width;
  size_t next = 0;
  if (!steps.empty() && steps[0].op == "resized_crop") {
    const GoldenSettings& step = steps[0].settings;
    crop = golden_rect(step.at("crop"));
    height = step.at("size").at(0), width = step.at("size").at(1);
    const std::string kind = step.choice("interpolation", {"bilinear", "bicubic"});
    step.expect_if_given("antialias", {true});
    if (kind == "bicubic") placement.interpolation = Interpolation::bicubic;
    next = 1;
  }
  if (next < steps.size() && steps[next].op == "hflip") placement.mirrored = true, ++next;
  Planes planes;
  planes.resize(height, width);
  resize_crop(image, crop, placement, planes);
  for (; next < steps.size(); ++next) apply_golden_step(steps[next], planes);
  return planes;
}

inline Normalisation golden_normalisation(const GoldenSettings& settings) {
  Normalisation out;
  for (size_t c = 0; c < 3; ++c) out.mean[c] = settings.at("mean").at(c), out.deviation[c] = settings.at("std").at(c);
  return out;
}

}  // namespace sslbench
