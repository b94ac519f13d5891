// SPDX-License-Identifier: Apache-2.0
// What a protocol predicted for every test image, for others to score. It lies in the run's work folder until the run
// is published, then in OUT/predictions/<run>/<row>.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/image.h"
#include "suites/ground/settings.h"
#include "suites/metrics/coco_ap.h"
#include "suites/protocols/fine_tuning/image_part.h"
#include "suites/training/stage_context.h"

namespace sslbench {

inline constexpr int64_t kMostPredictionBytes = int64_t{1} << 30;  // a stage

// "save_predictions".
Option save_predictions_option();

class SavedPredictions {
 public:
  // Files of an earlier attempt go. Of several ranks the first one writes.
  explicit SavedPredictions(StageContext& context, int64_t most_bytes = kMostPredictionBytes);

  // RunFailure(storage) where it cannot be written. Past the limit all of the stage is dropped, with a note.
  void write(const std::string& name, std::string_view bytes);
  // "<place>.png": 8-bit gray, a pixel's value is its class.
  void write_label_map(int64_t place, const Mask& found);
  // names.json: what the test images are called, in the order of their places.
  void write_names(const ImagePart& images);
  // truth.json and detections.json in COCO's format, image ids being places.
  void write_boxes(const CocoInput& input, const ImagePart& images, const std::vector<std::string>& classes);

 private:
  StageContext& context_;
  std::filesystem::path folder_;
  int64_t left_;
  bool writes_;
};

}  // namespace sslbench
