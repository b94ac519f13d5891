// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "simclr",
     .summary = "two views, strong colours, blur",
     .source = "Chen et al. 2020, arXiv:2002.05709, appendix A; google-research/simclr data_util.py",
     .values = {{"brightness", 0.8}, {"contrast", 0.8}, {"saturation", 0.8}, {"hue", 0.2}, {"blur", 0.5}}});

}  // namespace
}  // namespace sslbench
