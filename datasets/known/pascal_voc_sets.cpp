// SPDX-License-Identifier: Apache-2.0
// PASCAL VOC 2007 and 2012. Everingham et al.: "The PASCAL Visual Object Classes Challenge", IJCV 2010.
// VOCdevkit/VOC<year>/ with JPEGImages, Annotations, ImageSets/Main (boxes), ImageSets/Segmentation and
// SegmentationClass, read by the format pascal_voc: difficult objects neither count nor are missed, 255 in a mask is
// void. The two kinds of lists split the pictures otherwise: by default those of boxes do, and a mask in another split
// is not used; lists = "segmentation" takes the pictures and splits of published figures of masks. Published figures of
// 2007 train on trainval and test on test; the annotations of 2012's test are not published, so that its val is the
// test split. The measures are ap50 and the mean IoU.
#include "datasets/format_set.h"
#include "datasets/known/set_root.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/listed_pictures.h"
#include "datasets/readers/voc_lists.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

std::optional<fs::path> root_of(const fs::path& folder, const std::string& year) {
  return set_root(folder, {"VOCdevkit/" + year, year, ""}, "ImageSets/Main/trainval.txt");
}

// The year's folder as the format pascal_voc reads it.
FolderContent read_year(const FormatRequest& request, const std::string& year) {
  const auto root = root_of(request.folder, year);
  if (!root) throw_bad_data(request.folder, "holds no VOCdevkit/" + year + "/ImageSets/Main/trainval.txt");
  FormatRequest inner = request;
  inner.folder = request.folder / *root;
  return read_voc_folder(inner, {.joins_val = year == "VOC2007" && request.settings.text("val") == "joined",
                                 .by_masks = request.settings.text("lists") == "segmentation"});
}

std::vector<Option> challenge_options(bool tested) {
  std::vector<Option> out{
      choice_option("lists", "main", {"main", "segmentation"},
                    "whose splits: those of boxes, or exactly those of published figures of masks")};
  if (tested) out.push_back(val_option());
  return out;
}

std::vector<std::string> with_background() {
  std::vector<std::string> out = voc_challenge_classes();
  out.insert(out.begin(), "background");
  return out;
}

DatasetEntry challenge(DatasetEntry entry) {
  entry.licence = "research only; the pictures are their owners'";
  entry.tasks = {"detection", "segmentation"};
  entry.image_size = 500;
  entry.classes = voc_challenge_classes();
  entry.mean = kImagenetMean, entry.deviation = kImagenetDeviation;
  entry.mask_classes = with_background();
  return entry;
}

// The challenge's lists of one class tell it from sets of one's own in folders of its names.
bool fits_year(const fs::path& folder, const std::string& year) {
  const auto root = root_of(folder, year);
  return root && !root->empty() && fs::exists(folder / *root / "ImageSets/Main/aeroplane_trainval.txt");
}

const bool voc2007 =
    Registry<FormatEntry>::add(
        {.name = "voc2007",
         .layout = "VOCdevkit/VOC2007/ of the challenge, trainval and test",
         .rank = 15,
         .options = challenge_options(true),
         .archives = {.files = {{"VOCtrainval_06-Nov-2007.tar", "c52e279531787c972589f7e41ab4ae64"},
                                {"VOCtest_06-Nov-2007.tar", "b6e924de25625d8de591ea690078ad9f"}}},
         .fits = [](const fs::path& folder) { return fits_year(folder, "VOC2007"); },
         .read = [](const FormatRequest& request) { return read_year(request, "VOC2007"); }}) &&
    Registry<DatasetEntry>::add(
        format_set(challenge({.name = "voc2007",
                              .summary = "9,963 photographs with boxes of 20 things, 632 with masks",
                              .source = "http://host.robots.ox.ac.uk/pascal/VOC/voc2007 (VOCtrainval_06-Nov-2007.tar, "
                                        "VOCtest_06-Nov-2007.tar)",
                              .format = "voc2007",
                              .expected = {{Split::train, 5'011}, {Split::test, 4'952}}}),
                   challenge_options(true)));
const bool voc2012 =
    Registry<FormatEntry>::add(
        {.name = "voc2012",
         .layout = "VOCdevkit/VOC2012/ of the challenge, trainval",
         .rank = 15,
         .options = challenge_options(false),
         .archives = {.files = {{"VOCtrainval_11-May-2012.tar", "6cd6e144f989b92b3379bac3b3de84fd"}}},
         .fits = [](const fs::path& folder) { return fits_year(folder, "VOC2012"); },
         .read = [](const FormatRequest& request) { return read_year(request, "VOC2012"); }}) &&
    Registry<DatasetEntry>::add(format_set(
        challenge({.name = "voc2012",
                   .summary = "11,540 photographs with boxes of 20 things, 2,913 with masks; val is the test split",
                   .source = "http://host.robots.ox.ac.uk/pascal/VOC/voc2012 (VOCtrainval_11-May-2012.tar)",
                   .format = "voc2012"}),
        challenge_options(false)));

}  // namespace
}  // namespace sslbench
