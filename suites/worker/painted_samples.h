// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "datasets/augment/view.h"
#include "datasets/stream/image_set.h"
#include "methods/method.h"
#include "suites/training/stage_context.h"

namespace sslbench {

// Adds to the record what the method paints (Method::paint) of a few whole images of its training set, as squares of
// `size` px. Leaves the method in evaluation mode.
void add_painted_samples(Method& method, const ImageSet& images, int size, const Normalisation& normalisation,
                         StageContext& context);

}  // namespace sslbench
