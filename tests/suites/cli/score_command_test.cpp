// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"
#include "tests/golden/changed_case.h"
#include "tests/suites/cli/cli_process.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string golden(const std::string& name) { return SSLBENCH_SOURCE_DIR "/tests/golden/metrics/" + name; }

json scored(const std::vector<std::string>& words) {
  CliProcess process(words);
  EXPECT_EQ(process.code(), 0) << process.errors();
  return json::parse(process.output());
}

// One line on stderr, nothing on stdout, exit 2.
std::string refused(std::vector<std::string> words) {
  words.insert(words.begin(), "score");
  CliProcess process(words);
  EXPECT_EQ(process.code(), 2);
  EXPECT_THAT(process.output(), IsEmpty());
  const std::string said = process.errors();
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  return said;
}

TEST(ScoreCommandTest, DetectionPrintsTheNumbersOfPycocotools) {
  for (const auto& [name, iou] : {std::pair("random_0", "bbox"), std::pair("segm_2", "segm")}) {
    const std::string folder = golden(std::string("coco_ap/") + name);
    const json expected = json::parse(read_file(folder + "/expected.json"));
    const json got = scored(
        {"score", "detection", "--truth", folder + "/gt.json", "--predictions", folder + "/dt.json", "--iou", iou});
    for (const auto& [key, value] : expected.at("stats").items()) {
      EXPECT_NEAR(got.at("stats").at(key).get<double>(), value.get<double>(), 1e-9) << key;
    }
    EXPECT_EQ(got.at("per_category").size(), expected.at("per_category").size());
  }
}

TEST(ScoreCommandTest, CasesGiveAListAndTensorsTheirNames) {
  const json holm = scored({"score", "holm", "--input", golden("holm.json")});
  const json cases = json::parse(read_file(golden("holm.json"))).at("cases");
  ASSERT_EQ(holm.size(), cases.size());
  EXPECT_EQ(holm.at(0).at("reject"), cases.at(0).at("expected").at("reject"));
  const json topk = scored({"score", "topk", "--input", golden("topk__s1.safetensors")});
  EXPECT_EQ(topk.at("out.prediction").size(), 40u);
  EXPECT_TRUE(topk.at("out.top1").is_number());
  const json ignored = scored({"score", "segmentation", "--input", golden("miou__all_ignored.json")});
  EXPECT_TRUE(ignored.at("miou").is_null());
}

TEST(ScoreCommandTest, BadInputIsOneClearLine) {
  const ScratchFolder folder;
  EXPECT_THAT(refused({"hom", "--input", "x"}), HasSubstr("did you mean 'holm'?"));
  EXPECT_THAT(refused({"holm"}), HasSubstr("--input holm.json"));
  EXPECT_THAT(refused({"detection", "--input", "x"}), HasSubstr("--truth gt.json"));
  EXPECT_THAT(refused({"holm", "--input", "/absent.json"}), HasSubstr("/absent.json"));
  EXPECT_THAT(refused({"holm", "--input", folder.write("a.json", "{\"input\": {\"p\": [\"x\"], \"alpha\": 0.05}}")}),
              HasSubstr("'p': expected a list"));
  EXPECT_THAT(refused({"holm", "--input", folder.write("b.json", "{\"cases\": [{}]}")}), HasSubstr("cases[0]"));
  EXPECT_THAT(refused({"topk", "--input", folder.write("c.safetensors", "xx")}), HasSubstr("shorter than its header"));
  EXPECT_THAT(refused({"topk", "--input", golden("holm.json")}), HasSubstr(".safetensors"));
  const std::string other =
      with_changed_settings(read_file(golden("topk__s1.safetensors")), [](json& s) { s.clear(); });
  EXPECT_THAT(refused({"ece", "--input", folder.write("d.safetensors", other)}),
              HasSubstr("in.probabilities is missing"));
  const std::string truth = folder.write("gt.json", "{\"images\": [{\"id\": 1}], \"categories\": [{\"id\": 1}]}");
  EXPECT_THAT(refused({"detection", "--truth", truth, "--predictions", folder.write("dt.json", "[{\"image_id\": 1}]")}),
              HasSubstr("[0]: key 'category_id' not found"));
  EXPECT_THAT(refused({"detection", "--truth", truth, "--predictions", truth}), HasSubstr("is no list"));
  EXPECT_THAT(refused({"detection", "--truth", truth, "--predictions", truth, "--max-dets", "1,2"}),
              HasSubstr("--max-dets"));
}

