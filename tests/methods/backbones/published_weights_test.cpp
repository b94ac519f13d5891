// SPDX-License-Identifier: Apache-2.0
// Weights that we write load strictly into torchvision's and timm's models and give the same features there; weights
// saved there come back. Needs a Python with torch, torchvision, timm and safetensors: SSLBENCH_TEST_PYTHON names it.
// Without one, the name lists and outputs of tests/golden/backbones stand for this.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "methods/backbone.h"
#include "methods/safetensors.h"
#include "suites/tensors/aten.h"
#include "tests/golden/formula.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

struct Published {
  std::string name, backbone;
  nlohmann::json settings;
  int64_t size;
  std::string head;  // the classifier's name
};

std::ostream& operator<<(std::ostream& out, const Published& of) { return out << of.name; }

std::string python() {
  const char* named = std::getenv("SSLBENCH_TEST_PYTHON");
  return named == nullptr ? "/usr/bin/python3" : named;
}

// Exit status and standard output of a shell command.
std::pair<int, std::string> output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  return {::pclose(pipe), out};
}

class PublishedWeightsTest : public testing::TestWithParam<Published> {
 protected:
  void SetUp() override {
    if (output_of(python() + " -c 'import torch, torchvision, timm, safetensors' 2>/dev/null").first != 0) {
      GTEST_SKIP() << "not run: " << python() << " has no torch, torchvision, timm and safetensors";
    }
  }
  static std::unique_ptr<Backbone> build(uint64_t seed) {
    at::Generator generator = at::detail::createCPUGenerator(seed);
    auto backbone = make_backbone(GetParam().backbone, GetParam().settings, generator);
    backbone->train(false);
    return backbone;
  }
  // Writes weights (and a head) and images with our features, loads them there; the largest difference of the features.
  double difference_there(const Backbone& backbone, bool with_head) const {
    const Published& of = GetParam();
    std::vector<NamedTensor> weights = backbone.state_dict();
    if (with_head) {
      weights.emplace_back(of.head + ".weight", formula_tensor({10, backbone.width()}, 1, 1, 0));
      weights.emplace_back(of.head + ".bias", formula_tensor({10}, 2, 1, 0));
    }
    write_safetensors({weights, {}}, file("ours"));
    const at::NoGradGuard no_grad;
    const Tensor images_NCHW = formula_image(2, of.size, of.size, 0, 1);
    write_safetensors({{{"images", images_NCHW}, {"features", backbone.features(images_NCHW)}}, {}}, file("images"));
    const std::string script = std::string(SSLBENCH_SOURCE_DIR) + "/tests/methods/backbones/load_published.py";
    const auto [status, text] = output_of(python() + " " + script + " " + of.name + " " + file("ours").string() + " " +
                                          file("images").string() + " " + file("theirs").string() + " 2>&1");
    EXPECT_EQ(status, 0) << text;
    return status == 0 ? std::stod(text) : 1e9;
  }
  fs::path file(const std::string& name) const { return folder_.path() / (name + ".safetensors"); }

 private:
  ScratchFolder folder_;
};

TEST_P(PublishedWeightsTest, LoadStrictlyThereAndGiveTheSameFeatures) {
  EXPECT_LE(difference_there(*build(1), false), 1e-4);
}

TEST_P(PublishedWeightsTest, LoadStrictlyThereWithAHead) { EXPECT_LE(difference_there(*build(1), true), 1e-4); }

TEST_P(PublishedWeightsTest, SavedThereComeBackUnchanged) {
  const auto ours = build(1), other = build(2);
  difference_there(*ours, false);
  std::map<std::string, Tensor> saved;  // safetensors sorts by name
  for (const auto& [name, tensor] : read_safetensors(file("theirs")).tensors) saved[name] = tensor;
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : other->state_dict()) tensor.copy_(saved.at(name));
  const Tensor x_NCHW = formula_image(2, GetParam().size, GetParam().size, 0, 1);
  EXPECT_TRUE(at::equal(ours->features(x_NCHW), other->features(x_NCHW)));
}

INSTANTIATE_TEST_SUITE_P(Models, PublishedWeightsTest,
                         testing::Values(Published{"resnet18", "resnet18", {{"stem", "imagenet"}}, 224, "fc"},
                                         Published{"resnet18_cifar", "resnet18", {{"stem", "cifar"}}, 32, "fc"},
                                         Published{"vit_tiny", "vit_tiny", {{"image_size", 224}}, 224, "head"}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace sslbench
