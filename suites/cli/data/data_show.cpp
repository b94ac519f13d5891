// SPDX-License-Identifier: Apache-2.0
// sslbench data show: images of a set with their boxes and masks drawn on top, or beside their views of a recipe.
#include <algorithm>
#include <iostream>
#include <set>

#include "datasets/install/installed.h"
#include "reports/draw/svg_parts.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/data/dataset_settings.h"
#include "suites/cli/data/item_picture.h"
#include "suites/cli/data/recipe_pictures.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr int kGap = 6;  // px between pictures
constexpr int kColumns = 6;

Split split_named(const std::string& name) {
  return name == "train" ? Split::train : name == "val" ? Split::val : Split::test;
}

// Classes of the boxes and masks that were drawn, with the colours they have there.
class Legend {
 public:
  void add(const Item& item) {
    for (const Box& box : item.boxes) boxes_.insert(box.label);
    masks_.insert(item.mask.labels.begin(), item.mask.labels.end());
    masks_.erase(Mask::kIgnore);
  }
  void print(const ImageSet& images, bool background) const {
    std::set<int32_t> masks = masks_;
    if (background) masks.erase(0);
    print("boxes", boxes_, images.classes());
    print("masks", masks, images.mask_classes());
  }

 private:
  static void print(const char* what, const std::set<int32_t>& labels, const std::vector<std::string>& names) {
    std::string out;
    for (const int32_t label : labels) {
      const auto at = static_cast<size_t>(label);
      out += (out.empty() ? ": " : ", ") + (at < names.size() ? printable(names[at]) : std::to_string(label)) + " " +
             svg::colour(at);
    }
    if (!out.empty()) std::cout << "colours of " << what << out << "\n";
  }

  std::set<int32_t> boxes_, masks_;
};

// Of `item`, the i-th of the images.
std::vector<Picture> pictures_of(const DataOptions& options, const ImageSet& images, int64_t i, const Item& item,
                                 bool background) {
  if (options.recipe.empty()) return {item_picture(item, background)};
  const RecipeRequest request{options.recipe, options.size, static_cast<uint64_t>(options.seed), options.epoch};
  return recipe_pictures(images, i, request, background);
}

}  // namespace

ExitCode data_show(const DataOptions& options) {
  const auto root = default_data_root();
  const nlohmann::json settings = dataset_settings(dataset_entry(options.name, root), options.sets);
  const ImageSet images(open_dataset(options.name, settings, split_named(options.split), root), {.budget = 0});
  const std::vector<std::string>& masks = images.mask_classes();
  const bool background = !masks.empty() && masks.front() == "background";
  const int64_t asked = options.images > 0 ? options.images : options.recipe.empty() ? 24 : 8;
  const int64_t shown = std::min(asked, images.size());
  std::vector<Picture> rows, row;
  Legend legend;
  for (int64_t k = 0; k < shown; ++k) {
    const int64_t i = k * images.size() / shown;  // spread over the split
    const auto item = images.item(i);
    legend.add(*item);
    for (Picture& picture : pictures_of(options, images, i, *item, background)) row.push_back(std::move(picture));
    std::cout << k << ": " << images.name(i) << "\n";
    if (options.recipe.empty() && row.size() < kColumns && k + 1 < shown) continue;
    rows.push_back(side_by_side(row, kGap));
    row.clear();
  }
  write_atomically(options.out, png_bytes(stacked(rows, kGap)));
  const std::string what = options.recipe.empty() ? "" : ", each with its views of recipe " + options.recipe + ",";
  std::cout << shown << " of " << images.size() << " images of " << options.split << what << " drawn in " << options.out
            << "\n";
  legend.print(images, background);
  return ExitCode::done;
}

}  // namespace sslbench
