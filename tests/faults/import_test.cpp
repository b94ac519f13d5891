// SPDX-License-Identifier: Apache-2.0
// `export --to features` and `import` are each other's inverse; features of another set or order are refused.
#include <gmock/gmock.h>

#include <algorithm>

#include "suites/files/atomic_file.h"
#include "suites/files/safetensors_header.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr const char* kOnFeatures[] = {"knn", "linear_probe"};

const StageRecord& stage_of(const Record& record, const std::string& name) {
  for (const StageRecord& stage : record.stages) {
    if (stage.name == name) return stage;
  }
  throw std::runtime_error("no stage " + name);
}

class ImportTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(suite_.run({"--only", "simclr"}).code, 0); }
  fs::path exported() {
    const fs::path file = suite_.folder() / "simclr.safetensors";
    const Ending end =
        suite_.sslbench({"export", suite_.out.string(), "--to", "features", "--only", "simclr", "-o", file.string()});
    EXPECT_EQ(end.code, 0) << end.errors;
    EXPECT_EQ(end.output, file.string() + "\n");
    return file;
  }
  Ending import(const fs::path& file, const std::string& row = "theirs") {
    return suite_.sslbench({"import", file.string(), suite_.out.string(), "--row", row});
  }

  TinySuite suite_;
};

TEST_F(ImportTest, FeaturesThatWeExportedGiveTheSameNumbersBitForBit) {
  const Ending end = import(exported());
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(end.output, HasSubstr("theirs"));
  const Record native = suite_.record("simclr"), imported = suite_.record("theirs");
  for (const char* protocol : kOnFeatures) {
    const StageRecord &ours = stage_of(native, protocol), &theirs = stage_of(imported, protocol);
    size_t compared = 0;
    for (const Measurement& m : ours.measurements) {
      if (m.unit != "1") continue;  // times, memory, energy
      const auto same = std::ranges::find_if(theirs.measurements, [&](const Measurement& other) {
        return other.metric == m.metric && other.split == m.split;
      });
      ASSERT_NE(same, theirs.measurements.end()) << protocol << " " << m.metric << " " << m.split;
      EXPECT_EQ(m.value, same->value) << protocol << " " << m.metric << " " << m.split;
      EXPECT_EQ(m.n, same->n) << protocol << " " << m.metric << " " << m.split;
      ++compared;
    }
    EXPECT_GT(compared, 2u);
    EXPECT_EQ(ours.replicates, theirs.replicates) << protocol;
  }
  EXPECT_THAT(imported.facts.at("notes").dump(), HasSubstr("imported, not repeatable here"));
}

TEST_F(ImportTest, TheRowStaysWhenTheSuiteGoesOn) {
  ASSERT_EQ(import(exported()).code, 0);
  const Ending end = suite_.run({"--only", "random_init", "--only", "theirs"});
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(suite_.markdown(),
              AllOf(HasSubstr("theirs"), HasSubstr("random_init"), HasSubstr("not repeatable here")));
}

TEST_F(ImportTest, LabelsThatAreNotTheSetsFailTheRunByImage) {
  std::string bytes = read_file(exported());
  const StoredTensors tensors = parse_safetensors(bytes);
  const StoredTensor* labels = tensors.find("test_labels");
  ASSERT_NE(labels, nullptr);
  std::string data(tensors.data);
  char& first = data[static_cast<size_t>(labels->bytes.data() - tensors.data.data())];
  first = static_cast<char>(first + 1);
  const std::string header = bytes.substr(8, bytes.size() - 8 - tensors.data.size());
  std::string unsealed = header;
  const size_t seal = unsealed.find("\"sha256\"");
  unsealed.replace(seal, 8, "\"before\"");
  const fs::path other = suite_.write("other.safetensors", safetensors_file(unsealed, data));
  const Ending end = import(other);
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_THAT(end.output + end.errors, HasSubstr("test image 0"));
}

TEST_F(ImportTest, AFileThatHoldsNoFeaturesIsRefusedBeforeAnythingRuns) {
  const Ending end = import(suite_.write("nothing.npz", "no arrays"));
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, HasSubstr("nothing.npz"));
}

}  // namespace
}  // namespace sslbench
