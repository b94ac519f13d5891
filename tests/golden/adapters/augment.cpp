// SPDX-License-Identifier: Apache-2.0
// Operations of views on one image. The files' out.u8, an emulation of Pillow, is another port's result and is not
// made.
#include "datasets/augment/normalise.h"
#include "tests/golden/augment_steps.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

Image image_of(const Tensor& pixels_HWC) {
  const Tensor bytes = pixels_HWC.contiguous();
  const auto* first = bytes.const_data_ptr<uint8_t>();
  return {static_cast<int32_t>(bytes.size(0)), static_cast<int32_t>(bytes.size(1)), {first, first + bytes.numel()}};
}

Tensor stored_HWC(const Planes& planes, const Normalisation& normalisation) {
  Tensor out = at::empty({planes.height(), planes.width(), 3}, at::kFloat);
  store_normalised(planes, normalisation, out.mutable_data_ptr<float>());
  return out;
}

GoldenOutput run(const std::string& op, const GoldenCall& call) {
  const Planes planes = run_golden_steps(image_of(call["image"]), golden_steps(op, call.settings));
  GoldenOutput out{{"f32", stored_HWC(planes, {})}};
  if (call.wants("norm")) {
    out["norm"] = stored_HWC(planes, golden_normalisation(call.settings)).permute({2, 0, 1}).contiguous();
  }
  return out;
}

bool add_all() {
  for (const char* op : {"resized_crop", "hflip", "vflip", "rot90", "erase", "brightness", "contrast", "saturation",
                         "hue", "jitter", "grayscale", "gaussian_blur", "solarize", "normalize", "recipe"}) {
    add_golden_ops({{op, [op](const GoldenCall& call) { return run(op, call); }}});
  }
  return true;
}

const bool registered = add_all();

}  // namespace
}  // namespace sslbench
