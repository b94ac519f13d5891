// SPDX-License-Identifier: Apache-2.0
// Prototypes, balanced assignments and k-means.
#include "methods/deepcluster_v2.h"
#include "methods/parts/prototypes.h"
#include "methods/parts/sinkhorn.h"
#include "methods/parts/spherical_kmeans.h"
#include "methods/swav.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

GoldenOutput sinkhorn(const GoldenCall& call) {
  const std::string input = call.choice("input", {"scores", "probabilities"});
  const double epsilon = call.real("epsilon");  // of scores alone
  const Tensor log_q = input == "scores" ? call["scores"] / epsilon : call["scores"].log();
  return {{"assignments", sinkhorn_knopp(log_q, call.integer("iterations"))}};
}

GoldenOutput swapped(const GoldenCall& call) {
  const swav::Assigning assigning{call.integer("num_assign"), call.real("temperature"), call.real("epsilon"),
                                  call.integer("iterations")};
  const Tensor queue_scores = call.has("queue_scores") ? call["queue_scores"] : Tensor();
  const auto [loss, assignments] = swav::swapped_prediction(call["scores"], queue_scores, assigning);
  return {{"loss", loss}, {"assignments", assignments}};
}

GoldenOutput cluster_prediction(const GoldenCall& call) {
  std::vector<Tensor> heads;
  for (int64_t h = 0; h < call["scores"].size(0); ++h) {
    heads.push_back(deepcluster_v2::cluster_loss(call["scores"][h], call["targets"][h], call.real("temperature"),
                                                 call.integer("ignore_index")));
  }
  return {{"loss", at::stack(heads).mean()}};
}

GoldenOutput kmeans(const GoldenCall& call) {
  const SphericalClusters found = spherical_kmeans(call["embeddings"], call["init"], call.integer("iterations"));
  return {{"centroids", found.centroids_KD}, {"assignments", found.assignments_N}};
}

GoldenOutput unit_prototypes(const GoldenCall& call) {
  const Tensor weight = call["weight"].clone();
  normalize_prototypes(weight);
  return {{"weight", weight}};
}

const bool registered = add_golden_ops({{"sinkhorn_knopp", sinkhorn},
                                        {"swav", swapped},
                                        {"deepcluster_v2", cluster_prediction},
                                        {"spherical_kmeans", kmeans},
                                        {"normalize_prototypes", unit_prototypes}});

}  // namespace
}  // namespace sslbench
