// SPDX-License-Identifier: Apache-2.0
// What people give to `sslbench score`: two files of COCO, and the input of every operation.
#include <algorithm>

#include "suites/cli/score/score_detection.h"
#include "suites/cli/score/score_op.h"
#include "suites/files/safetensors_header.h"
#include "suites/metrics/coco_file.h"
#include "tests/fuzz/target.h"

namespace sslbench {
namespace {

// The truth, a line end, the results; read as boxes and as masks.
void run_coco_results(std::string_view bytes) {
  const auto folder = fresh_folder();
  const size_t end = std::min(bytes.find('\n'), bytes.size());
  write_to(folder, "gt.json", bytes.substr(0, end));
  write_to(folder, "dt.json", bytes.substr(std::min(end + 1, bytes.size())));
  score_detection(folder / "gt.json", folder / "dt.json", CocoKind::boxes, {1, 10, 100});
  score_detection(folder / "gt.json", folder / "dt.json", CocoKind::masks, {1, 10, 100});
}

// The first byte chooses the operation.
void run_score(std::string_view bytes) {
  const std::vector<std::string> names = Registry<ScoreEntry>::names();
  const size_t choice = bytes.empty() ? 0 : static_cast<uint8_t>(bytes[0]) % names.size();
  score_bytes(Registry<ScoreEntry>::find(names[choice]), std::string(bytes.substr(bytes.empty() ? 0 : 1)));
}

std::string tensors(const std::string& name, const std::string& settings) {
  const std::string metadata = settings.empty() ? "" : "\"__metadata__\":{\"settings\":\"" + settings + "\"},";
  return safetensors_file("{" + metadata + "\"in." + name +
                              "\":{\"dtype\":\"F32\",\"shape\":[4,2],\"data_offsets\":[0,32]}," +
                              "\"in.labels\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[32,36]}}",
                          std::string(12, '\x3e') + std::string(20, '\x3f') + std::string("\0\1\0\1", 4));
}

std::vector<std::string> score_seeds() {
  std::vector<std::string> out;
  const std::vector<std::string> names = Registry<ScoreEntry>::names();
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string choice(1, static_cast<char>(i));
    if (Registry<ScoreEntry>::find(names[i]).on_tensors) {
      out.push_back(choice + tensors("features", ""));
      out.push_back(choice + tensors("logits", "{\\\"k\\\":[1]}"));
    } else {
      out.push_back(choice + R"({"input":{"p":[0.1,0.02],"a":[1,2,3],"b":[2,3,5],"values":[1,2],"k":3,"n":9}})");
      out.push_back(choice + R"({"settings":{},"cases":[{"input":{"a":[1,2.5],"b":[0,1]}},{"input":{}}]})");
    }
  }
  return out;
}

constexpr const char* kCoco =
    R"({"categories":[{"id":3}],"images":[{"id":1,"height":6,"width":8}],"annotations":[{"id":1,"image_id":1,)"
    R"("category_id":3,"bbox":[1,1,4,3],"area":4,"iscrowd":0,"segmentation":[[1,1,5,1,5,4]]},{"id":2,"image_id":1,)"
    R"("category_id":3,"bbox":[0,0,2,6],"area":9,"iscrowd":1,"segmentation":{"size":[6,8],"counts":[0,12,36]}}]})"
    "\n"
    R"([{"image_id":1,"category_id":3,"bbox":[1,1,4,3],"score":0.5,"segmentation":{"size":[6,8],"counts":"0<T1"}}])";

const bool registered =
    Registry<FuzzTarget>::add(
        {.name = "coco_results", .run = run_coco_results, .seeds = [] { return std::vector<std::string>{kCoco}; }}) &&
    Registry<FuzzTarget>::add({.name = "score", .run = run_score, .seeds = score_seeds});

}  // namespace
}  // namespace sslbench
