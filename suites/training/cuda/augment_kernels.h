// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cuda_runtime_api.h>

#include <string>
#include <vector>

namespace sslbench {

// One picture of three planes in device memory, height x width.
struct DevicePicture {
  const float* values;
  int height, width;
};

// Sides of the result of an operation (suites/training/augment_operation.h) on a picture.
struct Sides {
  int height, width;
};
Sides sides_after(const std::string& operation, const std::vector<double>& values, Sides before);

// Runs the operation on `stream`. `out`: three planes of the sides above. `scratch`: device memory of three planes of
// the picture's size, and kBlurTaps floats more; `mean_gray`: the picture's mean gray level in device memory. Returns
// false when the operation is unknown.
constexpr int kBlurTaps = 255;
bool launch_augment(const std::string& operation, const std::vector<double>& values, DevicePicture picture,
                    const float* mean_gray, float* scratch, float* out, cudaStream_t stream);

}  // namespace sslbench
