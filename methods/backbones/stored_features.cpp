// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/stored_features.h"

#include "datasets/readers/arrays/stored_array.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr const char *kTrainFeatures = "train_features", *kTrainLabels = "train_labels",
                     *kTestFeatures = "test_features", *kTestLabels = "test_labels";

std::optional<at::ScalarType> type_of(const std::string& dtype) {
  static constexpr std::pair<const char*, at::ScalarType> kTypes[] = {
      {"F64", at::kDouble}, {"F32", at::kFloat}, {"F16", at::kHalf}, {"BF16", at::kBFloat16}, {"I64", at::kLong},
      {"I32", at::kInt},    {"I16", at::kShort}, {"I8", at::kChar},  {"U8", at::kByte}};
  for (const auto& [name, type] : kTypes) {
    if (dtype == name) return type;
  }
  return std::nullopt;
}

class FeatureFile {
 public:
  explicit FeatureFile(const std::string& file) : file_(file) {
    try {
      arrays_ = read_arrays(file, {kTrainFeatures, kTrainLabels, kTestFeatures, kTestLabels});
    } catch (const BadArrays& bad) {
      refuse(bad.what());
    }
  }

  // [N, D], float32. Lengths beyond float32 are as useless as a NaN: every protocol divides by them.
  Tensor features(const char* name) const {
    const Tensor h_ND = array(name, 2);
    if (!h_ND.is_floating_point()) refuse(std::string(name) + " holds integers; features are floats");
    const Tensor out = h_ND.to(at::kFloat);
    const Tensor bad_N = out.square().sum(1).isfinite().logical_not();
    if (!bad_N.any().item<bool>()) return out;
    refuse(std::string(name) + ": the features of " + std::to_string(bad_N.sum().item<int64_t>()) + " of " +
           std::to_string(out.size(0)) + " images are not finite (first: image " +
           std::to_string(bad_N.to(at::kByte).argmax().item<int64_t>()) + "); nothing can be measured on them");
  }

  Tensor labels(const char* name, const Tensor& features_ND) const {
    const Tensor labels_N = array(name, 1);
    if (labels_N.is_floating_point()) refuse(std::string(name) + " holds floats; labels are integers");
    if (labels_N.size(0) == features_ND.size(0)) return labels_N.to(at::kLong);
    refuse(std::string(name) + " has " + std::to_string(labels_N.size(0)) + " labels for " +
           std::to_string(features_ND.size(0)) + " rows of features");
  }

  [[noreturn]] void refuse(const std::string& why) const { throw UserError("features: " + file_ + ": " + why); }

 private:
  Tensor array(const std::string& name, size_t sides) const {
    const auto found = arrays_.find(name);
    if (found == arrays_.end()) refuse("lacks the array " + name);
    const StoredArray& stored = found->second;
    const auto type = type_of(stored.dtype);
    if (!type) refuse(name + " holds elements of type " + stored.dtype + "; floats and integers are read");
    if (stored.shape.size() != sides || stored.numel() == 0) {
      refuse(name + " has the shape " + c10::str(at::IntArrayRef(stored.shape)) + "; expected " +
             (sides == 2 ? "[images, width]" : "[images]"));
    }
    // from_blob does not write to it.
    return at::from_blob(const_cast<char*>(stored.bytes.data()), stored.shape, *type).clone();
  }

  std::string file_;
  StoredArrays arrays_;
};

}  // namespace

StoredFeatures read_stored_features(const std::string& file) {
  const at::NoGradGuard no_grad;
  const FeatureFile from(file);
  StoredFeatures out{from.features(kTrainFeatures), from.features(kTestFeatures), {}, {}};
  out.train_labels_N = from.labels(kTrainLabels, out.train_ND);
  out.test_labels_M = from.labels(kTestLabels, out.test_MD);
  if (out.train_ND.size(1) != out.test_MD.size(1)) {
    from.refuse("training features are " + std::to_string(out.train_ND.size(1)) + " wide, test features " +
                std::to_string(out.test_MD.size(1)));
  }
  return out;
}

}  // namespace sslbench
