// SPDX-License-Identifier: Apache-2.0
// What parameters start from, and networks that are shapes alone.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace sslbench {

// Float32 values: normal of mean 0, uniform in +-bound, or all alike.
at::Tensor normal_values(at::IntArrayRef shape, double std, at::Generator& generator);
at::Tensor uniform_values(at::IntArrayRef shape, double bound, at::Generator& generator);
at::Tensor constant_values(at::IntArrayRef shape, double value);

// While one lives, the functions above return tensors without memory (meta tensors) and draw nothing: networks that are
// built meanwhile have names and shapes, and no values. Of this thread.
class ShapesOnly {
 public:
  ShapesOnly();
  ~ShapesOnly();
  ShapesOnly(const ShapesOnly&) = delete;
  ShapesOnly& operator=(const ShapesOnly&) = delete;

 private:
  bool before_;
};

}  // namespace sslbench
