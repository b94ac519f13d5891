// SPDX-License-Identifier: Apache-2.0
// augment/<recipe>/<size>/threads:<n>: all views of one image after another, as training makes them; items_per_second =
// source images.
#include <benchmark/benchmark.h>

#include "datasets/augment/named_recipe.h"
#include "datasets/augment/view.h"

namespace sslbench {
namespace {

constexpr uint32_t kImages = 16;

struct Case {
  const char* recipe;
  int size, height, width;  // of the view; of the source
};

Image noise_image(int height, int width, uint32_t number) {
  Image image{height, width, std::vector<uint8_t>(static_cast<size_t>(height) * static_cast<size_t>(width) * 3)};
  RandomStream stream(3, RandomUse::render, 0, number);
  for (uint8_t& value : image.pixels) value = static_cast<uint8_t>(stream.below(256));
  return image;
}

void augment(benchmark::State& state, const Case& timed) {
  const Settings settings("views", view_options(), Registry<RecipeEntry>::find(timed.recipe).values);
  const int64_t views = std::string(timed.recipe) == "mae" ? 1 : 2;
  const std::vector<ViewRecipe> recipes = view_recipes_from(settings, {views, timed.size});
  std::vector<Image> images;
  for (uint32_t i = 0; i < kImages; ++i) images.push_back(noise_image(timed.height, timed.width, i));
  std::vector<float> out(static_cast<size_t>(timed.size) * static_cast<size_t>(timed.size) * 3);
  const Normalisation normalisation{{0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};
  auto sample = static_cast<uint32_t>(state.thread_index()) << 24;
  for (auto _ : state) {
    const Image& image = images[sample % kImages];
    for (uint32_t v = 0; v < recipes.size(); ++v) {
      const RandomStream stream(0, RandomUse::view, 0, sample, v);
      const ViewParameters view = draw_view(recipes[v], image.height, image.width, stream);
      render_view(image, view, recipes[v].size, normalisation, out.data());
      benchmark::DoNotOptimize(out.data());
    }
    ++sample;
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

void register_augment_benchmarks() {
  for (const Case& timed : {Case{"simclr", 32, 32, 32}, Case{"simclr", 224, 570, 470}, Case{"dino", 224, 570, 470},
                            Case{"mae", 224, 570, 470}}) {
    const std::string name = std::string("augment/") + timed.recipe + "/" + std::to_string(timed.size);
    benchmark::RegisterBenchmark(name.c_str(), [timed](benchmark::State& state) { augment(state, timed); })
        ->Threads(1)
        ->Threads(2)
        ->Unit(benchmark::kMicrosecond);
  }
}

}  // namespace sslbench
