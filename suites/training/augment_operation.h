// SPDX-License-Identifier: Apache-2.0
// One operation of views on one picture, where the picture lies: the CPU loops of datasets/augment, or CUDA kernels
// over the same inline arithmetic. scripts/gpu-check compares the two.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace sslbench {

// picture_3HW: float32 in [0, 1]. Operations and their values:
//   brightness, contrast, saturation, hue, solarize, sharpness   factor, shift or threshold
//   grayscale, invert, flip_left_right, flip_upside_down          none
//   posterize                                                     bits
//   quarter_turns                                                 k, counter-clockwise
//   affine                                                        xx, xy, x0, yx, yy, y0 (datasets/augment/affine.h)
//   blur                                                          taps, sigma
//   resized_crop   top, left, height, width, new height, new width, 1 for bicubic; picture values are whole 255ths
at::Tensor augment(const at::Tensor& picture_3HW, const std::string& operation, const std::vector<double>& values);

// Names of all operations.
const std::vector<std::string>& augment_operations();

}  // namespace sslbench
