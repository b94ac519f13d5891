// SPDX-License-Identifier: Apache-2.0
#include "datasets/batches/image_batches.h"

#include <algorithm>
#include <cmath>

#include "datasets/augment/mixing.h"
#include "datasets/stream/drawn_picture.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

at::TensorOptions float_options(bool pinned = false) { return at::TensorOptions(at::kFloat).pinned_memory(pinned); }

// Channels-last memory [N, 3, H, W].
at::Tensor image_tensor(int64_t N, int64_t height, int64_t width, bool pinned) {
  return at::empty({N, 3, height, width}, float_options(pinned), at::MemoryFormat::ChannelsLast);
}

}  // namespace

Items take_items(const ImageSet& images, int64_t first, int64_t count) {
  Items out;
  for (int64_t n = 0; n < count; ++n) out.push_back(images.item(first + n));
  return out;
}

at::Tensor labels_of(const Items& items) {
  at::Tensor labels_N = at::empty({static_cast<int64_t>(items.size())}, at::kLong);
  auto* out = labels_N.mutable_data_ptr<int64_t>();
  for (const auto& item : items) *out++ = item->label;
  return labels_N;
}

bool uniform(const Items& items, int32_t side) {
  return std::all_of(items.begin(), items.end(),
                     [&](const auto& item) { return item->image.height == side && item->image.width == side; });
}

at::Tensor bytes_of(const Items& items) {
  const int64_t side = items.front()->image.height, size = side * side * 3;
  at::Tensor out_NHWC = at::empty({static_cast<int64_t>(items.size()), side, side, 3}, at::kByte);
  auto* out = out_NHWC.mutable_data_ptr<uint8_t>();
  for (const auto& item : items) {
    std::copy(item->image.pixels.begin(), item->image.pixels.end(), out);
    out += size;
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

// Where a view lies in its image (TrainBatch::crops).
void store_crop(const ViewParameters& view, const DrawnPicture& picture, float* crop) {
  const auto height = static_cast<float>(picture.height()), width = static_cast<float>(picture.width());
  const float left = view.left / width, right = (view.left + view.width) / width;
  crop[0] = view.flip ? right : left, crop[2] = view.flip ? left : right;
  const float top = view.top / height, bottom = (view.top + view.height) / height;
  crop[1] = view.flip_vertical ? bottom : top, crop[3] = view.flip_vertical ? top : bottom;
}

// Row n of the batch.
void store_picture(const DrawnPicture& picture, int64_t n, const ViewPlan& plan, TrainBatch& batch) {
  batch.labels_N.mutable_data_ptr<int64_t>()[n] = picture.item().label;
  for (size_t v = 0; v < plan.recipes.size(); ++v) {
    const int64_t floats = int64_t{plan.recipes[v].size} * plan.recipes[v].size * 3;
    picture.render(v, plan.normalisation, batch.views[v].mutable_data_ptr<float>() + n * floats);
    store_crop(picture.views()[v], picture, batch.crops[v].mutable_data_ptr<float>() + n * 4);
  }
  if (picture.item().boxes.empty()) batch.boxes_N5 = at::Tensor();
  if (!batch.boxes_N5.defined() || picture.views().empty()) return;
  const auto box = box_in_view(picture.item().boxes.front(), picture.views().front());
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

void drop_last_image(TrainBatch& batch) {
  batch.samples.pop_back();
  const auto N = static_cast<int64_t>(batch.samples.size());
  const auto cut = [N](at::Tensor& tensor) {
    if (tensor.defined()) tensor = tensor.narrow(0, 0, N);
  };
  for (at::Tensor& view : batch.views) cut(view);
  for (at::Tensor& crop : batch.crops) cut(crop);
  for (at::Tensor* tensor : {&batch.labels_N, &batch.boxes_N5, &batch.other_labels_N, &batch.own_share_N}) cut(*tensor);
}

}  // namespace

TrainBatch make_views(const ImageSet& images, const std::vector<int64_t>& samples, int64_t epoch, const ViewPlan& plan,
                      const std::stop_token& stop, std::optional<int64_t> following) {
  if (plan.mixing.any() && following && *following != samples.front()) {  // it is made too, mixed into, and dropped
    std::vector<int64_t> one_more = samples;
    one_more.push_back(*following);
    TrainBatch batch = make_views(images, one_more, epoch, plan, stop);
    drop_last_image(batch);
    return batch;
  }
  const auto N = static_cast<int64_t>(samples.size());
  TrainBatch batch;
  batch.samples = samples;
  batch.epoch = epoch;
  batch.labels_N = at::empty({N}, at::kLong);
  batch.boxes_N5 = at::empty({N, 5}, at::kFloat);  // until an image has none
  for (const ViewRecipe& recipe : plan.recipes) {
    batch.views.push_back(image_tensor(N, recipe.size, recipe.size, plan.pinned));
    batch.crops.push_back(at::empty({N, 4}, float_options(plan.pinned)));
  }
  DrawnPicture picture;
  for (int64_t n = 0; n < N; ++n) {
    if (stop.stop_requested()) throw Abandoned{};
    picture.draw(images, plan.recipes, {plan.seed, epoch, samples[static_cast<size_t>(n)]});
    store_picture(picture, n, plan, batch);
  }
  if (plan.mixing.any()) mix_batch(plan, batch);
  return batch;
}

std::vector<at::Tensor*> tensors_of(TrainBatch& batch) {
  std::vector<at::Tensor*> out;
  const auto add = [&out](at::Tensor& tensor) {
    if (tensor.defined()) out.push_back(&tensor);
  };
  for (auto* several : {&batch.views, &batch.crops, &batch.drawn}) {
    for (at::Tensor& tensor : *several) add(tensor);
  }
  for (at::Tensor* tensor : {&batch.labels_N, &batch.boxes_N5, &batch.other_labels_N, &batch.own_share_N}) add(*tensor);
  return out;
}

void move_batch(TrainBatch& batch, at::Device device) {
  for (at::Tensor* tensor : tensors_of(batch)) {
    *tensor = tensor->to(device, tensor->scalar_type(), /*non_blocking=*/true);
  }
}

at::Tensor whole_images(const Items& items, int height, int width, const Normalisation& normalisation) {
  at::Tensor out_NCHW = image_tensor(static_cast<int64_t>(items.size()), height, width, /*pinned=*/false);
  auto* out = out_NCHW.mutable_data_ptr<float>();
  for (const auto& item : items) {
    render_whole(item->image, height, width, normalisation, out);
    out += int64_t{height} * width * 3;
  }
  return out_NCHW;
}

}  // namespace sslbench
