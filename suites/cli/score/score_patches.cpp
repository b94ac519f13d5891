// SPDX-License-Identifier: Apache-2.0
// sslbench score: segmentation by a memory of labelled patches.
#include <algorithm>
#include <span>
#include <thread>

#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/metrics/dense/enlarged_labels.h"
#include "suites/metrics/dense/patch_labels.h"
#include "suites/metrics/dense/patch_segmentation.h"

namespace sslbench {
namespace {

constexpr int64_t kLargestSide = 16384;
constexpr size_t kSampled = 256;  // values of the enlarged maps

// [images, side, side] of classes and 255, by image.
std::vector<std::vector<uint8_t>> masks_of(const ScoreInputs& inputs, const PatchGrid& grid) {
  const std::vector<int64_t> values = inputs.integers("masks", 3);
  const std::vector<int64_t>& shape = inputs.at("masks").shape;
  const auto side = static_cast<int64_t>(grid.side());
  if (shape[1] != side || shape[2] != side) {
    throw UserError("in.masks has images of " + std::to_string(shape[1]) + " x " + std::to_string(shape[2]) +
                    " pixels; expected " + std::to_string(side) + " x " + std::to_string(side) +
                    ", as 'grid' and 'patch' say");
  }
  std::vector<std::vector<uint8_t>> out(static_cast<size_t>(shape[0]));
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] < 0 || values[i] > 255) {
      throw UserError("in.masks holds " + std::to_string(values[i]) + "; expected classes, or 255 for void pixels");
    }
    out[i / grid.pixels()].push_back(static_cast<uint8_t>(values[i]));
  }
  return out;
}

PatchGrid grid_of(const ScoreInputs& inputs) {
  PatchGrid out;
  out.grid = static_cast<size_t>(integer_at(inputs.settings(), "grid", 1, kLargestSide));
  out.patch =
      static_cast<size_t>(integer_at(inputs.settings(), "patch", 1, kLargestSide / static_cast<int64_t>(out.grid)));
  return out;
}

int classes_of(const ScoreInputs& inputs) {
  return static_cast<int>(integer_at(inputs.settings(), "num_classes", 1, 255));
}

// Row `image` of in.uniform.
std::vector<float> uniform_of(const ScoreInputs& inputs, size_t image, size_t images, size_t patches) {
  const Matrix all = inputs.matrix("uniform");
  if (all.rows != images || all.columns != patches) {
    throw UserError("in.uniform has the shape [" + std::to_string(all.rows) + ", " + std::to_string(all.columns) +
                    "]; expected [" + std::to_string(images) + ", " + std::to_string(patches) +
                    "], a number for every patch");
  }
  return {all.row(image).begin(), all.row(image).end()};
}

void append(std::vector<double>& to, const std::vector<double>& values) {
  to.insert(to.end(), values.begin(), values.end());
}

NumberTensors memory(const ScoreInputs& inputs) {
  const PatchGrid grid = grid_of(inputs);
  const int classes = classes_of(inputs);
  const bool background = inputs.settings().value("void", "background") == "background";
  const auto chosen =
      static_cast<size_t>(inputs.integer_setting("per_image", 0, 0, static_cast<int64_t>(grid.patches())));
  const std::vector<std::vector<uint8_t>> masks = masks_of(inputs, grid);
  const auto I = std::ssize(masks), P = static_cast<int64_t>(grid.patches()), K = static_cast<int64_t>(chosen);
  NumberTensor labels{{I, P, classes}, {}}, scores{{I, P}, {}}, selected{{I, K}, {}, true}, kept{{I, P}, {}, true};
  for (size_t i = 0; i < masks.size(); ++i) {
    const PatchLabels of =
        patch_labels(masks[i], grid, classes, background ? VoidPixels::background : VoidPixels::exclude);
    append(labels.values, of.share.values);
    append(kept.values, {of.kept.begin(), of.kept.end()});
    if (!background) continue;
    const std::vector<double> score = patch_scores(of.share);
    append(scores.values, score);
    const std::vector<int64_t> rarest =
        rarest_patches(score, uniform_of(inputs, i, masks.size(), grid.patches()), chosen);
    append(selected.values, {rarest.begin(), rarest.end()});
  }
  if (!background) return {{"labels", labels}, {"kept", kept}};
  return {{"labels", labels}, {"patch_scores", scores}, {"selected", selected}};
}

// [images, patches, columns] as one row a patch.
Matrix queries_of(const ScoreInputs& inputs, const PatchGrid& grid, size_t images, size_t columns) {
  const NumberTensor& query = inputs.numbers("query", 3);
  const auto P = static_cast<int64_t>(grid.patches()), D = static_cast<int64_t>(columns);
  if (query.shape[0] != static_cast<int64_t>(images) || query.shape[1] != P || query.shape[2] != D) {
    throw UserError("in.query has the shape [" + std::to_string(query.shape[0]) + ", " +
                    std::to_string(query.shape[1]) + ", " + std::to_string(query.shape[2]) + "]; expected [" +
                    std::to_string(images) + ", " + std::to_string(P) + ", " + std::to_string(D) +
                    "]: images of in.masks, patches of the grid, columns of in.memory");
  }
  return {images * grid.patches(), columns, query.values};
}

