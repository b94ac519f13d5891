// SPDX-License-Identifier: Apache-2.0
// Runs the operations of an augmentation golden by the functions that views are made of; needs no LibTorch.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "datasets/augment/blur.h"
#include "datasets/augment/colour_stage.h"
#include "datasets/augment/rearrange.h"
#include "datasets/augment/resize.h"
#include "datasets/augment/view_recipe.h"

namespace sslbench {

// The operations of a case: `steps` of a recipe, else the file's own with its settings.
inline nlohmann::json golden_steps(const std::string& op, nlohmann::json settings) {
  if (op == "recipe") return settings.at("steps");
  settings["op"] = op;
  return nlohmann::json::array({settings});
}

inline ColourChoice golden_jitter(const nlohmann::json& step) {
  ColourChoice choice;
  const std::vector<std::string> names{"brightness", "contrast", "saturation", "hue"};
  for (size_t k = 0; k < names.size(); ++k) {
    const auto found = std::find(names.begin(), names.end(), step.at("order").at(k).get<std::string>());
    if (found == names.end()) throw std::runtime_error("jitter: unknown operation " + step.at("order").at(k).dump());
    choice.order[k] = static_cast<uint8_t>(found - names.begin());
  }
  const nlohmann::json& factors = step.at("factors");
  choice.brightness = factors.at("brightness"), choice.contrast = factors.at("contrast");
  choice.saturation = factors.at("saturation"), choice.hue = factors.at("hue");
  return choice;
}

// The colour operations of a step; false when it is none of them.
inline bool apply_golden_colour(const std::string& op, const nlohmann::json& step, Planes& planes) {
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

inline void apply_golden_step(const nlohmann::json& step, Planes& planes) {
  const std::string op = step.at("op");
  if (op == "normalize" || apply_golden_colour(op, step, planes)) return;  // normalised when it is stored
  if (op == "hflip") return flip_left_right(planes);
  if (op == "vflip") return flip_upside_down(planes);
  if (op == "erase") return erase(golden_rect(step.at("rect")), step.at("value"), planes);
  if (op == "gaussian_blur") return gaussian_blur(step.at("kernel"), step.at("sigma"), planes);
  if (op == "solarize") return apply_solarize(step.at("threshold").get<float>() / 255, planes);
  if (op != "rot90") throw std::runtime_error("augmentation '" + op + "' is unknown or stands where it cannot be run");
  Planes turned;
  turn_quarters(step.at("k"), planes, turned);
  planes = std::move(turned);
}

// A crop at the beginning and a flip behind it are one pass, as in a view; the other steps follow one by one.
inline Planes run_golden_steps(const Image& image, const nlohmann::json& steps) {
  CropRect crop{0, 0, image.height, image.width};
  Placement placement;
  int height = image.height, width = image.width;
  size_t next = 0;
  if (!steps.empty() && steps[0].at("op") == "resized_crop") {
    crop = golden_rect(steps[0].at("crop"));
    height = steps[0].at("size").at(0), width = steps[0].at("size").at(1);
    const std::string kind = steps[0].value("interpolation", "bilinear");
    if (kind != "bilinear" && kind != "bicubic") throw std::runtime_error("interpolation '" + kind + "' is unknown");
    if (!steps[0].value("antialias", true)) throw std::runtime_error("a resize without antialiasing does not exist");
    if (kind == "bicubic") placement.interpolation = Interpolation::bicubic;
    next = 1;
  }
  if (next < steps.size() && steps[next].at("op") == "hflip") placement.mirrored = true, ++next;
  Planes planes;
  planes.resize(height, width);
  resize_crop(image, crop, placement, planes);
  for (; next < steps.size(); ++next) apply_golden_step(steps[next], planes);
  return planes;
}

inline Normalisation golden_normalisation(const nlohmann::json& settings) {
  Normalisation out;
  for (size_t c = 0; c < 3; ++c) out.mean[c] = settings.at("mean").at(c), out.deviation[c] = settings.at("std").at(c);
  return out;
}

}  // namespace sslbench
