// SPDX-License-Identifier: Apache-2.0
// Metrics and statistics: every operation of `sslbench score` is an adapter as it stands. knn goes through the
// protocol.
#include "suites/cli/score/score_detection.h"
#include "suites/cli/score/score_op.h"
#include "suites/metrics/classification.h"
#include "suites/protocols/parts/nearest_votes.h"
#include "suites/tensors/aten.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

using nlohmann::json;

NumberTensor numbers_of(const Tensor& tensor) {
  const Tensor flat = tensor.detach().to(at::kDouble).contiguous();
  const double* values = flat.const_data_ptr<double>();
  return {tensor.sizes().vec(), {values, values + flat.numel()}, !tensor.is_floating_point()};
}

Tensor tensor_of(const NumberTensor& numbers) {
  return at::tensor(numbers.values, at::kDouble).reshape(numbers.shape).to(numbers.integer ? at::kLong : at::kDouble);
}

GoldenOutput score_tensors(const ScoreEntry& op, const GoldenCall& call) {
  NumberTensors inputs;
  for (const auto& item : call.inputs) inputs.emplace(item.first, numbers_of(call[item.first]));
  GoldenOutput out;
  check_settings(op, call.settings.whole());
  for (const auto& [name, numbers] : op.on_tensors(ScoreInputs(std::move(inputs), call.settings.whole()))) {
    out.emplace(name, tensor_of(numbers));
  }
  return out;
}

// The file's content with our numbers in the place of those expected.
json score_json(const ScoreEntry& op, const GoldenJson& golden) {
  const json& settings = golden.settings.whole();
  check_settings(op, settings);
  const auto score = [&](const json& input) {
    check_input_keys(op, input);
    return op.on_json(settings, input);
  };
  if (!golden.content.contains("cases")) return {{"expected", score(golden.content.at("input"))}};
  json cases = golden.content.at("cases");
  for (json& one : cases) {
    if (op.whole_case) {
      one.update(score(one));
    } else {
      one["expected"] = score(one.at("input"));
    }
  }
  return {{"cases", cases}};
}

json coco_ap(const GoldenJson& golden) {
  const std::string kind = golden.settings.choice("iou_type", {"bbox", "segm"});
  return score_detection(golden.folder / "gt.json", golden.folder / "dt.json",
                         kind == "segm" ? CocoKind::masks : CocoKind::boxes, golden.settings.at("max_dets"));
}

GoldenOutput knn(const GoldenCall& call) {
  check_settings(Registry<ScoreEntry>::find("knn"), call.settings.whole());
  const int64_t classes = call.integer("num_classes");
  const NearestVotes near = nearest_votes(call["train_features"], call["train_labels"], call["test_features"],
                                          call.integer("k"), classes, call.real("temperature"));
  const std::span<const double> votes(near.votes_MC.const_data_ptr<double>(),
                                      static_cast<size_t>(near.votes_MC.numel()));
  const Tensor labels = call["test_labels"].contiguous();
  const std::vector<int64_t> ranks =
      vote_ranks(votes, classes, {labels.const_data_ptr<int64_t>(), static_cast<size_t>(labels.numel())});
  return {{"neighbours", std::get<0>(at::sort(near.neighbour_MK, 1))},
          {"scores", near.votes_MC},
          {"prediction", at::tensor(predictions(votes, classes), at::kLong)},
          {"top1", tensor_of(scalar_tensor(top_k(ranks, 1)))},
          {"top5", tensor_of(scalar_tensor(top_k(ranks, 5)))}};
}

const bool registered = add_golden_ops({{"knn", knn}}) && add_golden_json_ops({{"coco_ap", coco_ap}});

}  // namespace

void add_score_goldens() {
  for (const auto& entry : Registry<ScoreEntry>::all()) {
    const auto& op = entry.second;
    if (entry.first == "knn") continue;
    GoldenOp golden{entry.first, {}, {}};
    if (op.on_tensors) golden.run = [&op](const GoldenCall& call) { return score_tensors(op, call); };
    if (op.on_json) golden.run_on_json = [&op](const GoldenJson& json) { return score_json(op, json); };
    Registry<GoldenOp>::add(std::move(golden));
  }
}

}  // namespace sslbench
