// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/predictions/saved_predictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/pictures/png.h"
#include "suites/files/atomic_file.h"
#include "suites/metrics/coco_file.h"
#include "suites/protocols/predictions/box_scores.h"
#include "suites/tensors/aten.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// Three pictures with a box each, whose sides no decimal fraction writes shortly.
class ThreeBoxes final : public DataSource {
 public:
  int64_t size() const override { return 3; }
  Item item(int64_t i) const override {
    const float left = static_cast<float>(i) / 3;
    return {Image{8, 9, std::vector<uint8_t>(216)}, -1, {{left, 0.1f, left + 5.7f, 7.3f, static_cast<int32_t>(i % 2)}}};
  }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string name(int64_t i) const override { return "folder/" + std::to_string(i) + ".jpg"; }

 private:
  std::vector<std::string> classes_{"one", "two"};
};

class SavedPredictionsTest : public testing::Test {
 protected:
  StageContext context() {
    return {.record = record, .work = folder.path(), .earlier = {}, .note = [&](const std::string& note) {
              notes.push_back(note);
            }};
  }
  fs::path place() const { return folder.path() / "predictions" / "det"; }

  ScratchFolder folder;
  StageRecord record{.name = "det"};
  std::vector<std::string> notes;
};

TEST_F(SavedPredictionsTest, BoxesReadBackScoreTheSameToTheLastBit) {
  const ImageSet images(std::make_unique<ThreeBoxes>());
  const ImagePart all = all_of(images);
  CocoInput input;
  for (const CocoDetection& found : std::vector<CocoDetection>{{0, 1, {0, 0.3f, 5, 6.1f}, 0.7f},
                                                               {1, 2, {1.1f, 1.7f, 4.9f, 5}, 1.0f / 3},
                                                               {2, 1, {0.9f, 0, 5.2f, 7}, 0.123456789f},
                                                               {2, 2, {3, 3, 2, 2}, 1e-9f}}) {
    input.detections.push_back(found);
  }
  CocoInput truth = coco_truth(all, 2);
  truth.detections = input.detections;
  StageContext at = context();
  SavedPredictions(at).write_boxes(truth, all, images.classes());
  const CocoInput read = read_coco(place() / "truth.json", place() / "detections.json", CocoKind::boxes);
  const CocoScores want = coco_scores(truth), got = coco_scores(read);
  EXPECT_GT(want.ap, 0);
  EXPECT_EQ(got.ap, want.ap);
  EXPECT_EQ(got.ap50, want.ap50);
  EXPECT_EQ(got.ap75, want.ap75);
  EXPECT_EQ(got.ap_small, want.ap_small);
  EXPECT_EQ(got.ar, want.ar);
  EXPECT_THAT(read_file(place() / "truth.json"), HasSubstr("folder/2.jpg"));
}

TEST_F(SavedPredictionsTest, LabelMapsAreGrayPicturesOfTheClasses) {
  StageContext at = context();
  const Mask map{2, 3, {0, 1, 2, 254, 7, 3}};
  SavedPredictions(at).write_label_map(12, map);
  const std::string bytes = read_file(place() / "000012.png");
  EXPECT_EQ(decode_png_mask(bytes, "000012.png").labels, map.labels);
}

TEST_F(SavedPredictionsTest, PastTheLimitNoneAreKeptAndThatIsTold) {
  StageContext at = context();
  SavedPredictions saved(at, 10);
  saved.write("a", "12345");
  EXPECT_TRUE(fs::exists(place() / "a"));
  saved.write("b", "123456");
  saved.write("c", "1");
  EXPECT_FALSE(fs::exists(place())) << "part of the predictions would be scored as all";
  EXPECT_THAT(notes, ElementsAre(HasSubstr("more space than a stage may have")));
}

TEST_F(SavedPredictionsTest, AnEarlierAttemptsFilesGo) {
  StageContext at = context();
  SavedPredictions(at).write("old", "1");
  SavedPredictions(at).write("new", "1");
  EXPECT_FALSE(fs::exists(place() / "old"));
  EXPECT_TRUE(fs::exists(place() / "new"));
}

}  // namespace
}  // namespace sslbench