constexpr const char* kTruth =
    R"({"images": [{"id": 1, "width": 100, "height": 100}], "categories": [{"id": 1}], "annotations": [)"
    R"({"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "area": 400, "iscrowd": 0}]})";

TEST(ScoreCommandTest, DetectionsThatAreNoCocoResultsAreRefusedByEntry) {
  const ScratchFolder folder;
  const std::string truth = folder.write("gt.json", kTruth);
  const auto said = [&](const std::string& entry) {
    const std::string good = R"([{"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "score": 0.5}, )";
    return refused({"detection", "--truth", truth, "--predictions", folder.write("dt.json", good + entry + "]")});
  };
  const char* kRest = R"(, "category_id": 1, "score": 0.9})";
  EXPECT_THAT(said(R"({"image_id": 1, "bbox": [10, 10, 20, 20, 45])" + std::string(kRest)),
              HasSubstr("[1]: 'bbox' is [10,10,20,20,45]; expected exactly four numbers"));
  EXPECT_THAT(said(R"({"image_id": 1, "bbox": [10, 10, 20])" + std::string(kRest)), HasSubstr("[1]: 'bbox'"));
  EXPECT_THAT(said(R"({"image_id": 1, "bbox": [10, 10, -20, 20])" + std::string(kRest)), HasSubstr("at least 0"));
  EXPECT_THAT(said(R"({"image_id": 1.5, "bbox": [10, 10, 20, 20])" + std::string(kRest)),
              HasSubstr("[1]: 'image_id' is 1.5; expected a whole number"));
  EXPECT_THAT(said(R"({"image_id": 1, "category_id": 1.2, "bbox": [1, 1, 2, 2], "score": 0.9})"),
              HasSubstr("'category_id' is 1.2"));
  EXPECT_THAT(said(R"({"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2], "score": "0.9"})"),
              HasSubstr("'score' is \"0.9\""));
}

TEST(ScoreCommandTest, WholeNumbersWrittenAsFractionsAreIds) {
  const ScratchFolder folder;
  const std::string truth = folder.write("gt.json", kTruth);
  const std::string found =
      folder.write("dt.json", R"([{"image_id": 1.0, "category_id": 1.0, "bbox": [10, 10, 20, 20], "score": 1}])");
  EXPECT_NEAR(
      scored({"score", "detection", "--truth", truth, "--predictions", found}).at("stats").at("AP").get<double>(), 1,
      1e-12);
}

TEST(ScoreCommandTest, TruthsThatAreNoCocoAnnotationsAreRefusedByEntry) {
  const ScratchFolder folder;
  const std::string none = folder.write("dt.json", "[]");
  const auto said = [&](const std::string& from, const std::string& to) {
    std::string text = kTruth;
    text.replace(text.find(from), from.size(), to);
    return refused({"detection", "--truth", folder.write("gt.json", text), "--predictions", none});
  };
  EXPECT_THAT(said("[10, 10, 20, 20]", "[10, 10, 20, 20, 1]"), HasSubstr("annotations[0]: 'bbox'"));
  EXPECT_THAT(said("\"id\": 1, \"image_id\": 1", "\"id\": 1, \"image_id\": 1.5"),
              HasSubstr("annotations[0]: 'image_id'"));
  EXPECT_THAT(said("\"area\": 400", "\"area\": -1"), HasSubstr("'area' is -1"));
  EXPECT_THAT(said("\"iscrowd\": 0", "\"iscrowd\": 0.5"), HasSubstr("'iscrowd' is 0.5; expected 0 or 1"));
  EXPECT_THAT(said("{\"id\": 1, \"width\"", "{\"id\": 1.5, \"width\""), HasSubstr("images[0]: 'id' is 1.5"));
}

