// SPDX-License-Identifier: Apache-2.0
// Weights that we write load strictly into torchvision's and timm's models and give the same features there; weights
// saved there come back. Needs a Python with torch, torchvision, timm and safetensors: SSLBENCH_TEST_PYTHON names it.
// Without one, the name lists and outputs of tests/golden/backbones stand for this.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>

#include "methods/initial_values.h"
#include "methods/safetensors.h"
#include "suites/files/atomic_file.h"
#include "suites/plan/python_constructor.h"
#include "tests/golden/formula.h"
#include "tests/methods/backbones/random_backbones.h"
#include "tests/methods/backbones/small_backbone.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kMostParameters = 40'000'000;  // a size of every family has fewer
constexpr int64_t kClasses = 10;
// Of the largest feature: the same arithmetic in another order.
constexpr double kTolerance = 1e-5;

struct PublishedCase {
  std::string name, backbone;
  json settings;
  int64_t size = 64;  // px
  bool with_head = false;
};

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

int64_t parameters_of_whole(const std::string& backbone, const json& settings) {
  const ShapesOnly no_values;
  int64_t numel = 0;
  for (const auto& [name, tensor] : whole_backbone(backbone, settings)->parameters()) numel += tensor.numel();
  return numel;
}

// Every published constructor of every backbone, at a small image size.
std::vector<PublishedCase> cases() {
  std::vector<PublishedCase> out;
  for (const auto& [name, entry] : random_backbones()) {
    for (size_t i = 0; i < entry.published.size(); ++i) {
      const PublishedConstructor& constructor = entry.published[i];
      PublishedCase each{name + "_" + std::to_string(i), name, constructor.when, 64, false};
      const auto sized = std::ranges::find(entry.options, "image_size", &Option::name);
      const auto patched = std::ranges::find(entry.options, "patch_size", &Option::name);
      const int64_t patch = patched == entry.options.end() ? 1 : patched->fallback.get<int64_t>();
      if (each.size % patch != 0) each.size = 4 * patch;
      if (sized != entry.options.end()) each.settings["image_size"] = each.size;
      if (parameters_of_whole(name, each.settings) > kMostParameters) continue;
      out.push_back(each);
      if (!constructor.takes_head) continue;
      each.name += "_head", each.with_head = true;
      out.push_back(each);
    }
  }
  return out;
}

std::unique_ptr<Backbone> network_of(const PublishedCase& of) {
  auto net = whole_backbone(of.backbone, of.settings);
  net->train(false);
  return net;
}

class PublishedWeightsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (output_of(python() + " -c 'import torch, torchvision, timm, safetensors' 2>/dev/null").first != 0) {
      GTEST_SKIP() << "not run: " << python() << " has no torch, torchvision, timm and safetensors";
    }
  }
  fs::path file(const std::string& name) const { return folder_.path() / name; }

  // Weights, images with our features, and the Python that loads them.
  void write(const PublishedCase& of) const {
    const at::NoGradGuard no_grad;
    const auto net = network_of(of);
    std::vector<NamedTensor> weights = net->state_dict();
    const Tensor images_NCHW = formula_image(2, of.size, of.size, 0, 1);
    std::vector<NamedTensor> images = {{"images", images_NCHW}};
    if (of.with_head) {
      const std::string head = classifier_name(of.backbone, of.settings);
      weights.emplace_back(head + ".weight", formula_tensor({kClasses, net->width()}, 1, 1, 0));
      weights.emplace_back(head + ".bias", formula_tensor({kClasses}, 2, 1, 0));
    } else {
      images.emplace_back("features", net->features(images_NCHW));
    }
    write_safetensors({weights, {}}, file(of.name + ".ours.safetensors"));
    write_safetensors({images, {}}, file(of.name + ".images.safetensors"));
    const BackboneEntry& entry = Registry<BackboneEntry>::find(of.backbone);
    const CatalogEntry known{entry.name, entry.summary, entry.options, {{"published", to_json(entry.published)}}};
    const auto constructor = python_constructor(known, of.settings, of.with_head ? kClasses : 0);
    ASSERT_TRUE(constructor) << of.name;
    write_atomically(file(of.name + ".py"), python_loader(*constructor, file(of.name + ".ours.safetensors").string()));
  }
  void expect_back(const PublishedCase& of) const {
    std::map<std::string, Tensor> saved;  // safetensors sorts by name
    for (const auto& [name, tensor] : read_safetensors(file(of.name + ".theirs.safetensors")).tensors)
      saved[name] = tensor;
    for (const auto& [name, tensor] : network_of(of)->state_dict()) {
      ASSERT_TRUE(saved.contains(name)) << of.name << ": " << name;
      EXPECT_TRUE(at::equal(tensor, saved.at(name))) << of.name << ": " << name;
    }
  }

 private:
  ScratchFolder folder_;
};

TEST_F(PublishedWeightsTest, EveryConstructorTakesOurWeightsStrictlyGivesOurFeaturesAndTheWeightsComeBack) {
  const auto all = cases();
  for (const PublishedCase& each : all) write(each);
  const std::string script = std::string(SSLBENCH_SOURCE_DIR) + "/tests/methods/backbones/load_published.py";
  const auto [status, text] = output_of(python() + " " + script + " " + file("").string() + " 2>&1");
  ASSERT_EQ(status, 0) << text;
  std::map<std::string, double> differences;
  std::istringstream lines(text);
  std::string name;
  for (double worst = 0; lines >> name >> worst;) differences[name] = worst;
  for (const PublishedCase& each : all) {
    ASSERT_TRUE(differences.contains(each.name)) << each.name;
    EXPECT_LE(differences.at(each.name), kTolerance) << each.name;
    expect_back(each);
  }
}

TEST(ReadmeTest, ShowsWhatExportPrintsOfAResNet18ForCifar) {
  const BackboneEntry& entry = Registry<BackboneEntry>::find("resnet18");
  const CatalogEntry known{entry.name, entry.summary, entry.options, {{"published", to_json(entry.published)}}};
  const auto constructor = python_constructor(known, {{"stem", "cifar"}}, 0);
  const std::string readme = read_file(fs::path(SSLBENCH_SOURCE_DIR) / "README.md");
  EXPECT_NE(readme.find("```python\n" + python_loader(*constructor, "simclr.safetensors") + "```"), std::string::npos);
}

}  // namespace
}  // namespace sslbench
