// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/foreign_backbone.h"

#include <algorithm>
#include <cstdio>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/resize_maps.h"

namespace sslbench {
namespace {

std::string text_of(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.2g", value);
  return out;
}

Tensor example_images(const ModelFacts& facts) {
  const ModelExample& example = facts.example;
  const Tensor mean_3 = at::tensor(std::vector<float>(facts.mean.begin(), facts.mean.end()));
  const Tensor deviation_3 = at::tensor(std::vector<float>(facts.deviation.begin(), facts.deviation.end()));
  const auto shape = {example.images, example.height, example.width, int64_t{3}};
  const Tensor bytes_NHWC = at::tensor(example.pixels, at::kByte).view(shape);
  return ((bytes_NHWC.to(at::kFloat) / 255 - mean_3) / deviation_3).permute({0, 3, 1, 2}).contiguous();
}

// The largest difference, as a share of the largest value that is expected.
double deviation_of(const Tensor& found, const std::vector<float>& expected) {
  const Tensor truth = at::tensor(expected);
  const double largest = truth.abs().max().item<double>();               // host read: before anything is trained
  const double difference = (found - truth).abs().max().item<double>();  // host read: before anything is trained
  return difference == 0 ? 0 : difference / largest;
}

}  // namespace

int64_t taken_side(const ModelFacts& facts, int64_t side) {
  if (facts.step == 0) return facts.size;
  return std::max<int64_t>(1, (side + facts.step / 2) / facts.step) * facts.step;
}

std::string named_file(const std::string& backbone, const Settings& settings) {
  std::string file = settings.text("file");
  if (file.empty()) {
    throw UserError(backbone + ": which model? Set backbone = { name = \"" + backbone +
                    "\", file = \"FILE\" }; scripts/export-model writes one");
  }
  return file;
}

void ForeignBackbone::take_input_facts() {
  set_input_facts({Normalisation{facts().mean, facts().deviation}, facts().size});
}

std::vector<MapLevel> ForeignBackbone::levels() const {
  if (facts().maps.empty()) {
    throw UserError(facts().file +
                    ": holds no feature maps, which this row needs; write it again with "
                    "scripts/export-model, without --no-maps");
  }
  return facts().maps;
}

std::vector<Tensor> ForeignBackbone::checked_outputs(const Tensor& x_NCHW) const {
  std::vector<Tensor> out = outputs(x_NCHW);
  bool fits = out.size() == 1 + facts().maps.size() && out[0].dim() == 2 && out[0].size(0) == x_NCHW.size(0) &&
              out[0].size(1) == facts().width;
  for (size_t i = 0; fits && i < facts().maps.size(); ++i) {
    fits =
        out[i + 1].dim() == 4 && out[i + 1].size(0) == x_NCHW.size(0) && out[i + 1].size(1) == facts().maps[i].channels;
  }
  if (!fits) throw UserError(facts().file + ": the model returns other shapes than sslbench.json in it says");
  return out;
}

std::vector<Tensor> ForeignBackbone::feature_maps(const Tensor& x_NCHW) const {
  const std::vector<MapLevel> maps = levels();
  std::vector<Tensor> out = checked_outputs(fitted(x_NCHW));
  out.erase(out.begin());
  for (size_t i = 0; i < maps.size(); ++i) {
    const int64_t s = maps[i].stride, height = (x_NCHW.size(2) + s - 1) / s, width = (x_NCHW.size(3) + s - 1) / s;
    if (out[i].size(2) != height || out[i].size(3) != width) {
      out[i] = resize_maps(out[i], height, width, MapResize::bilinear);
    }
  }
  return out;
}

Tensor ForeignBackbone::features(const Tensor& x_NCHW) const {
  const Tensor h_ND = checked_outputs(fitted(x_NCHW)).front();
  return h_ND.element_size() < 4 ? h_ND.to(at::kFloat) : h_ND;
}

Tensor ForeignBackbone::fitted(const Tensor& x_NCHW) const {
  const int64_t height = taken_side(facts(), x_NCHW.size(2)), width = taken_side(facts(), x_NCHW.size(3));
  if (x_NCHW.size(2) == height && x_NCHW.size(3) == width) return x_NCHW;
  return resize_maps(x_NCHW, height, width, MapResize::bicubic_antialiased);
}

std::vector<std::string> ForeignBackbone::notes() const {
  const ModelFacts& of = facts();
  std::vector<std::string> out{"a model from elsewhere: " + of.call + ", weights: " + of.weights + " (" + of.libraries +
                               "); every seed starts from these weights"};
  if (of.step == 0) {
    out.push_back("it takes images of " + std::to_string(of.size) + " px only: others are resized to that");
  } else if (of.step > 1) {
    out.push_back("it takes images whose sides are multiples of " + std::to_string(of.step) +
                  " px: others are resized to the nearest");
  }
  return out;
}

double ForeignBackbone::largest_deviation() const {
  const at::NoGradGuard no_grad;
  const ModelFacts& of = facts();
  const std::vector<Tensor> found = checked_outputs(example_images(of));
  double out = deviation_of(found[0].to(at::kFloat).flatten(), of.example.features);
  for (size_t i = 0; i < of.example.maps.size(); ++i) {
    const ExampleMap& map = of.example.maps[i];
    if (found[i + 1].sizes() != map.shape) throw UserError(of.file + ": maps of the example have another shape here");
    const Tensor taken = found[i + 1].to(at::kFloat).flatten().slice(0, 0, std::nullopt, map.every);
    const double deviation = deviation_of(taken, map.values);
    if (!(deviation <= out)) out = deviation;
  }
  return out;
}

void ForeignBackbone::prove() const {
  const double deviation = largest_deviation();
  if (deviation <= kProofTolerance) return;
  throw UserError(facts().file + ": the example in it comes out different here: by " + text_of(deviation) +
                  " of the largest value, where " + text_of(kProofTolerance) +
                  " is allowed; the file is damaged, or LibTorch's runtime computes this model wrongly");
}

}  // namespace sslbench
