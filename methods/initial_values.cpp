// SPDX-License-Identifier: Apache-2.0
#include "methods/initial_values.h"

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

thread_local bool shapes_only = false;

at::Tensor empty(at::IntArrayRef shape) {
  return at::empty(shape, at::TensorOptions(at::kFloat).device(shapes_only ? at::kMeta : at::kCPU));
}

}  // namespace

at::Tensor normal_values(at::IntArrayRef shape, double std, at::Generator& generator) {
  const at::Tensor out = empty(shape);
  return shapes_only ? out : out.normal_(0, std, generator);
}

at::Tensor uniform_values(at::IntArrayRef shape, double bound, at::Generator& generator) {
  const at::Tensor out = empty(shape);
  return shapes_only ? out : out.uniform_(-bound, bound, generator);
}

at::Tensor constant_values(at::IntArrayRef shape, double value) { return empty(shape).fill_(value); }

ShapesOnly::ShapesOnly() : before_(shapes_only) { shapes_only = true; }
ShapesOnly::~ShapesOnly() { shapes_only = before_; }

}  // namespace sslbench
