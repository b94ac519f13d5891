// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/view_recipe.h"

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
  const auto share = [](const char* name, float fallback, const char* help) {
    return real_option(name, std::stod(std::to_string(fallback)), 0, 1, help);
  };
  return {
      integer_option("size", simclr.size, 0, 1024, "side of the square view in px; 0 = the dataset's own image size"),
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
      share("blur", simclr.blur, "probability of a Gaussian blur (kernel: a tenth of the view's side)"),
      real_option("blur_sigma_low", 0.1, 0.01, 20, "smallest standard deviation of the blur in px of the view"),
      real_option("blur_sigma_high", 2, 0.01, 20, "largest standard deviation of the blur in px of the view"),
      share("solarize", simclr.solarize, "probability of inverting what is above one half"),
  };
}

ViewRecipe view_recipe_from(const Settings& settings) {
  const auto real = [&](const char* name) { return static_cast<float>(settings.real(name)); };
  const ViewRecipe recipe{
      .size = static_cast<int>(settings.integer("size")),
      .area_low = real("area_low"),
      .area_high = real("area_high"),
      .ratio_low = real("ratio_low"),
      .ratio_high = real("ratio_high"),
      .flip = real("flip"),
      .rotation = real("rotation"),
      .jitter = real("jitter"),
      .brightness = real("brightness"),
      .contrast = real("contrast"),
      .saturation = real("saturation"),
      .hue = real("hue"),
      .gray = real("gray"),
      .blur = real("blur"),
      .blur_sigma_low = real("blur_sigma_low"),
      .blur_sigma_high = real("blur_sigma_high"),
      .solarize = real("solarize"),
  };
  require_order("views", "area_low", recipe.area_low, "area_high", recipe.area_high);
  require_order("views", "ratio_low", recipe.ratio_low, "ratio_high", recipe.ratio_high);
  require_order("views", "blur_sigma_low", recipe.blur_sigma_low, "blur_sigma_high", recipe.blur_sigma_high);
  return recipe;
}

}  // namespace sslbench
