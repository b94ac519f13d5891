// SPDX-License-Identifier: Apache-2.0
// What every method that trains promises about ranks: any number of them that shares a batch ends where one process
// does, in every gradient, parameter, teacher, queue, centre, memory and statistic. In float64, where what is left over
// is rounding: in float32 the same correct code differs by a hundredth where a ReLU's input changes its sign.
#include <gtest/gtest.h>

#include "tests/contracts/method_names.h"
#include "tests/contracts/steps_over_ranks.h"

namespace sslbench {
namespace {

constexpr double kRounding = 1e-10, kFound = 1e-3;
const nlohmann::json kNone = nlohmann::json::object();
// Small crops resize position embeddings, in float32 whatever the type: trained ones would carry its rounding.
const nlohmann::json kFixed = {{"positions", "sincos"}};
const nlohmann::json kDropping = {{"positions", "sincos"}, {"drop_path", 0.3}};

// Settings under which a method looks at its batch in another way than by default.
std::vector<MethodOnRanks> contrastive_variants() {
  return {
      {"triplet_sum", "triplet", {{"reduction", "sum"}, {"swap", true}}},
      {"triplet_plain", "triplet", {{"negatives", "one"}, {"unit", false}}},
      {"triplet_hardest", "triplet", {{"negatives", "hardest"}, {"hidden", 16}}, "", kNone, 3},
      {"moco_v2_splits2", "moco_v2", {{"bn_splits", 2}}},
      {"moco_v2_splits4", "moco_v2", {{"bn_splits", 4}}},
      {"moco_v2_splits4_symmetric", "moco_v2", {{"bn_splits", 4}, {"symmetric", true}}},
      {"moco_v2_symmetric", "moco_v2", {{"symmetric", true}, {"queue", 13}}},
      {"moco_v2_truncate", "moco_v2", {{"queue", 20}, {"queue_overflow", "truncate"}}},
      {"moco_v2_copied_buffers", "moco_v2", {{"momentum_buffers", "copied"}}},
      {"moco_v3_vit", "moco_v3", {{"one_pass", true}}, "vit_tiny"},
      {"simclr_passes", "simclr", {{"one_pass", false}, {"direction_reduction", "sum"}}},
      {"dcl_passes", "dcl", {{"one_pass", false}}},
      {"dclw_through_weights", "dclw", {{"detach_weights", false}}},
      {"nnclr_nt_xent", "nnclr", {{"negatives", "nt_xent"}, {"queue", 13}}},
      {"supcon_one", "supcon", {{"contrast_mode", "one"}, {"variant", "in"}}},
      {"supcon_missing", "supcon", kNone, "", kNone, 3, 0, BatchLabels::missing},
      {"densecl_queue", "densecl", {{"queue", 13}}},
  };
}

std::vector<MethodOnRanks> variants_without_negatives() {
  return {
      {"barlow_twins_one_pass", "barlow_twins", {{"one_pass", true}}},
      {"vicreg_one_pass", "vicreg", {{"one_pass", true}, {"variance_reduction", "sum"}}},
      {"vicregl_distance", "vicregl", {{"match_order", "distance"}}, "", kNone, 2, 2},
      {"w_mse_views", "w_mse", {{"normalize", false}, {"w_size", 6}}, "", kNone, 3},
      {"tico_through_covariance", "tico", {{"detach_batch", false}}},
      {"mmcr_lambda", "mmcr", {{"lambda", 0.1}, {"momentum_encoder", false}}, "", kNone, 3},
      {"lejepa_crops", "lejepa", {{"center", "global"}}, "vit_tiny", kFixed, 2, 2},
      {"byol_one_pass", "byol", {{"one_pass", true}, {"direction_reduction", "negative_cosine"}}},
      {"simsiam_one_pass", "simsiam", {{"one_pass", true}}},
      {"pixpro_plain", "pixpro", {{"transform_layers", 0}}},
      {"fastsiam_views", "fastsiam", {{"one_pass", true}}, "", kNone, 4},
  };
}

std::vector<MethodOnRanks> clustering_variants() {
  return {
      {"swav_queue", "swav", {{"queue", 13}, {"freeze_prototypes_epochs", 0}}, "", kNone, 2, 2},
      {"swav_passes", "swav", {{"queue", 0}, {"one_pass", false}}},
      {"deepcluster_v2_crops", "deepcluster_v2", {{"one_pass", false}}, "", kNone, 2, 2},
      {"dino_vit_crops", "dino", {{"freeze_last_layer", 0}}, "vit_tiny", kDropping, 2, 2},
      {"dino_crops", "dino", {{"one_pass", false}, {"norm_last_layer", false}}, "", kNone, 2, 2},
      {"ibot_sinkhorn", "ibot", {{"centering", "sinkhorn"}, {"shared_head", false}}, "", kFixed, 2, 2},
      {"ibot_dinov2", "ibot", {{"centering", "sinkhorn"}, {"koleo_weight", 0.1}}},
      {"ibot_koleo", "ibot", {{"koleo_weight", 0.1}, {"masking", "random"}}},
      {"ibot_few_masks", "ibot", {{"centering", "sinkhorn"}, {"mask_probability", 0.1}}},
      {"ibot_no_masks", "ibot", {{"centering", "sinkhorn"}, {"mask_probability", 0.0}}},
      {"msn_power_law", "msn", {{"regularizer", "power_law"}, {"entropy_weight", 0.5}}, "", kFixed, 2, 2},
      {"msn_softmax", "msn", {{"sinkhorn_iterations", 0}, {"one_pass", false}}, "", kFixed, 3, 2},
  };
}

std::vector<MethodOnRanks> masked_and_pretext_variants() {
  return {
      {"autoencoder_sum", "autoencoder", {{"reduction", "sum"}}},
      {"autoencoder_turns", "autoencoder", {{"noise", "turns"}, {"residual", true}}},
      {"autoencoder_holes", "autoencoder", {{"noise", "holes"}, {"drop_colour", 0.5}}},
      {"denoising_autoencoder_sum", "denoising_autoencoder", {{"reduction", "sum"}}},
      {"denoising_autoencoder_salt", "denoising_autoencoder", {{"noise", "salt_and_pepper"}}},
      {"denoising_autoencoder_gaussian", "denoising_autoencoder", {{"noise", "gaussian"}}},
      {"supervised_missing", "supervised", {{"label_smoothing", 0.1}}, "", kNone, 0, 0, BatchLabels::missing},
      {"supervised_mixed", "supervised", {{"label_smoothing", 0.1}}, "", kNone, 0, 0, BatchLabels::mixed},
      {"multitask_two_heads", "multitask", {{"mask_weight", 0.0}, {"edits", "ten"}, {"borders", "hard"}}},
      {"multitask_labels", "multitask", {{"targets", "labels"}}, "", kNone, 0, 0, BatchLabels::missing},
      {"data2vec_blocks", "data2vec", {{"smallest_block", 16}}},
      {"data2vec_random", "data2vec", {{"masking", "random"}, {"beta", 0.5}}},
      {"data2vec_drop_path", "data2vec", kNone, "", {{"drop_path", 0.3}}},
      {"mae_raw", "mae", {{"norm_pix_loss", false}}},
      {"ijepa_contexts", "ijepa", {{"context_blocks", 2}}},
      {"ijepa_overlap", "ijepa", {{"allow_overlap", true}}},
      {"jigsaw_raw", "jigsaw", {{"normalize_tiles", false}}},
      {"relative_patch_neighbours", "relative_patch", {{"neighbours", 3}, {"drop_colours", true}}},
  };
}

std::vector<MethodOnRanks> distillation_variants() {
  return {
      {"distill_cosine", "distill", {{"patch", 0}, {"kl", 0}, {"predictor", "none"}}},
      {"distill_seed", "distill", {{"cosine", 0}, {"patch", 0}, {"queue", 13}}, "", kNone, 2},
      {"distill_compress", "distill", {{"own_anchor", false}, {"queue", 20}, {"queue_overflow", "truncate"}}},
      {"distill_norms", "distill", {{"predictor_hidden_norm", "affine"}, {"predictor_last_norm", "plain"}}},
      {"distill_vit", "distill", kNone, "vit_tiny", kFixed, 1, 2},
  };
}

std::vector<MethodOnRanks> all_cases() {
  std::vector<MethodOnRanks> out;
  for (const std::string& name : method_names(WhichMethods::trained)) out.push_back({name});
  for (const auto& variants : {contrastive_variants(), variants_without_negatives(), clustering_variants(),
                               masked_and_pretext_variants(), distillation_variants()})
    out.insert(out.end(), variants.begin(), variants.end());
  return out;
}

std::string text(double value) {
  char out[16];
  std::snprintf(out, sizeof out, "%.0e", value);
  return out;
}

class EveryMethodOverRanksTest : public ::testing::TestWithParam<MethodOnRanks> {};
INSTANTIATE_TEST_SUITE_P(All, EveryMethodOverRanksTest, ::testing::ValuesIn(all_cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(EveryMethodOverRanksTest, EndsWhereOneProcessDoes) {
  const TrainedMethod one = train_on_ranks(GetParam(), 1);
  ASSERT_FALSE(one.gradients.empty());
  for (const int64_t ranks : {2, 3}) {
    const TrainedMethod shared = train_on_ranks(GetParam(), ranks);
    const Apart found = apart(shared, one);
    const std::string of = "_of_" + std::to_string(ranks);
    RecordProperty("gradients" + of, text(found.gradients));
    RecordProperty("state" + of, text(found.state));
    EXPECT_LT(found.gradients, kRounding) << ranks << " ranks, " << found.gradient;
    EXPECT_LT(found.state, kRounding) << ranks << " ranks, " << found.tensor;
    EXPECT_LT(found.losses, kRounding) << ranks << " ranks, the loss or one of its terms";
    EXPECT_TRUE(shared.agreed()) << ranks << " ranks are in different states";
  }
}

// Without batch norm, so that nothing but the loss looks at other images. Each passes as it is written.
std::vector<MethodOnRanks> controls() {
  return {
      {"simclr", "", {{"hidden_norm", "none"}, {"last_norm", "none"}}, "vit_tiny"},
      {"barlow_twins", "", {{"hidden_norm", "none"}}, "vit_tiny"},
      {"dino", "", kNone, "vit_tiny"},
      {"supervised", "", kNone, "vit_tiny", kNone, 0, 0, BatchLabels::missing},
      {"data2vec", "", {{"smallest_block", 16}}},
      {"ijepa"},
      {"autoencoder", "", {{"reduction", "sum"}}, "vit_tiny"},
  };
}

class ForgottenGatherTest : public ::testing::TestWithParam<MethodOnRanks> {};
INSTANTIATE_TEST_SUITE_P(All, ForgottenGatherTest, ::testing::ValuesIn(controls()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ForgottenGatherTest, IsFound) {
  const TrainedMethod one = train_on_ranks(GetParam(), 1);
  const Apart written = apart(train_on_ranks(GetParam(), 3), one);
  EXPECT_LT(std::max(written.gradients, written.state), kRounding);
  const TrainedMethod shared = train_on_ranks(GetParam(), 3, Gathering::forgotten);
  const Apart found = apart(shared, one);
  RecordProperty("gradients", text(found.gradients));
  RecordProperty("state", text(found.state));
  RecordProperty("agreed", shared.agreed() ? "yes" : "no");
  EXPECT_GT(found.state, kFound);
}

// The first gradient is right: only the state says that each rank has a centre of its own.
TEST(ForgottenCentreTest, IsFoundInTheStateAlone) {
  const MethodOnRanks dino{"dino", "", kNone, "vit_tiny"};
  const TrainedMethod shared = train_on_ranks(dino, 3, Gathering::forgotten);
  EXPECT_LT(apart(shared, train_on_ranks(dino, 1)).gradients, kRounding);
  EXPECT_FALSE(shared.agreed());
}

}  // namespace
}  // namespace sslbench
