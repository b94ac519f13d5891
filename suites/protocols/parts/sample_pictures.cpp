// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/sample_pictures.h"

#include <algorithm>
#include <cmath>

#include "datasets/augment/dense_view.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr float kSampleSide = 256;

SamplePicture shrunk(const Image& image, float longest_side, float& scale) {
  const auto longest = static_cast<float>(std::max(image.height, image.width));
  scale = std::min(1.f, longest_side / longest);
  SamplePicture out;
  out.height = std::max(1, static_cast<int>(std::lround(scale * static_cast<float>(image.height))));
  out.width = std::max(1, static_cast<int>(std::lround(scale * static_cast<float>(image.width))));
  std::vector<float> pixels(static_cast<size_t>(out.height) * out.width * 3);
  render_whole(image, out.height, out.width, Normalisation{}, pixels.data());
  for (const float value : pixels)
    out.image.push_back(static_cast<uint8_t>(std::lround(std::clamp(value, 0.f, 1.f) * 255)));
  return out;
}

}  // namespace

std::vector<int64_t> sample_numbers(int64_t size, int64_t count) {
  std::vector<int64_t> out;
  const int64_t drawn = std::min(count, size);
  for (int64_t i = 0; i < drawn; ++i) out.push_back(i * size / drawn);
  return out;
}

Sample make_sample(const Item& item, float& scale) {
  Sample out{shrunk(item.image, kSampleSide, scale)};
  for (const Box& box : item.boxes) {
    out.truth_boxes.push_back({box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale, box.label, 1});
  }
  if (!item.mask.labels.empty()) out.truth_mask = resize_mask(item.mask, out.height, out.width, /*flip=*/false).labels;
  return out;
}

SamplePicture small_picture(const Item& item) {
  float scale = 1;
  SamplePicture out = shrunk(item.image, kBesideSide, scale);
  out.label = item.label;
  return out;
}

SamplePicture small_picture(const at::Tensor& pixels_CHW, const Normalisation& normalisation) {
  const at::Tensor deviation_C11 = at::tensor(at::ArrayRef<float>(normalisation.deviation)).view({3, 1, 1});
  const at::Tensor mean_C11 = at::tensor(at::ArrayRef<float>(normalisation.mean)).view({3, 1, 1});
  const at::Tensor bytes_HWC = ((pixels_CHW.to(at::kCPU, at::kFloat) * deviation_C11 + mean_C11).clamp(0, 1) * 255)
                                   .round()
                                   .to(at::kByte)
                                   .permute({1, 2, 0})
                                   .contiguous();
  const uint8_t* data = bytes_HWC.const_data_ptr<uint8_t>();
  const Image image{static_cast<int32_t>(bytes_HWC.size(0)),
                    static_cast<int32_t>(bytes_HWC.size(1)),
                    {data, data + bytes_HWC.numel()}};
  float scale = 1;
  return shrunk(image, kBesideSide, scale);
}

}  // namespace sslbench
