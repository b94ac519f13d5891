// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "datasets/augment/view.h"
#include "datasets/pictures/jpeg.h"
#include "datasets/stream/image_set.h"

namespace sslbench {

// What views of an example depend on, beside the view's number.
struct ViewKey {
  uint64_t seed = 0;
  int64_t epoch = 0, sample = 0;
};

// An example with its views drawn, and at least those pixels of its picture that the views need. Kept for one example
// after another it keeps its memory.
class DrawnPicture {
 public:
  // View v is a pure function of (key, v) and the picture's size. RunFailure as ImageSet::item.
  void draw(const ImageSet& images, const std::vector<ViewRecipe>& recipes, const ViewKey& key);

  // Label and boxes of the example; its image only where the whole picture was decoded.
  const Item& item() const { return *item_; }
  // Of the whole picture, px.
  int32_t height() const { return height_; }
  int32_t width() const { return width_; }
  // Every view in px of the whole picture.
  const std::vector<ViewParameters>& views() const { return views_; }
  // Renders view v to size*size*3 floats, HWC.
  void render(size_t v, const Normalisation& normalisation, float* out) const;

 private:
  void draw_views(const std::vector<ViewRecipe>& recipes, const ViewKey& key, int32_t height, int32_t width);
  bool decode_part(const ImageSet& images, const std::vector<ViewRecipe>& recipes, const ViewKey& key);

  std::shared_ptr<const Item> item_;
  JpegPart part_;
  bool partial_ = false;  // the pixels are part_'s, not item_'s
  int32_t height_ = 0, width_ = 0;
  std::vector<ViewParameters> views_;
  std::vector<int> sizes_;
};

// The pixels that views of a picture of height x width need, `sizes` their sides: the smallest rectangle around all
// crops. In eighths of full size, which are below 8 only under DecodeMode::scaled, only 1, 2, 4 or 8, and never so few
// that a crop becomes smaller than its view.
JpegRegion needed_region(const std::vector<ViewParameters>& views, const std::vector<int>& sizes, int32_t height,
                         int32_t width, DecodeMode mode);

// A view in px of a part of its picture, to the nearest pixel where the part is smaller than full size.
ViewParameters view_in_part(const ViewParameters& view, const JpegPart& part);

}  // namespace sslbench
