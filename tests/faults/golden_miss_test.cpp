// SPDX-License-Identifier: Apache-2.0
// The golden checker as a person meets it: what it must not let pass.
#include <gmock/gmock.h>

#include <fstream>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"
#include "tests/golden/changed_case.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

const std::string kProgram = SSLBENCH_BIN_DIR "/golden";
const std::string kCases = SSLBENCH_SOURCE_DIR "/tests/golden/losses/";

// A copy of a case; `change` gets all its bytes.
std::string changed(const ScratchFolder& folder, const std::string& name,
                    const std::function<void(std::string&)>& change) {
  std::ifstream in(kCases + name, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  change(bytes);
  const std::string file = (folder.path() / name).string();
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

TEST(GoldenMissTest, OneChangedByteOfAnExpectedValueIsAMiss) {
  const ScratchFolder folder;
  const auto last_exponent = [](std::string& bytes) { bytes.back() = static_cast<char>(bytes.back() ^ 0x01); };
  const std::string file = changed(folder, "triplet_margin__p1.safetensors", last_exponent);
  const Ending end = run_program({kProgram, kCases + "triplet_margin__p1.safetensors", file});
  EXPECT_EQ(end.code, 1);
  EXPECT_NE(end.output.find("FAIL  triplet_margin  p1"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("1 passed, 1 failed"), std::string::npos) << end.output;
}

TEST(GoldenMissTest, AnUnknownOperationAndACutFileAreMisses) {
  const ScratchFolder folder;
  std::filesystem::copy_file(kCases + "triplet_margin__p1.safetensors", folder.path() / "no_such_op__a.safetensors");
  changed(folder, "autoencoder_mse__image_sum.safetensors", [](std::string& bytes) { bytes.resize(bytes.size() - 5); });
  const Ending end = run_program({kProgram, folder.path().string()});
  EXPECT_EQ(end.code, 1);
  EXPECT_NE(end.output.find("unknown op 'no_such_op'"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("0 passed, 2 failed"), std::string::npos) << end.output;
}

TEST(GoldenMissTest, NothingFoundIsNoSuccess) {
  const ScratchFolder folder;
  const Ending end = run_program({kProgram, folder.path().string()});
  EXPECT_EQ(end.code, 1);
  EXPECT_NE(end.output.find("no golden files"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("0 passed, 0 failed"), std::string::npos) << end.output;
}

const std::string kGolden = SSLBENCH_SOURCE_DIR "/tests/golden/";

// What is said of a copy of a case whose settings were changed.
std::string said_of(const std::string& name, const std::function<void(nlohmann::json&)>& change) {
  const ScratchFolder folder;
  const std::string bytes = read_file(kGolden + name);
  std::string text;
  if (name.ends_with(".json")) {
    nlohmann::json content = nlohmann::json::parse(bytes);
    change(content["settings"]);
    text = content.dump();
  } else {
    text = with_changed_settings(bytes, change);
  }
  const auto file = folder.write(std::filesystem::path(name).filename().string(), text);
  const Ending end = run_program({kProgram, file.string()});
  EXPECT_EQ(end.code, 1) << name;
  EXPECT_NE(end.output.find("0 passed, 1 failed"), std::string::npos) << end.output;
  return end.output;
}

std::string said_of_extra(const std::string& name) {
  return said_of(name, [](nlohmann::json& settings) { settings["extra"] = 0.5; });
}

TEST(GoldenMissTest, ASettingThatNobodyReadsIsAMissOfEveryKindOfCase) {
  for (const char* name : {"losses/triplet_margin__p1.safetensors", "losses/simsiam__plain.safetensors",
                           "optim/adamw__mae.safetensors", "backbones/vit__vit32_p4_d48x4_eval_2x32x32.safetensors",
                           "backbones/fpn__c8_16_32_o16_p5.safetensors", "augment/hflip__i0.safetensors",
                           "augment/recipe__byol_1_r0.safetensors", "augment/dist__jitter_0.4_0.4_0.4_0.1.json",
                           "optim/schedule__mae_12_0.json", "optim/layer_decay__vit_tiny_patch16_224_0.75.json"}) {
    EXPECT_THAT(said_of_extra(name), HasSubstr("settings that the adapter does not read: extra = 0.5")) << name;
  }
  for (const char* name : {"metrics/topk__s1.safetensors", "metrics/knn__s1_k20_T0.07.safetensors", "metrics/holm.json",
                           "metrics/voc_ap__difficult.json"}) {
    EXPECT_THAT(said_of_extra(name), HasSubstr("unknown setting 'extra'")) << name;
  }
}

TEST(GoldenMissTest, ASettingInsideAnotherIsReadOrAMiss) {
  EXPECT_THAT(said_of("augment/recipe__simclr_1_r0.safetensors",
                      [](nlohmann::json& settings) {
                        settings["steps"][0]["border"] = "edge";
                        settings["steps"][2]["factors"]["gamma"] = 2;
                      }),
              HasSubstr("does not read: steps[0].border = \"edge\", steps[2].factors.gamma = 2"));
  EXPECT_THAT(said_of("optim/lamb__timm.safetensors",
                      [](nlohmann::json& settings) { settings["params"][1]["lr_scale"] = 0.1; }),
              HasSubstr("does not read: params[1].lr_scale = 0.1"));
}

TEST(GoldenMissTest, AnInputThatNobodyReadsIsAMiss) {
  const ScratchFolder folder;
  const std::string name = "nt_xent__t0.5.safetensors";
  const auto rename = [](nlohmann::json& header) {  // an input takes the place of the expected gradient
    header["in.weights"] = header.at("grad.z2");
    header.erase("grad.z2");
  };
  const auto file = folder.write(name, with_changed_header(read_file(kCases + name), rename));
  EXPECT_THAT(run_program({kProgram, file.string()}).output, HasSubstr("the adapter does not read in.weights"));
}

// A setting of another variant has no effect on this one.
TEST(GoldenMissTest, ASettingThatPlaysNoPartIsAMiss) {
  EXPECT_THAT(said_of("optim/schedule__mae_12_0.json", [](nlohmann::json& settings) { settings["power"] = 0.9; }),
              HasSubstr("does not read: power"));
  EXPECT_THAT(said_of("optim/adam__default.safetensors", [](nlohmann::json& settings) { settings["nesterov"] = true; }),
              HasSubstr("does not read: nesterov"));
  EXPECT_THAT(said_of("optim/lars__mocov3.safetensors", [](nlohmann::json& settings) { settings["eps"] = 1e-8; }),
              HasSubstr("does not read: eps"));
}

TEST(GoldenMissTest, AValueThatOurCodeDoesNotHaveIsAMiss) {
  const char* vit = "backbones/vit__vit32_p4_d48x4_eval_2x32x32.safetensors";
  EXPECT_THAT(said_of(vit, [](nlohmann::json& settings) { settings["qkv_bias"] = false; }),
              HasSubstr("setting qkv_bias = false is not supported; known: true"));
  EXPECT_THAT(said_of(vit, [](nlohmann::json& settings) { settings["mlp_ratio"] = 2; }), HasSubstr("vit"));
  EXPECT_THAT(said_of(vit, [](nlohmann::json& settings) { settings["grad"] = false; }), HasSubstr("grad = false"));
  EXPECT_THAT(said_of(vit, [](nlohmann::json& settings) { settings["dtype"] = "bfloat16"; }), HasSubstr("bfloat16"));
  EXPECT_THAT(said_of("losses/nt_xent__t0.5.safetensors",
                      [](nlohmann::json& settings) { settings["direction_reduction"] = "max"; }),
              HasSubstr("known: \"mean\", \"sum\""));
  EXPECT_THAT(
      said_of("backbones/nms__s1_random.safetensors", [](nlohmann::json& settings) { settings["order"] = "x"; }),
      HasSubstr("setting order = \"x\" is not supported"));
  EXPECT_THAT(said_of("metrics/ece__s1.safetensors", [](nlohmann::json& settings) { settings["bin"] = "[lo, hi)"; }),
              HasSubstr("setting 'bin' is \"[lo, hi)\""));
}

TEST(GoldenMissTest, WhatOurNetworksHaveOneValueOfMayBeSaid) {
  const ScratchFolder folder;
  const std::string name = "vit__vit32_p4_d48x4_eval_2x32x32.safetensors";
  const auto file =
      folder.write(name, with_changed_settings(read_file(kGolden + "backbones/" + name), [](nlohmann::json& settings) {
                     settings["qkv_bias"] = true, settings["mlp_ratio"] = 4, settings["layer_norm_eps"] = 1e-6;
                   }));
  const Ending end = run_program({kProgram, file.string()});
  EXPECT_EQ(end.code, 0) << end.output;
}

TEST(GoldenMissTest, ANetworkThatDoesNotExistIsAnUnknownOperation) {
  const ScratchFolder folder;
  for (const char* name : {"names__dinov9_small.json", "names__torchvision_no_such_net.json"}) {
    folder.write(name, R"({"parameters": [], "arguments": {"img_size": 518}})");
  }
  const Ending end = run_program({kProgram, folder.path().string()});
  EXPECT_THAT(end.output, HasSubstr("names  dinov9_small  unknown op 'names': no network 'dinov9_small'"));
  EXPECT_THAT(end.output, HasSubstr("unknown op 'names': no network 'torchvision_no_such_net'"));
  EXPECT_EQ(end.code, 1);
}

}  // namespace
}  // namespace sslbench
