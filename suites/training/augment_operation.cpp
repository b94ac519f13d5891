// SPDX-License-Identifier: Apache-2.0
#include "suites/training/augment_operation.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>

#include <functional>
#include <map>

#include "datasets/augment/affine.h"
#include "datasets/augment/blur.h"
#include "datasets/augment/colour_stage.h"
#include "datasets/augment/rearrange.h"
#include "datasets/augment/sharpness.h"
#include "datasets/augment/tone.h"
#include "datasets/batches/aten.h"

namespace sslbench {
namespace {

using Values = std::vector<float>;

Planes planes_of(const at::Tensor& picture_3HW) {
  const at::Tensor values = picture_3HW.contiguous();
  Planes out;
  out.resize(static_cast<int>(values.size(1)), static_cast<int>(values.size(2)));
  const float* from = values.const_data_ptr<float>();
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < out.height(); ++y, from += out.width()) {
      std::copy_n(from, out.width(), out.row(channel, y));
    }
  }
  return out;
}

at::Tensor tensor_of(const Planes& planes) {
  at::Tensor out = at::empty({3, planes.height(), planes.width()}, at::kFloat);
  float* to = out.mutable_data_ptr<float>();
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < planes.height(); ++y, to += planes.width()) {
      std::copy_n(planes.row(channel, y), planes.width(), to);
    }
  }
  return out;
}

void resize_planes(const Values& v, Planes& planes) {
  Image image{planes.height(), planes.width(), {}};
  for (int y = 0; y < planes.height(); ++y) {
    for (int x = 0; x < planes.width(); ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        image.pixels.push_back(static_cast<uint8_t>(planes.row(channel, y)[x] * 255 + 0.5f));
      }
    }
  }
  const CropRect crop{static_cast<int>(v.at(0)), static_cast<int>(v.at(1)), static_cast<int>(v.at(2)),
                      static_cast<int>(v.at(3))};
  const auto kind = v.at(6) > 0 ? Interpolation::bicubic : Interpolation::bilinear;
  planes.resize(static_cast<int>(v.at(4)), static_cast<int>(v.at(5)));
  resize_crop(image, crop, {.interpolation = kind}, planes);
}

void turn_planes(const Values& v, Planes& planes) {
  Planes turned;
  turn_quarters(static_cast<int>(v.at(0)), planes, turned);
  planes = std::move(turned);
}

const std::map<std::string, std::function<void(const Values&, Planes&)>>& operations() {
  static const std::map<std::string, std::function<void(const Values&, Planes&)>> kAll = {
      {"brightness", [](const Values& v, Planes& planes) { apply_colour({.brightness = v.at(0)}, planes); }},
      {"contrast", [](const Values& v, Planes& planes) { apply_colour({.contrast = v.at(0)}, planes); }},
      {"saturation", [](const Values& v, Planes& planes) { apply_colour({.saturation = v.at(0)}, planes); }},
      {"hue", [](const Values& v, Planes& planes) { apply_colour({.hue = v.at(0)}, planes); }},
      {"grayscale", [](const Values&, Planes& planes) { apply_colour({.gray = true}, planes); }},
      {"solarize", [](const Values& v, Planes& planes) { apply_solarize(v.at(0), planes); }},
      {"invert", [](const Values&, Planes& planes) { apply_invert(planes); }},
      {"posterize", [](const Values& v, Planes& planes) { apply_posterize(static_cast<int>(v.at(0)), planes); }},
      {"sharpness", [](const Values& v, Planes& planes) { apply_sharpness(v.at(0), planes); }},
      {"flip_left_right", [](const Values&, Planes& planes) { flip_left_right(planes); }},
      {"flip_upside_down", [](const Values&, Planes& planes) { flip_upside_down(planes); }},
      {"quarter_turns", turn_planes},
      {"affine",
       [](const Values& v, Planes& planes) {
         apply_affine({v.at(0), v.at(1), v.at(2), v.at(3), v.at(4), v.at(5)}, planes);
       }},
      {"blur", [](const Values& v, Planes& planes) { gaussian_blur(static_cast<int>(v.at(0)), v.at(1), planes); }},
      {"resized_crop", resize_planes}};
  return kAll;
}

at::Tensor augment_cpu(const at::Tensor& picture_3HW, std::string operation, std::vector<double> values) {
  Planes planes = planes_of(picture_3HW);
  operations().at(operation)(Values(values.begin(), values.end()), planes);
  return tensor_of(planes);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sslbench, library) {
  library.def("augment(Tensor picture, str operation, float[] values) -> Tensor");
}
TORCH_LIBRARY_IMPL(sslbench, CPU, library) { library.impl("augment", augment_cpu); }

at::Tensor augment(const at::Tensor& picture_3HW, const std::string& operation, const std::vector<double>& values) {
  static const auto found = c10::Dispatcher::singleton()
                                .findSchemaOrThrow("sslbench::augment", "")
                                .typed<at::Tensor(const at::Tensor&, std::string, std::vector<double>)>();
  return found.call(picture_3HW, operation, values);
}

const std::vector<std::string>& augment_operations() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> out;
    for (const auto& [name, run] : operations()) out.push_back(name);
    return out;
  }();
  return kNames;
}

}  // namespace sslbench