TEST(ScoreCommandTest, VocBoxesOfFiveNumbersAreRefusedByEntry) {
  const ScratchFolder folder;
  const auto said = [&](const std::string& truth, const std::string& found) {
    return refused({"voc", "--input",
                    folder.write("voc.json", R"({"input": {"classes": ["a"], "images": [{"id": "x", "objects": [)"
                                             R"({"class": "a", "bbox": )" +
                                                 truth +
                                                 R"(}]}], "detections": [)"
                                                 R"({"image": "x", "class": "a", "score": 1, "bbox": )" +
                                                 found + "}]}}")});
  };
  EXPECT_THAT(said("[1, 1, 5, 5]", "[1, 1, 5, 5, 9]"), HasSubstr("detections[0]: 'bbox' is [1,1,5,5,9]"));
  EXPECT_THAT(said("[1, 1, 5, 5, 9]", "[1, 1, 5, 5]"), HasSubstr("images[0]: objects[0]: 'bbox'"));
  EXPECT_THAT(said("[1, 1, 5, 5]", "[5, 1, 1, 5]"), HasSubstr("x2 >= x1"));
}

TEST(ScoreCommandTest, LabelMapsAreWholeNumbersOfMoreThanOneClass) {
  const ScratchFolder folder;
  const auto said = [&](const std::string& label, const std::string& shape) {
    return refused({"segmentation", "--input",
                    folder.write("miou.json", R"({"settings": {"classes": 2}, "input": {"shape": )" + shape +
                                                  R"(, "prediction": [0, 0, 1, 1], "label": )" + label + "}}")});
  };
  EXPECT_THAT(said("[0, 0, 1.5, 1]", "[1, 2, 2]"), HasSubstr("a value of 'label' is 1.5; expected a whole number"));
  EXPECT_THAT(said("[0, 0, 1, 1]", "[1, 2, 2, 1]"), HasSubstr("expected [N, H, W]"));
  EXPECT_THAT(said("[0, 0, 255, 255]", "[1, 2, 2]"), HasSubstr("'label' holds 0 and 255 only"));
}

TEST(ScoreCommandTest, CountsThatDoNotMatchAreRefused) {
  const ScratchFolder folder;
  const auto said = [&](const std::string& op, const std::string& input) {
    return refused({op, "--input", folder.write("in.json", R"({"cases": [{"input": )" + input + "}]}")});
  };
  EXPECT_THAT(said("bootstrap_percentile", R"({"values": [1, 2], "indices": [[0, 1], [0]], "confidence": 0.9})"),
              HasSubstr("'indices'[1]: expected a list of 2 places"));
  EXPECT_THAT(said("bootstrap_percentile", R"({"values": [1, 2], "indices": [[0, 1.5]], "confidence": 0.9})"),
              HasSubstr("is 1.5; expected a whole number"));
  EXPECT_THAT(said("holm", R"({"p": [0.5, 1.5], "alpha": 0.05})"), HasSubstr("'p' holds 1.5; expected 0 to 1"));
  EXPECT_THAT(said("wilson_interval", R"({"successes": 1.5, "trials": 3, "confidence": 0.9})"),
              HasSubstr("'successes' is 1.5; expected a whole number"));
}

// A file with one setting more, or another.
std::string refused_setting(const ScratchFolder& folder, const std::string& op, const std::string& file,
                            const std::string& key, const json& value) {
  const std::string bytes = read_file(golden(file));
  const bool tensors = file.ends_with(".safetensors");
  const auto set = [&](json& settings) { settings[key] = value; };
  json content = tensors ? json() : json::parse(bytes);
  if (!tensors) set(content["settings"]);
  return refused({op, "--input", folder.write(file, tensors ? with_changed_settings(bytes, set) : content.dump())});
}

