// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/check.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "datasets/install/installed.h"
#include "methods/foreign/model_file.h"
#include "methods/initial_values.h"
#include "methods/teachers/frozen_teacher.h"
#include "methods/weights/weight_file.h"
#include "suites/protocols/parts/image_sets.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/training/rank_agreement.h"
#include "suites/training/train_settings.h"
#include "suites/worker/pretrain.h"
#include "suites/worker/process/limited_child.h"
#include "suites/worker/truth_check.h"

namespace sslbench {
namespace {

constexpr int64_t kUnknownExamples = 8;  // the check reads no data
constexpr int64_t kSmallBatch = 8;

// Images of the training split; 0 when that is not known before the run, which then says why.
int64_t training_images(const RunSpec& spec, const DatasetEntry& dataset) {
  static std::map<std::string, int64_t> known;  // rows share their sets
  if (!dataset.builtin && find_dataset(spec.dataset.name, spec.data_root).digest.empty()) return 0;
  const std::string key = split_key(spec.dataset, Split::train);
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  try {
    const auto images = open_dataset(spec.dataset.name, spec.dataset.settings, Split::train, spec.data_root);
    return known[key] = images->size();
  } catch (const RunFailure&) {  // a damaged file
    return known[key] = 0;
  }
}

// One loss on noise.
void try_batch(Method& method, const RunSpec& spec, const std::vector<ViewRecipe>& recipes, int64_t size) {
  at::Generator noise = at::detail::createCPUGenerator(0);
  TrainBatch batch;
  for (int64_t i = 0; i < size; ++i) batch.samples.push_back(i);
  for (const ViewRecipe& recipe : recipes) {
    batch.views.push_back(
        at::randn({size, 3, recipe.size, recipe.size}, noise).contiguous(at::MemoryFormat::ChannelsLast));
    batch.crops.push_back(at::tensor({0.f, 0.f, 1.f, 1.f}).expand({size, 4}).contiguous());
  }
  batch.labels_N = at::zeros({size}, at::kLong);
  batch.boxes_N5 = at::full({size, 5}, 0.5);
  const at::NoGradGuard no_grad;
  method.begin_step({static_cast<uint64_t>(spec.seed), 0, batch.samples});
  if (method.observes_first()) method.observe(batch);
  method.loss(batch, {0, 1, 1});
}

// Builds the method; where batches are so small that a method may refuse them, also one loss: of all batches, or of the
// last one of an epoch, which may be a single image.
void check_training(const RunSpec& spec, const DatasetEntry& dataset, const TrainSettings& training) {
  const auto classes = static_cast<int64_t>(dataset.classes.size());
  const int side = spec.dataset.settings.value("size", dataset.image_size);
  const PretrainInput input = pretrain_input(spec, classes, kUnknownExamples, side);
  const bool trains = Registry<MethodEntry>::find(spec.method).trains;
  const int64_t images = trains ? training_images(spec, dataset) : 0;
  const int64_t full = images > 0 ? std::min(training.batch_size, images) : training.batch_size;
  const int64_t last = images == 0 || training.drop_last ? 0 : images % full;
  const bool tries = trains && (full <= kSmallBatch || (last > 0 && last <= kSmallBatch));
  std::optional<ShapesOnly> shapes;  // a network of a billion weights costs nothing where none of them is looked at
  if (!tries && spec.files.empty()) shapes.emplace();
  const auto method = build_method(spec, input.method);
  if (!trains) return;
  if (spec.ranks > 1 && !method->backbone().trains_over_ranks()) {
    throw UserError("backbone '" + spec.backbone +
                    "' has batch normalisation that does not see the other ranks' images; "
                    "run it with --ranks 1");
  }
  expect_shares(full, spec.ranks);
  if (last > 0) expect_shares(last, spec.ranks);
  if (full <= kSmallBatch) try_batch(*method, spec, input.recipes, full);
  if (last == 0 || last > kSmallBatch) return;
  try {
    try_batch(*method, spec, input.recipes, last);
  } catch (const UserError& error) {
    throw UserError("pretrain.drop_last = false makes the last batch of an epoch " + std::to_string(last) + " of the " +
                    std::to_string(images) + " images: " + error.what());
  }
}

// Does `work` on a file of strangers where it can do no harm; UserError naming the file when that fails.
void expect_harmless(const std::string& file, const std::function<void()>& work) {
  std::error_code error;
  const uintmax_t bytes = std::filesystem::file_size(file, error);
  const std::string wrong = in_limited_child(limits_for(error ? 0 : bytes), work);
  if (!wrong.empty()) throw UserError(wrong.find(file) == std::string::npos ? file + ": " + wrong : wrong);
}

// A model from elsewhere computes here what its file says, or the row is refused; of several rows that name it, once.
void prove_once(const std::string& backbone, const nlohmann::json& settings, const std::string& digest) {
  const BackboneEntry& entry = Registry<BackboneEntry>::find(backbone);
  static std::set<std::string> proven;
  if (!entry.prove || proven.contains(digest)) return;
  const Settings resolved("backbone '" + entry.name + "'", entry.options, settings);
  expect_harmless(resolved.text("file"), [&] { entry.prove(resolved); });
  if (!digest.empty()) proven.insert(digest);
}

void check_foreign_model(const RunSpec& spec) {
  const auto digest = spec.files.find(std::string(kBackbonePrefix) + "file");
  prove_once(spec.backbone, spec.backbone_settings, digest == spec.files.end() ? "" : digest->second);
}

// Files of weights are opened where they can do no harm before this process opens them, each once; teachers may be
// models from elsewhere.
void check_weight_files(const RunSpec& spec) {
  static std::set<std::string> opened;
  for (const auto& [option, digest] : spec.files) {
    const std::string prefix = kPretrainPrefix;
    const bool initial = option.starts_with(prefix);
    if (!initial && option.find('.') != std::string::npos) continue;
    const std::string file = initial ? spec.pretrain.at(option.substr(prefix.size())).get<std::string>()
                                     : spec.method_settings.at(option).get<std::string>();
    if (const std::string kind = kind_of_model_file(file); option == kTeacherOption && !kind.empty()) {
      prove_once(kind, {{"file", file}}, digest);
    } else if (opened.insert(digest).second) {
      expect_harmless(file, [&] { WeightFile{file}; });
    }
  }
}

// Sets without labels are for pretraining without them.
void check_labels(const RunSpec& spec, const DatasetEntry& dataset) {
  const bool labelled = std::find(dataset.tasks.begin(), dataset.tasks.end(), "classification") != dataset.tasks.end();
  if (labelled || !Registry<MethodEntry>::find(spec.method).uses_labels) return;
  throw UserError("method '" + spec.method + "' learns from labels, and dataset '" + dataset.name +
                  "' has none; leave the row out, or give it a labelled dataset");
}

}  // namespace

std::string check_run(const RunSpec& spec) {
  try {
    const DatasetEntry dataset = dataset_entry(spec.dataset.name, spec.data_root);
    check_labels(spec, dataset);
    check_foreign_model(spec);
    check_weight_files(spec);
    const Settings pretrain("pretrain", pretrain_options(), spec.pretrain);
    check_training(spec, dataset, pretrain_settings(pretrain, at::Device(spec.device)));
    for (const ProtocolSpec& protocol : spec.protocols) {
      const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol.protocol);
      precision_of(protocol.settings.value("precision", "auto"), at::Device(spec.device));
      const auto made = entry.make(Settings("protocol '" + protocol.row + "'", entry.options, protocol.settings));
      at::Generator generator = at::detail::createCPUGenerator(0);
      std::optional<ShapesOnly> shapes;
      if (spec.files.empty()) shapes.emplace();
      made->check(make_backbone(spec.backbone, spec.backbone_settings, generator));
      check_truth(protocol, entry.task, spec.data_root);
    }
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

}  // namespace sslbench
