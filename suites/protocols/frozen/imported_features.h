// SPDX-License-Identifier: Apache-2.0
// Features that were computed elsewhere, held against the images that they are said to be of.
#pragma once

#include "datasets/stream/image_set.h"
#include "methods/backbones/stored_features.h"
#include "suites/ground/split.h"
#include "suites/protocols/parts/features.h"

namespace sslbench {

// The part of `stored` that is of the split `images`; images_per_second is NaN: nothing was extracted here.
// RunFailure(data) when there are more or fewer rows than images, or a label differs from the image's.
Features imported_features(const StoredFeatures& stored, const ImageSet& images, Split split);

}  // namespace sslbench