TEST(ScoreCommandTest, SettingsThatAnOperationDoesNotKnowAreRefused) {
  const ScratchFolder folder;
  EXPECT_THAT(refused_setting(folder, "ece", "ece__s1.safetensors", "bin_count", 15),
              HasSubstr("unknown setting 'bin_count'; known: bins, bin, confidence"));
  EXPECT_THAT(refused_setting(folder, "knn", "knn__s1_k20_T0.07.safetensors", "temprature", 0.1),
              HasSubstr("unknown setting 'temprature' (did you mean 'temperature'?)"));
  EXPECT_THAT(refused_setting(folder, "miou", "miou__plain.json", "reduce_zero_label", true),
              HasSubstr("unknown setting 'reduce_zero_label'; known: classes, ignore_index"));
  EXPECT_THAT(refused_setting(folder, "holm", "holm.json", "alpha", 0.05),
              HasSubstr("unknown setting 'alpha'; this operation has none"));
}

TEST(ScoreCommandTest, DescriptionsOfAnotherOperationAreRefused) {
  const ScratchFolder folder;
  const auto voc = [&](const std::string& key, const json& value) {
    return refused_setting(folder, "voc", "voc_ap__difficult.json", key, value);
  };
  EXPECT_THAT(voc("thresholds", {0.5}), HasSubstr("setting 'thresholds' is [0.5]; this operation knows [0.5,0.55,"));
  EXPECT_THAT(voc("boxes", "0-based"), HasSubstr("knows \"1-based inclusive pixels\""));
  EXPECT_THAT(voc("eleven_point", "exact"), HasSubstr("'eleven_point' is \"exact\""));
  EXPECT_THAT(refused_setting(folder, "miou", "miou__plain.json", "ignore_index", 0), HasSubstr("'ignore_index' is 0"));
  EXPECT_THAT(refused_setting(folder, "topk", "topk__s1.safetensors", "ties", "optimistic"), HasSubstr("'ties'"));
  EXPECT_THAT(refused_setting(folder, "knn", "knn__s1_k20_T0.07.safetensors", "weight", "1"), HasSubstr("'weight'"));
  EXPECT_THAT(refused_setting(folder, "cka", "cka__s1.safetensors", "centre", "rows"), HasSubstr("'centre'"));
  EXPECT_THAT(refused_setting(folder, "alignment_uniformity", "alignment_uniformity__s1.safetensors", "t", 3),
              HasSubstr("setting 't' is 3; this operation knows 2"));
  EXPECT_THAT(refused_setting(folder, "logistic_regression", "logistic_regression__s1_C1.safetensors", "form",
                              "binary sigmoid"),
              HasSubstr("expected \"softmax\""));
}

TEST(ScoreCommandTest, SettingsInTheWrongPlaceAreRefused) {
  const ScratchFolder folder;
  const auto said = [&](const std::string& text) {
    return refused({"welch_t", "--input", folder.write("in.json", text)});
  };
  const std::string input = R"("input": {"a": [1, 2], "b": [2, 3], "confidence": 0.95)";
  EXPECT_THAT(said(R"({"settings": [], )" + input + "}}"), HasSubstr("'settings' is []; expected an object"));
  EXPECT_THAT(said(R"({"cases": [{"settings": {}, )" + input + "}}]}"), HasSubstr("cases[0]: 'settings'"));
  EXPECT_THAT(said("{" + input + R"(, "alternative": "less"}})"),
              HasSubstr("unknown key of 'input' 'alternative'; known: a, b, confidence"));
}

TEST(ScoreCommandTest, EmptyListsOfDrawsAreRefused) {
  const ScratchFolder folder;
  for (const char* drawn : {"[[]]", "[{}]", "[3]"}) {
    const auto file =
        folder.write("h.json", std::string("{\"input\": {\"a\": [[1, 2], [3, 4]], \"seed_indices\": [[0, 1]], "
                                           "\"item_indices\": ") +
                                   drawn + "}}");
    EXPECT_THAT(refused({"hierarchical_bootstrap", "--input", file.string()}), HasSubstr("item_indices")) << drawn;
  }
}

}  // namespace
}  // namespace sslbench
