// SPDX-License-Identifier: Apache-2.0
// shapes: ten outlines with everything else left to chance (place, size, angle, colours, clutter, noise), rendered from
// a seed. Item i of a split is a pure function of (data_seed, split, i).
#include "datasets/shapes/shape_outline.h"
#include "datasets/shapes/shape_scene.h"

namespace sslbench {
namespace {

const std::vector<std::string> kClasses = shape_names();

std::vector<std::string> with_background() {
  std::vector<std::string> names{"background"};
  names.insert(names.end(), kClasses.begin(), kClasses.end());
  return names;
}
const std::vector<std::string> kMaskClasses = with_background();

class Shapes : public DataSource {
 public:
  Shapes(const Settings& settings, Split split)
      : style_{static_cast<int>(settings.integer("size")), settings.text("objects") == "several",
               static_cast<uint64_t>(settings.integer("data_seed"))},
        split_(split) {
    const std::array sizes{settings.integer("train_images"), settings.integer("val_images"),
                           settings.integer("test_images")};
    size_ = sizes.at(static_cast<size_t>(split));
  }

  int64_t size() const override { return size_; }
  Item item(int64_t i) const override {
    require(i >= 0 && i < size_, "item of shapes out of range");
    return draw_shape_scene(style_, split_, i);
  }
  const std::vector<std::string>& classes() const override { return kClasses; }
  const std::vector<std::string>& mask_classes() const override { return kMaskClasses; }

 private:
  ShapeSceneStyle style_;
  Split split_;
  int64_t size_ = 0;
};

const bool registered = Registry<DatasetEntry>::add(
    {.name = "shapes",
     .summary = "ten shapes under random colour, place, size, angle and clutter, with class, boxes and masks",
     .source = "rendered by this program",
     .licence = "Apache-2.0",
     .tasks = {"classification", "detection", "segmentation"},
     .builtin = true,
     .version = 1,
     .image_size = 48,
     .classes = kClasses,
     .mean = {0.5f, 0.5f, 0.5f},
     .deviation = {0.25f, 0.25f, 0.25f},
     .options = {integer_option("size", 48, 32, 128, "side of the pictures in px"),
                 choice_option("objects", "one", {"one", "several"}, "one large object, or one to three smaller ones"),
                 integer_option("train_images", 4096, 1, 1 << 24, "pictures of the split train"),
                 integer_option("val_images", 1024, 1, 1 << 24, "pictures of the split val"),
                 integer_option("test_images", 2048, 1, 1 << 24, "pictures of the split test"),
                 integer_option("data_seed", 1, 0, 1e9, "which pictures are drawn")},
     .open = [](const Settings& settings, const OpenRequest& request) -> std::unique_ptr<DataSource> {
       return std::make_unique<Shapes>(settings, request.split);
     }});

}  // namespace
}  // namespace sslbench
