// SPDX-License-Identifier: Apache-2.0
// How images are seen by protocols that train for classes: random crops and flips in training, whole images of the same
// size when asked.
#pragma once

#include <functional>
#include <vector>

#include "suites/ground/settings.h"
#include "suites/protocols/fine_tuning/image_part.h"
#include "suites/protocols/predictions/evaluated_stream.h"
#include "suites/training/stage_context.h"

namespace sslbench {

// "size", "area_low", "flip".
std::vector<Option> class_view_options(double area_low);
// A crop and a flip, nothing else.
ViewRecipe class_view(const Settings& settings, const ImageSet& images);

// Gives `look` all images in batches, whole, as a square of `size` pixels on the context's device. Throws Interrupted
// when a stop was asked for.
void look_at_whole(const ImagePart& images, int size, const Normalisation& normalisation, const StageContext& context,
                   const std::function<void(const EvaluatedImages&)>& look);

}  // namespace sslbench
