// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "suites/protocols/fine_tuning/image_part.h"

namespace sslbench {

// The images of each class that come first in the fixed order of subsets (datasets/subset.h): as many as `share` of its
// images, one at least. All images, those without a class too, where share is 1.
ImagePart labelled_part(const ImageSet& images, double share);

// int64 [N]; -1 where an image has no class.
at::Tensor labels_of(const ImagePart& images);

}  // namespace sslbench
