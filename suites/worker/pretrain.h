// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "datasets/augment/view_recipe.h"
#include "methods/method.h"
#include "suites/plan/run_spec.h"
#include "suites/protocols/parts/image_sets.h"
#include "suites/training/stage_context.h"

namespace sslbench {

// Side of the square views: views.size, else the longest side of the set's images, which is looked for only then.
int view_size(const RunSpec& spec, int longest_side);
int view_size(const RunSpec& spec, const ImageSet& images);

// What the table `views` and the pretraining set come to.
struct PretrainInput {
  MethodInput method;
  std::vector<ViewRecipe> recipes;  // one a view
  MixingRecipe mixing;
};
// How images are normalised, in pretraining and in every protocol; of_weights: of the backbone's weights.
Normalisation run_normalisation(const RunSpec& spec, const InputFacts& of_weights);
PretrainInput pretrain_input(const RunSpec& spec, int64_t classes, int64_t examples, int longest_side);

// Builds method and backbone with the initial weights of the run's seed, or those of pretrain.init. UserError on
// settings that do not fit together. `notes` receives what load_weights tells; may be null.
std::unique_ptr<Method> build_method(const RunSpec& spec, const MethodInput& input,
                                     std::vector<std::string>* notes = nullptr);
// Whether training starts from weights of a file; the backbone as it is then before the first step.
bool starts_from_weights(const RunSpec& spec);
std::unique_ptr<Backbone> initial_backbone(const RunSpec& spec);

// Trains the method of `spec` and returns it; a method that does not train is returned as initialised. Curves, hashes,
// throughput and status go into the context's record.
std::unique_ptr<Method> pretrain(const RunSpec& spec, ImageSets& data, StageContext& context);

// "16 epochs x 4,096 images, batch 128", or "none" for a method that does not train.
std::string budget_text(const RunSpec& spec, int64_t examples);

}  // namespace sslbench
