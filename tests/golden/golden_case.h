// SPDX-License-Identifier: Apache-2.0
// One safetensors golden inside a gtest, with the pass rule |got - expected| <= atol + rtol * |expected|. New checks
// are adapters (golden_op.h), which need no test of their own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "datasets/batches/aten.h"
#include "tests/golden/golden_tensors.h"

namespace sslbench {

using at::Tensor;

class GoldenCase {
 public:
  explicit GoldenCase(const std::string& path)
      : name_(path),
        file_(std::string(SSLBENCH_SOURCE_DIR) + "/tests/golden/" + path),
        tensors_(golden_tensors(file_)) {}
  nlohmann::json settings() const { return file_.settings(); }
  bool has(const std::string& name) const { return tensors_.contains(name); }
  at::Tensor at(const std::string& name) const { return tensors_.at(name); }
  // An input that gradients are asked for.
  at::Tensor leaf(const std::string& name) const { return tensors_.at(name).clone().set_requires_grad(true); }

  // A result that was computed in float64 is held to the case's closer float64 tolerances, where it has them.
  void expect(const std::string& name, const at::Tensor& got) const {
    const at::Tensor want = at(name).to(at::kDouble), have = got.detach().to(at::kDouble).reshape(want.sizes());
    const bool close = got.scalar_type() == at::kDouble && file_.has_metadata("rtol64");
    const double rtol = std::stod(file_.metadata(close ? "rtol64" : "rtol"));
    const double atol = std::stod(file_.metadata(close ? "atol64" : "atol"));
    const at::Tensor excess = (have - want).abs() - (atol + rtol * want.abs());
    if (want.numel() > 0) {
      EXPECT_LE(excess.max().item<double>(), 0)
          << name_ << ": " << name << " differs by up to " << (have - want).abs().max().item<double>();
    }
  }
  void expect_gradient(const std::string& input, const at::Tensor& leaf) const {
    expect("grad." + input, leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf));
  }

 private:
  std::string name_;
  GoldenFile file_;
  std::map<std::string, at::Tensor> tensors_;
};

// Names (without folder) of the goldens of one operation.
inline std::vector<std::string> golden_files(const std::string& folder, const std::string& operation) {
  std::vector<std::string> out;
  const std::filesystem::path root = std::string(SSLBENCH_SOURCE_DIR) + "/tests/golden/" + folder;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(operation + "__") && entry.path().extension() == ".safetensors")
      out.push_back(folder + "/" + name);
  }
  EXPECT_FALSE(out.empty()) << "no golden of " << operation;
  return out;
}

}  // namespace sslbench