// Values 0, step, 2 step, ... of the maps [images, classes, side, side].
NumberTensor sampled_maps(const Matrix& share, const PatchGrid& grid, size_t images) {
  const size_t C = share.columns, all = images * C * grid.pixels(), step = std::max<size_t>(1, all / kSampled);
  std::vector<double> out, shares;
  for (size_t i = 0; i < all && out.size() < kSampled; i += step) {
    const size_t image = i / (C * grid.pixels()), pixel = i % grid.pixels();
    EnlargedShares(share, image * grid.patches(), grid).at(pixel / grid.side(), pixel % grid.side(), shares);
    out.push_back(shares[i / grid.pixels() % C]);
  }
  return vector_tensor(std::move(out));
}

std::vector<uint8_t> labels_of(const Matrix& share, size_t image, const PatchGrid& grid) {
  std::vector<float> scores(share.columns * grid.patches());
  for (size_t p = 0; p < grid.patches(); ++p) {
    const std::span<const double> of_patch = share.row(image * grid.patches() + p);
    for (size_t c = 0; c < of_patch.size(); ++c) scores[c * grid.patches() + p] = static_cast<float>(of_patch[c]);
  }
  return enlarged_labels({scores.data(), share.columns, grid.grid, grid.grid}, grid.side(), grid.side());
}

NumberTensor confusion_tensor(const ConfusionMatrix& confusion) {
  NumberTensor out{{confusion.classes(), confusion.classes()}, {}, true};
  for (int t = 0; t < confusion.classes(); ++t) {
    for (int p = 0; p < confusion.classes(); ++p) out.values.push_back(static_cast<double>(confusion.at(t, p)));
  }
  return out;
}

NumberTensor ascending(const Neighbours& near, size_t images, size_t patches, size_t k) {
  std::vector<int64_t> index = near.index;
  for (auto first = index.begin(); first != index.end(); first += static_cast<int64_t>(k)) {
    std::sort(first, first + static_cast<int64_t>(k));
  }
  return integer_tensor({static_cast<int64_t>(images), static_cast<int64_t>(patches), static_cast<int64_t>(k)}, index);
}

Matrix memory_labels(const ScoreInputs& inputs, size_t rows, int classes) {
  Matrix out = inputs.matrix("memory_labels");
  if (out.rows == rows && out.columns == static_cast<size_t>(classes)) return out;
  throw UserError("in.memory_labels has the shape [" + std::to_string(out.rows) + ", " + std::to_string(out.columns) +
                  "]; expected [" + std::to_string(rows) + ", " + std::to_string(classes) +
                  "]: rows of in.memory, 'num_classes'");
}

NumberTensors segmentation(const ScoreInputs& inputs) {
  const PatchGrid grid = grid_of(inputs);
  const int classes = classes_of(inputs);
  const std::vector<std::vector<uint8_t>> masks = masks_of(inputs, grid);
  const Matrix known = inputs.matrix("memory");
  const Matrix queries = queries_of(inputs, grid, masks.size(), known.columns);
  const auto k = static_cast<size_t>(integer_at(inputs.settings(), "k", 1, static_cast<int64_t>(known.rows)));
  const PatchVotes votes = patch_votes(known, memory_labels(inputs, known.rows, classes), queries, k,
                                       number_at(inputs.settings(), "temperature", 1e-6, 1e6),
                                       std::max(1u, std::thread::hardware_concurrency()));
  ConfusionMatrix confusion(classes);
  const auto B = std::ssize(masks), side = static_cast<int64_t>(grid.side());
  NumberTensor argmax{{B, side, side}, {}, true};
  for (size_t b = 0; b < masks.size(); ++b) {
    const std::vector<uint8_t> found = labels_of(votes.share, b, grid);
    confusion.add(masks[b], found);
    append(argmax.values, {found.begin(), found.end()});
  }
  const PatchSegmentation out = patch_segmentation(confusion);
  return {{"neighbours", ascending(votes.near, masks.size(), grid.patches(), k)},
          {"label_hat", {{B, static_cast<int64_t>(grid.patches()), classes}, votes.share.values}},
          {"up_values", sampled_maps(votes.share, grid, masks.size())},
          {"argmax", argmax},
          {"confusion", confusion_tensor(confusion)},
          {"iou", vector_tensor(out.iou)},
          {"present", integer_tensor({classes}, {out.present.begin(), out.present.end()})},
          {"miou", scalar_tensor(out.miou)},
          {"miou_present", scalar_tensor(out.miou_present)},
          {"miou_hungarian", scalar_tensor(out.miou_hungarian)}};
}

using Settings = std::vector<ScoreSetting>;
const Settings kMemory = {
    {"grid"}, {"patch"}, {"num_classes"}, {"ignore_index", {255}}, {"per_image"}, {"void", {"background", "exclude"}}};
const Settings kSegmentation = {{"grid"}, {"patch"}, {"num_classes"}, {"k"}, {"temperature"}, {"ignore_index", {255}}};

using Scores = Registry<ScoreEntry>;
const bool registered =
    Scores::add({"dense_knn_memory", "class shares of patches, and the rarest of them", {}, memory, kMemory}) &&
    Scores::add(
        {"dense_knn", "segmentation by the nearest labelled patches (Hummingbird)", {}, segmentation, kSegmentation});

}  // namespace
}  // namespace sslbench
