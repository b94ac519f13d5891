// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/predictions/saved_predictions.h"

#include <system_error>

#include "datasets/packed/png_writer.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/metrics/coco_file.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"

namespace sslbench {

namespace fs = std::filesystem;
using nlohmann::json;

Option save_predictions_option() {
  return circumstance(flag_option("save_predictions", false,
                                  "keep what is predicted for every test image in OUT/predictions/<run>: boxes as "
                                  "COCO's JSON, label maps as PNG; a finished run is done again only with --again"));
}

SavedPredictions::SavedPredictions(StageContext& context, int64_t most_bytes)
    : context_(context),
      folder_(context.work / "predictions" / context.record.name),
      left_(most_bytes),
      writes_(ranks().is_first()) {
  if (!writes_) return;
  std::error_code error;
  fs::remove_all(folder_, error);
  fs::create_directories(folder_, error);
  if (error) throw RunFailure(FailureKind::storage, folder_.string() + ": " + error.message());
}

void SavedPredictions::write(const std::string& name, std::string_view bytes) {
  if (!writes_) return;
  left_ -= std::ssize(bytes);
  if (left_ >= 0) return write_atomically(folder_ / name, bytes);
  writes_ = false;
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  if (context_.note) context_.note("its predictions need more space than a stage may have, so none are kept");
}

void SavedPredictions::write_label_map(int64_t place, const Mask& found) {
  if (!writes_) return;
  std::string name = std::to_string(place);
  name.insert(0, name.size() < 6 ? 6 - name.size() : 0, '0');
  write(name + ".png", gray_png(found));
}

void SavedPredictions::write_names(const ImagePart& images) {
  if (!writes_) return;
  json names = json::array();
  for (const int64_t number : images.numbers) names.push_back(images.images.name(number));
  write("names.json", names.dump(1, ' ', false, json::error_handler_t::replace));
}

void SavedPredictions::write_boxes(const CocoInput& input, const ImagePart& images,
                                   const std::vector<std::string>& classes) {
  if (!writes_) return;
  std::vector<CocoPicture> pictures;
  for (int64_t i = 0; i < images.size(); ++i) {
    const auto item = images.item(i);
    pictures.push_back(
        {i, item->image.height, item->image.width, images.images.name(images.numbers[static_cast<size_t>(i)])});
  }
  write("truth.json", coco_truth_text(input, pictures, classes));
  write("detections.json", coco_results_text(input.detections));
}

}  // namespace sslbench
