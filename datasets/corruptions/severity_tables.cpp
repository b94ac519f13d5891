// SPDX-License-Identifier: Apache-2.0
// Numbers of the published code: imagecorruptions 1.1.2 (Michaelis et al., bethgelab/imagecorruptions, corruptions.py)
// and hendrycks/robustness, ImageNet-C/create_c/make_imagenet_c.py and make_cifar_c.py.
#include <algorithm>
#include <array>
#include <cmath>

#include "datasets/corruptions/corruption.h"
#include "suites/ground/error.h"
#include "suites/ground/near_miss.h"

namespace sslbench {
namespace {

struct Row {
  const char *table, *name;  // "imagenet": both tables for large pictures have these
  std::array<std::vector<double>, 5> severities;
};

const std::vector<Row> kRows = {
    {"imagenet", "brightness", {{{0.1}, {0.2}, {0.3}, {0.4}, {0.5}}}},
    {"cifar10_c", "brightness", {{{0.05}, {0.1}, {0.15}, {0.2}, {0.3}}}},
    {"imagenet", "contrast", {{{0.4}, {0.3}, {0.2}, {0.1}, {0.05}}}},
    {"cifar10_c", "contrast", {{{0.75}, {0.5}, {0.4}, {0.3}, {0.15}}}},
    {"imagenet", "defocus_blur", {{{3, 0.1}, {4, 0.5}, {6, 0.5}, {8, 0.5}, {10, 0.5}}}},
    {"cifar10_c", "defocus_blur", {{{0.3, 0.4}, {0.4, 0.5}, {0.5, 0.6}, {1, 0.2}, {1.5, 0.1}}}},
    {"imagecorruptions", "elastic_transform", {{{12.5}, {16.25}, {21.25}, {25}, {30}}}},
    {"imagenet_c",
     "elastic_transform",
     {{{488, 170.79999999999998, 24.400000000000002},
       {488, 19.52, 48.800000000000004},
       {12.200000000000001, 2.44, 4.88},
       {17.080000000000002, 2.44, 4.88},
       {29.279999999999998, 2.44, 4.88}}}},
    {"cifar10_c",
     "elastic_transform",
     {{{0, 0, 2.56}, {1.6, 6.4, 2.24}, {2.56, 1.92, 1.92}, {3.2, 1.28, 1.6}, {3.2, 0.96, 0.96}}}},
    {"imagenet", "fog", {{{1.5, 2}, {2, 2}, {2.5, 1.7}, {2.5, 1.5}, {3, 1.4}}}},
    {"cifar10_c", "fog", {{{0.2, 3}, {0.5, 3}, {0.75, 2.5}, {1, 2}, {1.5, 1.75}}}},
    {"imagenet", "frost", {{{1, 0.4}, {0.8, 0.6}, {0.7, 0.7}, {0.65, 0.7}, {0.6, 0.75}}}},
    {"cifar10_c", "frost", {{{1, 0.2}, {1, 0.3}, {0.9, 0.4}, {0.85, 0.4}, {0.75, 0.45}}}},
    {"imagenet", "gaussian_blur", {{{1}, {2}, {3}, {4}, {6}}}},
    {"cifar10_c", "gaussian_blur", {{{0.4}, {0.6}, {0.7}, {0.8}, {1}}}},
    {"imagenet", "gaussian_noise", {{{0.08}, {0.12}, {0.18}, {0.26}, {0.38}}}},
    {"cifar10_c", "gaussian_noise", {{{0.04}, {0.06}, {0.08}, {0.09}, {0.1}}}},
    {"imagenet", "glass_blur", {{{0.7, 1, 2}, {0.9, 2, 1}, {1, 2, 3}, {1.1, 3, 2}, {1.5, 4, 2}}}},
    {"cifar10_c", "glass_blur", {{{0.05, 1, 1}, {0.25, 1, 1}, {0.4, 1, 1}, {0.25, 1, 2}, {0.4, 1, 2}}}},
    {"imagenet", "impulse_noise", {{{0.03}, {0.06}, {0.09}, {0.17}, {0.27}}}},
    {"cifar10_c", "impulse_noise", {{{0.01}, {0.02}, {0.03}, {0.05}, {0.07}}}},
    {"imagenet", "jpeg_compression", {{{25}, {18}, {15}, {10}, {7}}}},
    {"cifar10_c", "jpeg_compression", {{{80}, {65}, {58}, {50}, {40}}}},
    {"imagenet", "motion_blur", {{{10, 3}, {15, 5}, {15, 8}, {15, 12}, {20, 15}}}},
    {"cifar10_c", "motion_blur", {{{6, 1}, {6, 1.5}, {6, 2}, {8, 2}, {9, 2.5}}}},
    {"imagenet", "pixelate", {{{0.6}, {0.5}, {0.4}, {0.3}, {0.25}}}},
    {"cifar10_c", "pixelate", {{{0.95}, {0.9}, {0.85}, {0.75}, {0.65}}}},
    {"imagenet", "saturate", {{{0.3, 0}, {0.1, 0}, {2, 0}, {5, 0.1}, {20, 0.2}}}},
    {"cifar10_c", "saturate", {{{0.3, 0}, {0.1, 0}, {1.5, 0}, {2, 0.1}, {2.5, 0.2}}}},
    {"imagenet", "shot_noise", {{{60}, {25}, {12}, {5}, {3}}}},
    {"cifar10_c", "shot_noise", {{{500}, {250}, {100}, {75}, {50}}}},
    {"imagenet",
     "snow",
     {{{0.1, 0.3, 3, 0.5, 10, 4, 0.8},
       {0.2, 0.3, 2, 0.5, 12, 4, 0.7},
       {0.55, 0.3, 4, 0.9, 12, 8, 0.7},
       {0.55, 0.3, 4.5, 0.85, 12, 8, 0.65},
       {0.55, 0.3, 2.5, 0.85, 12, 12, 0.55}}}},
    {"cifar10_c",
     "snow",
     {{{0.1, 0.2, 1, 0.6, 8, 3, 0.95},
       {0.1, 0.2, 1, 0.5, 10, 4, 0.9},
       {0.15, 0.3, 1.75, 0.55, 10, 4, 0.9},
       {0.25, 0.3, 2.25, 0.6, 12, 6, 0.85},
       {0.3, 0.3, 1.25, 0.65, 14, 12, 0.8}}}},
    {"imagenet",
     "spatter",
     {{{0.65, 0.3, 4, 0.69, 0.6, 0},
       {0.65, 0.3, 3, 0.68, 0.6, 0},
       {0.65, 0.3, 2, 0.68, 0.5, 0},
       {0.65, 0.3, 1, 0.65, 1.5, 1},
       {0.67, 0.4, 1, 0.65, 1.5, 1}}}},
    {"cifar10_c",
     "spatter",
     {{{0.62, 0.1, 0.7, 0.7, 0.5, 0},
       {0.65, 0.1, 0.8, 0.7, 0.5, 0},
       {0.65, 0.3, 1, 0.69, 0.5, 0},
       {0.65, 0.1, 0.7, 0.69, 0.6, 1},
       {0.65, 0.1, 0.5, 0.68, 0.6, 1}}}},
    {"imagenet", "speckle_noise", {{{0.15}, {0.2}, {0.35}, {0.45}, {0.6}}}},
    {"cifar10_c", "speckle_noise", {{{0.06}, {0.1}, {0.12}, {0.16}, {0.2}}}},
};

// zoom_blur: numpy.arange(1, end, step), with numpy's rounding.
struct Zoom {
  double end, step;
};
constexpr std::array<Zoom, 5> kLargeZooms{{{1.11, 0.01}, {1.16, 0.01}, {1.21, 0.02}, {1.26, 0.02}, {1.31, 0.03}}};
constexpr std::array<Zoom, 5> kSmallZooms{{{1.06, 0.01}, {1.11, 0.01}, {1.16, 0.01}, {1.21, 0.01}, {1.26, 0.01}}};

std::vector<double> zoom_factors(const Zoom& zoom) {
  std::vector<double> out;
  const double step = (1 + zoom.step) - 1;
  const auto count = static_cast<int>(std::ceil((zoom.end - 1) / zoom.step));
  for (int i = 0; i < count; ++i) out.push_back(1 + i * step);
  return out;
}

[[noreturn]] void refuse(const std::string& what, const std::string& given, const std::vector<std::string>& known) {
  std::string list;
  for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
  throw UserError("unknown " + what + " '" + given + "'" + did_you_mean(given, known) + "; known: " + list);
}

}  // namespace

const std::vector<std::string>& severity_tables() {
  static const std::vector<std::string> names = {"imagecorruptions", "imagenet_c", "cifar10_c"};
  return names;
}

Severity severity_of(const std::string& table, const std::string& name, int severity) {
  const auto& tables = severity_tables();
  if (std::find(tables.begin(), tables.end(), table) == tables.end()) refuse("severity table", table, tables);
  if (severity < 1 || severity > 5) refuse("severity", std::to_string(severity), {"1", "2", "3", "4", "5"});
  const auto place = static_cast<size_t>(severity - 1);
  const bool small = table == "cifar10_c";
  if (name == "zoom_blur") return {table, zoom_factors((small ? kSmallZooms : kLargeZooms)[place])};
  std::vector<std::string> names = {"zoom_blur"};
  for (const Row& row : kRows) {
    if (row.name == name && (row.table == table || (!small && std::string(row.table) == "imagenet"))) {
      return {table, row.severities[place]};
    }
    if (std::find(names.begin(), names.end(), row.name) == names.end()) names.emplace_back(row.name);
  }
  refuse("corruption", name, names);
}

}  // namespace sslbench
