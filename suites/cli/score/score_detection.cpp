// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/score/score_detection.h"

#include <thread>

namespace sslbench {

nlohmann::json score_detection(const std::filesystem::path& truth, const std::filesystem::path& predictions,
                               CocoKind kind, std::array<int, 3> max_dets) {
  const size_t threads = std::max(1u, std::thread::hardware_concurrency());
  CocoInput input = read_coco(truth, predictions, kind, threads);
  input.max_dets = max_dets;
  const CocoScores scores = coco_scores(input, threads);
  nlohmann::json per_category = nlohmann::json::object();
  for (const CategoryAp& category : scores.per_category) {
    per_category[std::to_string(category.category)] = {{"AP", category.ap}, {"AP50", category.ap50}};
  }
  return {{"stats",
           {{"AP", scores.ap},
            {"AP50", scores.ap50},
            {"AP75", scores.ap75},
            {"APs", scores.ap_small},
            {"APm", scores.ap_medium},
            {"APl", scores.ap_large},
            {"AR1", scores.ar[0]},
            {"AR10", scores.ar[1]},
            {"AR100", scores.ar[2]},
            {"ARs", scores.ar_small},
            {"ARm", scores.ar_medium},
            {"ARl", scores.ar_large}}},
          {"per_category", per_category}};
}

}  // namespace sslbench
