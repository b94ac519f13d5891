// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/fine_tuning/class_views.h"

#include "suites/protocols/parts/features.h"

namespace sslbench {

std::vector<Option> class_view_options(double area_low) {
  return {integer_option("size", 0, 0, 4096, "px of views and of evaluation; 0 = the longest side of the set's images"),
          real_option("area_low", area_low, 0.001, 1, "smallest share of the image that a training crop shows"),
          real_option("flip", 0.5, 0, 1, "probability of a mirrored training image")};
}

ViewRecipe class_view(const Settings& settings, const ImageSet& images) {
  ViewRecipe out;
  const auto asked = static_cast<int>(settings.integer("size"));
  out.size = asked > 0 ? asked : images.longest_side();
  out.area_low = static_cast<float>(settings.real("area_low"));
  out.flip = static_cast<float>(settings.real("flip"));
  out.jitter = out.gray = 0;
  return out;
}

void look_at_whole(const ImagePart& images, int size, const Normalisation& normalisation, const StageContext& context,
                   const std::function<void(const EvaluatedImages&)>& look) {
  EvaluatedStream stream(
      0, images.size(), kFeatureBatch, int64_t{12} * size * size, context.device,
      [&](int64_t first, int64_t count) { return images.items(first, count); },
      [&](const Items& items) { return whole_images(items, size, size, normalisation); });
  while (stream.more()) {
    if (context.stop_requested()) throw Interrupted{};
    look(stream.next());
  }
}

}  // namespace sslbench
