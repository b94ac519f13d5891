// SPDX-License-Identifier: Apache-2.0
// Draws of the samplers that training uses, under the settings of a golden `dist` file; needs no LibTorch.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/augment/view.h"
#include "tests/golden/golden_settings.h"

namespace sslbench {

// Named values of every draw, and for a jitter how often every order came up.
struct Draws {
  std::map<std::string, std::vector<double>> values;
  std::map<std::array<uint8_t, 4>, int> orders;
  int failed = 0;  // erasing that found no rectangle
};

inline ViewParameters draw_number(const ViewRecipe& recipe, int height, int width, int number) {
  return draw_view(recipe, height, width, RandomStream(7, RandomUse::view, 0, static_cast<uint32_t>(number)));
}

inline Draws draw_crops(const GoldenSettings& settings, CropSampler sampler, int draws) {
  const int height = settings.at("height"), width = settings.at("width");
  ViewRecipe recipe{.crop = sampler};
  recipe.area_low = settings.at("scale").at(0), recipe.area_high = settings.at("scale").at(1);
  recipe.ratio_low = settings.at("ratio").at(0), recipe.ratio_high = settings.at("ratio").at(1);
  Draws out;
  for (int i = 0; i < draws; ++i) {
    const ViewParameters view = draw_number(recipe, height, width, i);
    const double h = static_cast<double>(view.height), w = static_cast<double>(view.width);
    const double top = static_cast<double>(view.top), left = static_cast<double>(view.left);
    out.values["height"].push_back(h), out.values["width"].push_back(w);
    out.values["top"].push_back(top), out.values["left"].push_back(left);
    out.values["area_fraction"].push_back(h * w / (static_cast<double>(height) * width));
    out.values["log_ratio"].push_back(std::log(w / h));
    out.values["center_y"].push_back((top + h / 2) / height);
    out.values["center_x"].push_back((left + w / 2) / width);
  }
  return out;
}

inline Draws draw_jitters(const GoldenSettings& settings, int draws) {
  ViewRecipe recipe{.jitter = 1};
  recipe.brightness = settings.at("brightness"), recipe.contrast = settings.at("contrast");
  recipe.saturation = settings.at("saturation"), recipe.hue = settings.at("hue");
  Draws out;
  for (int i = 0; i < draws; ++i) {
    const ViewParameters view = draw_number(recipe, 32, 32, i);
    out.values["brightness"].push_back(static_cast<double>(view.brightness));
    out.values["contrast"].push_back(static_cast<double>(view.contrast));
    out.values["saturation"].push_back(static_cast<double>(view.saturation));
    out.values["hue"].push_back(static_cast<double>(view.hue));
    ++out.orders[view.order];
  }
  return out;
}

// Pictures of height x width; a view erases the same way in a square of its own size.
inline Draws draw_erasures(const GoldenSettings& settings, int draws) {
  const int height = settings.at("height"), width = settings.at("width");
  const nlohmann::json &scale = settings.at("scale"), &ratio = settings.at("ratio");
  const RectBounds bounds{scale[0], scale[1], ratio[0], ratio[1]};
  Draws out;
  for (int i = 0; i < draws; ++i) {
    RandomStream stream(7, RandomUse::view, 0, static_cast<uint32_t>(i));
    const CropRect rect = draw_erased(bounds, height, width, stream);
    if (rect.height == 0 || rect.width == 0) {
      ++out.failed;
      continue;
    }
    const double h = rect.height, w = rect.width;
    out.values["height"].push_back(h), out.values["width"].push_back(w);
    out.values["top"].push_back(rect.top), out.values["left"].push_back(rect.left);
    out.values["area_fraction"].push_back(h * w / (static_cast<double>(height) * width));
    out.values["log_ratio_h_over_w"].push_back(std::log(h / w));
  }
  return out;
}

inline Draws draw_for(const std::string& op, const GoldenSettings& settings, int draws) {
  if (op != "dist_jitter") settings.expect_if_given("tries", {op == "dist_rrc_mae" ? 1 : 10});
  if (op == "dist_rrc") return draw_crops(settings, CropSampler::torchvision, draws);
  if (op == "dist_rrc_mae") return draw_crops(settings, CropSampler::mae, draws);
  if (op == "dist_jitter") return draw_jitters(settings, draws);
  if (op == "dist_erase") return draw_erasures(settings, draws);
  throw std::runtime_error("unknown sampler '" + op + "'");
}

// Largest |F_n - F| over the grid [[q, F], ...].
inline double law_distance(std::vector<double> drawn, const nlohmann::json& grid) {
  std::sort(drawn.begin(), drawn.end());
  double worst = 0;
  for (const nlohmann::json& point : grid) {
    const auto below = std::upper_bound(drawn.begin(), drawn.end(), point[0].get<double>() + 1e-6) - drawn.begin();
    const double share = static_cast<double>(below) / static_cast<double>(drawn.size());
    worst = std::max(worst, std::abs(share - point[1].get<double>()));
  }
  return worst;
}

// Largest |F_n - F| at the draws themselves, for U(low, high).
inline double uniform_distance(std::vector<double> drawn, double low, double high) {
  std::sort(drawn.begin(), drawn.end());
  double worst = 0;
  for (size_t i = 0; i < drawn.size(); ++i) {
    const double law = std::clamp((drawn[i] - low) / (high - low), 0.0, 1.0);
    worst = std::max({worst, std::abs(static_cast<double>(i) / static_cast<double>(drawn.size()) - law),
                      std::abs(static_cast<double>(i + 1) / static_cast<double>(drawn.size()) - law)});
  }
  return worst;
}

// Kolmogorov-Smirnov at alpha 1e-5 for n draws against `reference` draws (0: against an exact law).
inline double law_bound(double n, double reference) {
  return 2.47 * std::sqrt(1 / n + (reference > 0 ? 1 / reference : 0));
}

// Of the 24 orders against an even law; more than 73 is an alpha of 4e-7.
inline double order_chi_square(const Draws& draws, int count) {
  const double expected = count / 24.0;
  double out = (24 - static_cast<double>(draws.orders.size())) * expected;
  for (const auto& [order, times] : draws.orders) out += std::pow(times - expected, 2) / expected;
  return out;
}
inline constexpr double kOrderChiSquare = 73;

}  // namespace sslbench
