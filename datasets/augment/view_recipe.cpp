// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/view_recipe.h"

#include <algorithm>

#include "suites/spec/error.h"

namespace sslbench {
namespace {

void require_order(const char* table, const char* low_name, float low, const char* high_name, float high) {
  if (low <= high) return;
  throw UserError(std::string(table) + ": " + low_name + " is above " + high_name + ": " + std::to_string(low) + " > " +
                  std::to_string(high) + "; swap them or leave one out");
}

}  // namespace

std::vector<Option> view_options() {
  const ViewRecipe simclr;
  const std::string each = "; one number for all views, or one each: the last also holds for all further views";
  const auto share = [](const char* name, float fallback, const char* help) {
    return real_option(name, std::stod(std::to_string(fallback)), 0, 1, help);
  };
  return {
      integer_option("count", 0, 0, 64, "views of full size; 0 = as many as the method is made for"),
      integer_option("size", 0, 0, 1024, "side of the square view in px; 0 = the dataset's own image size"),
      real_option("area_low", 0.08, 1e-4, 1, "smallest share of the image's area that a crop covers"),
      real_option("area_high", 1, 1e-4, 1, "largest share of the image's area that a crop covers"),
      real_option("ratio_low", 0.75, 0.1, 10, "smallest width / height of a crop"),
      real_option("ratio_high", 4.0 / 3, 0.1, 10, "largest width / height of a crop"),
      share("flip", simclr.flip, "probability of a left-right flip"),
      real_option("rotation", 0, 0, 180, "largest rotation to either side in degrees; the border is reflected"),
      share("jitter", simclr.jitter, "probability of the colour jitter"),
      share("brightness", simclr.brightness, "factor drawn from [1 - b, 1 + b]"),
      share("contrast", simclr.contrast, "factor drawn from [1 - c, 1 + c]"),
      share("saturation", simclr.saturation, "factor drawn from [1 - s, 1 + s]"),
      real_option("hue", 0.1, 0, 0.5, "shift drawn from [-h, h] turns of the colour circle"),
      share("gray", simclr.gray, "probability of a grayscale view"),
      reals_option("blur", {0}, 0, 1, "probability of a Gaussian blur (kernel: a tenth of the view's side)" + each),
      real_option("blur_sigma_low", 0.1, 0.01, 20, "smallest standard deviation of the blur in px of the view"),
      real_option("blur_sigma_high", 2, 0.01, 20, "largest standard deviation of the blur in px of the view"),
      reals_option("solarize", {0}, 0, 1, "probability of inverting what is above one half" + each),
      integer_option("local_count", 0, 0, 64, "small local views in addition (multi-crop)"),
      integer_option("local_size", 0, 0, 1024, "side of the local views in px; 0 = half of `size`"),
      choice_option(
          "normalisation", "dataset", {"dataset", "imagenet", "half"},
          "what is subtracted and divided by, in pretraining and evaluation: the set's own mean and deviation, "
          "ImageNet's (lightly, also on CIFAR), or 0.5 and 0.5"),
      real_option("local_area_low", 0.05, 1e-4, 1, "smallest share of the image's area that a local view covers"),
      real_option("local_area_high", 0.4, 1e-4, 1, "largest share of the image's area that a local view covers"),
  };
}

namespace {

// What all views of full size have in common.
ViewRecipe shared_recipe(const Settings& settings, int size) {
  const auto real = [&](const char* name) { return static_cast<float>(settings.real(name)); };
  const auto asked = static_cast<int>(settings.integer("size"));
  ViewRecipe recipe;
  recipe.size = asked > 0 ? asked : size;
  recipe.area_low = real("area_low"), recipe.area_high = real("area_high");
  recipe.ratio_low = real("ratio_low"), recipe.ratio_high = real("ratio_high");
  recipe.flip = real("flip"), recipe.rotation = real("rotation"), recipe.jitter = real("jitter");
  recipe.brightness = real("brightness"), recipe.contrast = real("contrast");
  recipe.saturation = real("saturation"), recipe.hue = real("hue"), recipe.gray = real("gray");
  recipe.blur_sigma_low = real("blur_sigma_low"), recipe.blur_sigma_high = real("blur_sigma_high");
  require_order("views", "area_low", recipe.area_low, "area_high", recipe.area_high);
  require_order("views", "ratio_low", recipe.ratio_low, "ratio_high", recipe.ratio_high);
  require_order("views", "blur_sigma_low", recipe.blur_sigma_low, "blur_sigma_high", recipe.blur_sigma_high);
  return recipe;
}

// The recipe of a local view, from that of a full one.
ViewRecipe local_recipe(const Settings& settings, ViewRecipe recipe) {
  const auto size = static_cast<int>(settings.integer("local_size"));
  recipe.size = size > 0 ? size : std::max(1, recipe.size / 2);
  recipe.area_low = static_cast<float>(settings.real("local_area_low"));
  recipe.area_high = static_cast<float>(settings.real("local_area_high"));
  require_order("views", "local_area_low", recipe.area_low, "local_area_high", recipe.area_high);
  return recipe;
}

}  // namespace

Normalisation normalisation_from(const Settings& settings, const Normalisation& of_dataset) {
  const std::string name = settings.text("normalisation");
  if (name == "imagenet") return {{0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};
  if (name == "half") return {{0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}};
  return of_dataset;
}

std::vector<ViewRecipe> view_recipes_from(const Settings& settings, const ViewRequest& request) {
  const ViewRecipe full = shared_recipe(settings, request.size), local = local_recipe(settings, full);
  const int64_t count = settings.integer("count") > 0 ? settings.integer("count") : request.views;
  std::vector<ViewRecipe> out(static_cast<size_t>(count), full);
  out.insert(out.end(), static_cast<size_t>(settings.integer("local_count")), local);
  const std::vector<double> blur = settings.reals("blur"), solarize = settings.reals("solarize");
  for (size_t v = 0; v < out.size(); ++v) {
    out[v].blur = static_cast<float>(blur[std::min(v, blur.size() - 1)]);
    out[v].solarize = static_cast<float>(solarize[std::min(v, solarize.size() - 1)]);
  }
  return out;
}

}  // namespace sslbench
