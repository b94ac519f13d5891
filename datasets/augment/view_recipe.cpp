// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/view_recipe.h"

#include <algorithm>

#include "datasets/augment/named_recipe.h"
#include "datasets/augment/rand_augment.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

void require_order(const char* low_name, float low, const char* high_name, float high) {
  if (low <= high) return;
  throw UserError(std::string("views: ") + low_name + " is above " + high_name + ": " + std::to_string(low) + " > " +
                  std::to_string(high) + "; swap them or leave one out");
}

std::vector<std::string> recipe_choices() {
  std::vector<std::string> out = Registry<RecipeEntry>::names();
  out.insert(out.begin(), kNoRecipe);
  return out;
}

const std::string kEach = "; a list gives each view its own, the last one holds for all further views";

Option share(const char* name, float fallback, const char* help) {
  return real_option(name, std::stod(std::to_string(fallback)), 0, 1, help);
}

std::vector<Option> crop_options() {
  const ViewRecipe simclr;
  return {
      circumstance(choice_option(
          "recipe", kNoRecipe, recipe_choices(),
          "published views to start from in place of the method's own; other keys override single values")),
      integer_option("count", 0, 0, 64, "views of full size; 0 = as many as the method is made for"),
      evaluated(integer_option("size", 0, 0, 1024, "side of the square view in px; 0 = the dataset's own image size")),
      later(choice_option(
                "crop", "torchvision", {"torchvision", "mae", "whole"},
                "how a crop is drawn: ten tries, then a central crop; one draw cut to the image; or not at all"),
            "torchvision"),
      real_option("area_low", 0.08, 1e-4, 1, "smallest share of the image's area that a crop covers"),
      real_option("area_high", 1, 1e-4, 1, "largest share of the image's area that a crop covers"),
      real_option("ratio_low", 0.75, 0.1, 10, "smallest width / height of a crop"),
      real_option("ratio_high", 4.0 / 3, 0.1, 10, "largest width / height of a crop"),
      later(
          integer_option("pad_crop", 0, 0, 256,
                         "above 0 a crop has the image's size and lies within a black border of so many px, instead of "
                         "`crop`"),
          0),
      later(choice_option("interpolation", "bilinear", {"bilinear", "bicubic"},
                          "how a crop is resized, antialiased either way"),
            "bilinear"),
      share("flip", simclr.flip, "probability of a left-right flip"),
      later(share("flip_vertical", simclr.flip_vertical, "probability of an upside-down flip"), 0),
      real_option("rotation", 0, 0, 180,
                  "largest rotation to either side in degrees; the border is reflected, `interpolation` is bilinear"),
      integer_option("local_count", 0, 0, 64, "small local views in addition (multi-crop)"),
      integer_option("local_size", 0, 0, 1024, "side of the local views in px; 0 = half of `size`"),
      real_option("local_area_low", 0.05, 1e-4, 1, "smallest share of the image's area that a local view covers"),
      real_option("local_area_high", 0.4, 1e-4, 1, "largest share of the image's area that a local view covers"),
  };
}

std::vector<Option> colour_options() {
  const ViewRecipe simclr;
  return {
      later(integer_option("rand_augment", 0, 0, kMostRandAugmentSteps, "number of RandAugment operations"), 0),
      later(integer_option("rand_augment_magnitude", simclr.rand_augment_magnitude, 0, kLargestMagnitude,
                           "their magnitude, of 30"),
            9),
      share("jitter", simclr.jitter, "probability of the colour jitter"),
      share("brightness", simclr.brightness, "factor drawn from [1 - b, 1 + b]"),
      share("contrast", simclr.contrast, "factor drawn from [1 - c, 1 + c]"),
      share("saturation", simclr.saturation, "factor drawn from [1 - s, 1 + s]"),
      real_option("hue", 0.1, 0, 0.5, "shift drawn from [-h, h] turns of the colour circle"),
      share("gray", simclr.gray, "probability of a grayscale view"),
      reals_option("blur", {0}, 0, 1, "probability of a Gaussian blur" + kEach),
      real_option("blur_sigma_low", 0.1, 0.01, 20, "smallest standard deviation of the blur in px of the view"),
      real_option("blur_sigma_high", 2, 0.01, 20, "largest standard deviation of the blur in px of the view"),
      later(integer_option("blur_kernel", 0, 0, 255, "taps of the blur, an odd number; 0 = a tenth of the view's side"),
            0),
      reals_option("solarize", {0}, 0, 1, "probability of inverting what is bright" + kEach),
      later(real_option("solarize_threshold", 128, 0, 256, "what counts as bright, of 255"), 128),
      later(share("posterize", simclr.posterize, "probability of keeping few bits of every channel"), 0),
      later(integer_option("posterize_bits", simclr.posterize_bits, 1, 8, "how many"), 4),
      later(share("equalize", simclr.equalize, "probability of an equalised histogram"), 0),
  };
}

