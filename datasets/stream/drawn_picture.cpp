// SPDX-License-Identifier: Apache-2.0
#include "datasets/stream/drawn_picture.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "datasets/pictures/orientation.h"

namespace sslbench {
namespace {

bool is_jpeg(const std::string& bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

// Whether a view looks at its crop only: not rotated, no border around the picture.
bool stays_inside(const ViewParameters& view, int32_t height, int32_t width) {
  return view.angle == 0 && view.top >= 0 && view.left >= 0 && view.top + view.height <= static_cast<float>(height) &&
         view.left + view.width <= static_cast<float>(width);
}

// Whether eighths / 8 of the crop is still more than the view; one pixel is left for rounding to whole ones.
bool suffices(int eighths, const ViewParameters& view, int size) {
  const auto enough = static_cast<float>(8 * (size + 1));
  return view.height * static_cast<float>(eighths) >= enough && view.width * static_cast<float>(eighths) >= enough;
}

int32_t rounded(float full_size, int eighths) {
  return static_cast<int32_t>(std::lround(full_size * static_cast<float>(eighths) / 8));
}

}  // namespace

JpegRegion needed_region(const std::vector<ViewParameters>& views, const std::vector<int>& sizes, int32_t height,
                         int32_t width, DecodeMode mode) {
  const bool inside =
      std::all_of(views.begin(), views.end(), [&](const auto& view) { return stays_inside(view, height, width); });
  if (!inside || views.empty()) return {0, 0, height, width};
  float top = 1e9f, left = 1e9f, bottom = 0, right = 0;
  for (const ViewParameters& view : views) {
    top = std::min(top, view.top), bottom = std::max(bottom, view.top + view.height);
    left = std::min(left, view.left), right = std::max(right, view.left + view.width);
  }
  const auto whole = [](float value) { return static_cast<int32_t>(value); };
  JpegRegion out{whole(top), whole(left), whole(bottom - top), whole(right - left)};
  for (const int eighths : {4, 2, 1}) {
    const auto fits = [&](size_t v) { return suffices(eighths, views[v], sizes[v]); };
    bool all = mode == DecodeMode::scaled;
    for (size_t v = 0; all && v < views.size(); ++v) all = fits(v);
    if (all) out.eighths = eighths;
  }
  return out;
}

ViewParameters view_in_part(const ViewParameters& view, const JpegPart& part) {
  ViewParameters out = view;
  if (part.eighths == 8) {
    out.top -= static_cast<float>(part.top), out.left -= static_cast<float>(part.left);
    return out;
  }
  const auto place = [&](float first, float size, int32_t origin, int32_t limit) {
    const int32_t from = std::clamp(rounded(first, part.eighths) - origin, 0, limit - 1);
    const int32_t to = std::clamp(rounded(first + size, part.eighths) - origin, from + 1, limit);
    return std::pair(static_cast<float>(from), static_cast<float>(to - from));
  };
  std::tie(out.top, out.height) = place(view.top, view.height, part.top, part.image.height);
  std::tie(out.left, out.width) = place(view.left, view.width, part.left, part.image.width);
  return out;
}

void DrawnPicture::draw_views(const std::vector<ViewRecipe>& recipes, const ViewKey& key, int32_t height,
                              int32_t width) {
  height_ = height, width_ = width;
  views_.clear(), sizes_.clear();
  for (size_t v = 0; v < recipes.size(); ++v) {
    const RandomStream stream(key.seed, RandomUse::view, static_cast<uint32_t>(key.epoch),
                              static_cast<uint32_t>(key.sample), static_cast<uint32_t>(v));
    views_.push_back(draw_view(recipes[v], height, width, stream));
    sizes_.push_back(recipes[v].size);
  }
}

bool DrawnPicture::decode_part(const ImageSet& images, const std::vector<ViewRecipe>& recipes, const ViewKey& key) {
  try {
    const StoredImage stored = images.stored_image(key.sample);
    if (!is_jpeg(stored.bytes) || image_orientation(stored.bytes) != 1) return false;
    std::optional<Item> rest;
    const auto choose = [&](int32_t height, int32_t width) -> std::optional<JpegRegion> {
      rest = images.annotation(key.sample, height, width);
      if (!rest) return {};
      draw_views(recipes, key, height, width);
      return needed_region(views_, sizes_, height, width, images.policy().decode);
    };
    if (!decode_jpeg_part(stored.bytes, images.place(key.sample), choose, part_)) return false;
    item_ = std::make_shared<const Item>(std::move(*rest));
    return true;
  } catch (const RunFailure& failure) {
    if (failure.kind() != FailureKind::data || !images.skip(key.sample, failure.what())) throw;
    return false;
  }
}

void DrawnPicture::draw(const ImageSet& images, const std::vector<ViewRecipe>& recipes, const ViewKey& key) {
  partial_ = decode_part(images, recipes, key);
  if (partial_) return;
  item_ = images.item(key.sample);
  draw_views(recipes, key, item_->image.height, item_->image.width);
}

void DrawnPicture::render(size_t v, const Normalisation& normalisation, float* out) const {
  if (partial_) return render_view(part_.image, view_in_part(views_[v], part_), sizes_[v], normalisation, out);
  render_view(item_->image, views_[v], sizes_[v], normalisation, out);
}

}  // namespace sslbench
