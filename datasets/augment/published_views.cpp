// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/published_views.h"

namespace sslbench {

using nlohmann::json;

json byol_pair() { return {{"saturation", 0.2}, {"blur", {1.0, 0.1}}, {"solarize", {0.0, 0.2}}}; }

json swav_multi_crop() {
  return {
      {"area_low", 0.14}, {"brightness", 0.8}, {"contrast", 0.8},  {"saturation", 0.8},      {"hue", 0.2},
      {"blur", 0.5},      {"local_count", 6},  {"local_size", 96}, {"local_area_low", 0.05}, {"local_area_high", 0.14}};
}

json moco_v2_views() { return {{"area_low", 0.2}, {"blur", 0.5}}; }

json whole_image_views() {
  return {{"crop", "whole"},   {"jitter", 1.0}, {"brightness", 0.2}, {"contrast", 0.2},
          {"saturation", 0.2}, {"hue", 0.05},   {"gray", 0.0}};
}

}  // namespace sslbench