std::vector<Option> last_options() {
  const ViewRecipe simclr;
  const std::string alpha = "alpha of the Beta law by which supervised training ";
  return {
      evaluated(choice_option(
          "normalisation", kAutoNormalisation, {kAutoNormalisation, "dataset", "imagenet", "half"},
          "what is subtracted and divided by, in pretraining and evaluation: what a file of weights says that it was "
          "trained with, else the set's own mean and deviation; the latter; ImageNet's (lightly, also on CIFAR); or "
          "0.5 and 0.5")),
      later(share("erasing", simclr.erasing, "probability of a rectangle of the mean colour"), 0),
      later(real_option("erasing_area_low", 0.02, 1e-4, 1, "smallest share of the view's area that is erased"), 0.02),
      later(real_option("erasing_area_high", 0.33, 1e-4, 1, "largest share of the view's area that is erased"), 0.33),
      later(real_option("erasing_ratio_low", 0.3, 0.1, 10, "smallest height / width of the rectangle"), 0.3),
      later(real_option("erasing_ratio_high", 3.3, 0.1, 10, "largest height / width of the rectangle"), 3.3),
      later(real_option("mixup", 0, 0, 10, alpha + "blends an image with the next of its batch; 0 = off"), 0),
      later(real_option("cutmix", 0, 0, 10, alpha + "pastes a rectangle of the next image; 0 = off"), 0),
  };
}

}  // namespace

std::vector<Option> view_options() { return joined({crop_options(), colour_options(), last_options()}); }

namespace {

CropSampler crop_sampler(const std::string& name) {
  if (name == "mae") return CropSampler::mae;
  return name == "whole" ? CropSampler::whole : CropSampler::torchvision;
}

// Of all operations on colours.
void set_colours(const Settings& settings, ViewRecipe& recipe) {
  const auto real = [&](const char* name) { return static_cast<float>(settings.real(name)); };
  const auto whole = [&](const char* name) { return static_cast<int>(settings.integer(name)); };
  recipe.rand_augment = whole("rand_augment"), recipe.rand_augment_magnitude = whole("rand_augment_magnitude");
  recipe.jitter = real("jitter"), recipe.brightness = real("brightness"), recipe.contrast = real("contrast");
  recipe.saturation = real("saturation"), recipe.hue = real("hue"), recipe.gray = real("gray");
  recipe.blur_sigma_low = real("blur_sigma_low"), recipe.blur_sigma_high = real("blur_sigma_high");
  recipe.blur_kernel = whole("blur_kernel");
  recipe.solarize_threshold = real("solarize_threshold");
  recipe.posterize = real("posterize"), recipe.posterize_bits = whole("posterize_bits");
  recipe.equalize = real("equalize");
  require_order("blur_sigma_low", recipe.blur_sigma_low, "blur_sigma_high", recipe.blur_sigma_high);
  if (recipe.blur_kernel > 0 && recipe.blur_kernel % 2 == 0) {
    throw UserError("views: blur_kernel must be odd, so that it has a middle: " + std::to_string(recipe.blur_kernel) +
                    "; write " + std::to_string(recipe.blur_kernel + 1));
  }
}

// What all views of full size have in common.
ViewRecipe shared_recipe(const Settings& settings, int size) {
  const auto real = [&](const char* name) { return static_cast<float>(settings.real(name)); };
  const auto asked = static_cast<int>(settings.integer("size"));
  ViewRecipe recipe;
  recipe.size = asked > 0 ? asked : size;
  recipe.crop = crop_sampler(settings.text("crop"));
  recipe.area_low = real("area_low"), recipe.area_high = real("area_high");
  recipe.ratio_low = real("ratio_low"), recipe.ratio_high = real("ratio_high");
  recipe.pad_crop = static_cast<int>(settings.integer("pad_crop"));
  if (settings.text("interpolation") == "bicubic") recipe.interpolation = Interpolation::bicubic;
  recipe.flip = real("flip"), recipe.flip_vertical = real("flip_vertical"), recipe.rotation = real("rotation");
  set_colours(settings, recipe);
  recipe.erasing = real("erasing");
  recipe.erased = {real("erasing_area_low"), real("erasing_area_high"), real("erasing_ratio_low"),
                   real("erasing_ratio_high")};
  require_order("area_low", recipe.area_low, "area_high", recipe.area_high);
  require_order("ratio_low", recipe.ratio_low, "ratio_high", recipe.ratio_high);
  require_order("erasing_area_low", recipe.erased.area_low, "erasing_area_high", recipe.erased.area_high);
  require_order("erasing_ratio_low", recipe.erased.ratio_low, "erasing_ratio_high", recipe.erased.ratio_high);
  if (recipe.pad_crop > 0 && recipe.rotation > 0) {
    throw UserError(
        "views: pad_crop and rotation exclude each other: their borders are black and reflected; set one to 0");
  }
  return recipe;
}

// The recipe of a local view, from that of a full one.
ViewRecipe local_recipe(const Settings& settings, ViewRecipe recipe) {
  const auto size = static_cast<int>(settings.integer("local_size"));
  recipe.size = size > 0 ? size : std::max(1, recipe.size / 2);
  recipe.area_low = static_cast<float>(settings.real("local_area_low"));
  recipe.area_high = static_cast<float>(settings.real("local_area_high"));
  require_order("local_area_low", recipe.area_low, "local_area_high", recipe.area_high);
  return recipe;
}

}  // namespace

MixingRecipe mixing_from(const Settings& settings) {
  return {static_cast<float>(settings.real("mixup")), static_cast<float>(settings.real("cutmix"))};
}

Normalisation normalisation_from(const Settings& settings, const Normalisation& of_dataset,
                                 const std::optional<Normalisation>& of_weights) {
  const std::string name = settings.text("normalisation");
  if (name == kAutoNormalisation) return of_weights.value_or(of_dataset);
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
