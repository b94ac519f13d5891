// SPDX-License-Identifier: Apache-2.0
#include "datasets/batches/resident_images.h"

#include <algorithm>
#include <cmath>

#include "datasets/augment/mixing.h"
#include "datasets/batches/aten.h"

namespace sslbench {
namespace {

// Channels-last memory [N, 3, H, W] and the address of image n inside it.
at::Tensor image_tensor(int64_t N, int64_t height, int64_t width) {
  return at::empty({N, 3, height, width}, at::TensorOptions(at::kFloat), at::MemoryFormat::ChannelsLast);
}

}  // namespace

ResidentImages::ResidentImages(const DataSource& source) {
  items_.reserve(static_cast<size_t>(source.size()));
  for (int64_t i = 0; i < source.size(); ++i) items_.push_back(source.item(i));
}

at::Tensor ResidentImages::labels() const {
  at::Tensor labels_N = at::empty({size()}, at::kLong);
  auto* out = labels_N.mutable_data_ptr<int64_t>();
  for (const Item& item : items_) *out++ = item.label;
  return labels_N;
}

int32_t ResidentImages::longest_side() const {
  int32_t longest = 0;
  for (const Item& item : items_) longest = std::max({longest, item.image.height, item.image.width});
  return longest;
}

bool ResidentImages::uniform(int32_t side) const {
  return std::all_of(items_.begin(), items_.end(),
                     [&](const Item& item) { return item.image.height == side && item.image.width == side; });
}

at::Tensor ResidentImages::bytes(int64_t first, int64_t count) const {
  const int64_t side = item(first).image.height, size = side * side * 3;
  at::Tensor out_NHWC = at::empty({count, side, side, 3}, at::kByte);
  for (int64_t n = 0; n < count; ++n) {
    const auto& pixels = item(first + n).image.pixels;
    std::copy(pixels.begin(), pixels.end(), out_NHWC.mutable_data_ptr<uint8_t>() + n * size);
  }
  return out_NHWC;
}

std::array<float, 5> box_in_view(const Box& box, const ViewParameters& view) {
  const float centre_x = view.left + view.width / 2, centre_y = view.top + view.height / 2;
  const float c = std::cos(view.angle), s = std::sin(view.angle);
  float x0 = 1e9f, y0 = 1e9f, x1 = -1e9f, y1 = -1e9f;
  for (const int corner : {0, 1, 2, 3}) {
    const float dx = (corner % 2 == 0 ? box.x0 : box.x1) - centre_x, dy = (corner < 2 ? box.y0 : box.y1) - centre_y;
    float u = (c * dx + s * dy) / view.width + 0.5f;
    float v = (-s * dx + c * dy) / view.height + 0.5f;
    if (view.flip) u = 1 - u;
    if (view.flip_vertical) v = 1 - v;
    x0 = std::min(x0, u), x1 = std::max(x1, u), y0 = std::min(y0, v), y1 = std::max(y1, v);
  }
  const float whole = (x1 - x0) * (y1 - y0);
  const auto cut = [](float value) { return std::clamp(value, 0.f, 1.f); };
  x0 = cut(x0), x1 = cut(x1), y0 = cut(y0), y1 = cut(y1);
  const float seen = whole > 0 ? (x1 - x0) * (y1 - y0) / whole : 0;
  return {(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0, seen};
}

namespace {

// Draws and renders view v of one image into row n of the batch.
void make_view(const Item& item, int64_t n, size_t v, const ViewPlan& plan, TrainBatch& batch) {
  const ViewRecipe& recipe = plan.recipes[v];
  const RandomStream stream(plan.seed, RandomUse::view, static_cast<uint32_t>(batch.epoch),
                            static_cast<uint32_t>(batch.samples[static_cast<size_t>(n)]), static_cast<uint32_t>(v));
  const ViewParameters view = draw_view(recipe, item.image.height, item.image.width, stream);
  const int64_t floats = int64_t{recipe.size} * recipe.size * 3;
  render_view(item.image, view, recipe.size, plan.normalisation, batch.views[v].mutable_data_ptr<float>() + n * floats);
  const float left = view.left / static_cast<float>(item.image.width);
  const float right = (view.left + view.width) / static_cast<float>(item.image.width);
  float* crop = batch.crops[v].mutable_data_ptr<float>() + n * 4;
  crop[0] = view.flip ? right : left, crop[2] = view.flip ? left : right;
  const float top = view.top / static_cast<float>(item.image.height);
  const float bottom = (view.top + view.height) / static_cast<float>(item.image.height);
  crop[1] = view.flip_vertical ? bottom : top, crop[3] = view.flip_vertical ? top : bottom;
  if (v > 0 || !batch.boxes_N5.defined()) return;
  const auto box = box_in_view(item.boxes.front(), view);
  std::copy(box.begin(), box.end(), batch.boxes_N5.mutable_data_ptr<float>() + n * 5);
}

// Every image takes its share of the next one, the last of the first; views of an image are mixed alike.
void mix_batch(const ViewPlan& plan, TrainBatch& batch) {
  const int64_t N = batch.labels_N.size(0);
  batch.other_labels_N = batch.labels_N.roll(-1, 0);
  batch.own_share_N = at::empty({N}, at::kFloat);
  std::vector<MixingChoice> choices;
  for (int64_t n = 0; n < N; ++n) {
    const RandomStream stream(plan.seed, RandomUse::mixing, static_cast<uint32_t>(batch.epoch),
                              static_cast<uint32_t>(batch.samples[static_cast<size_t>(n)]));
    choices.push_back(draw_mixing(plan.mixing, plan.recipes[0].size, stream));
    batch.own_share_N.mutable_data_ptr<float>()[n] = choices.back().share;
  }
  for (size_t v = 0; v < plan.recipes.size(); ++v) {
    const int size = plan.recipes[v].size;
    const int64_t floats = int64_t{size} * size * 3;
    float* values = batch.views[v].mutable_data_ptr<float>();
    const std::vector<float> first(values, values + floats);
    for (int64_t n = 0; n < N; ++n) {
      const float* next = n + 1 < N ? values + (n + 1) * floats : first.data();
      mix_views(choices[static_cast<size_t>(n)], size, next, values + n * floats);
    }
  }
}

}  // namespace

TrainBatch make_views(const ResidentImages& images, const std::vector<int64_t>& samples, int64_t epoch,
                      const ViewPlan& plan) {
  const auto N = static_cast<int64_t>(samples.size());
  TrainBatch batch;
  batch.samples = samples;
  batch.epoch = epoch;
  batch.labels_N = at::empty({N}, at::kLong);
  const bool boxes =
      std::all_of(samples.begin(), samples.end(), [&](int64_t i) { return !images.item(i).boxes.empty(); });
  if (boxes) batch.boxes_N5 = at::empty({N, 5}, at::kFloat);
  for (const ViewRecipe& recipe : plan.recipes) {
    batch.views.push_back(image_tensor(N, recipe.size, recipe.size));
    batch.crops.push_back(at::empty({N, 4}, at::kFloat));
  }
  for (int64_t n = 0; n < N; ++n) {
    const Item& item = images.item(samples[static_cast<size_t>(n)]);
    batch.labels_N.mutable_data_ptr<int64_t>()[n] = item.label;
    for (size_t v = 0; v < plan.recipes.size(); ++v) make_view(item, n, v, plan, batch);
  }
  if (plan.mixing.any()) mix_batch(plan, batch);
  return batch;
}

at::Tensor whole_images(const ResidentImages& images, int64_t first, int64_t count, int height, int width,
                        const Normalisation& normalisation) {
  at::Tensor out_NCHW = image_tensor(count, height, width);
  for (int64_t n = 0; n < count; ++n) {
    render_whole(images.item(first + n).image, height, width, normalisation,
                 out_NCHW.mutable_data_ptr<float>() + n * height * width * 3);
  }
  return out_NCHW;
}

}  // namespace sslbench
