// SPDX-License-Identifier: Apache-2.0
// decode/<kind>/<how>: pictures decoded; items_per_second = pictures.
//   kind: jpeg420, jpeg444 (made up, 640x480, quality 90) or, where SSLBENCH_DECODE_FOLDER names a folder, its JPEG
//         files as `folder`
//   how:  whole (as readers do), sum (its SHA-256, with which the first reading is checked), plain (libjpeg-turbo
//   alone,
//         one buffer), crop (what one random resized crop to 224 px needs), part and scaled (what SimCLR's two need),
//         views (the same with the views rendered)
// store/<kept>/threads:<n>: batches of 32 pictures with two views, as training takes them; kept: memory, or files.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "datasets/augment/named_recipe.h"
#include "datasets/pictures/image_file.h"
#include "datasets/stream/drawn_picture.h"
#include "datasets/stream/step_stream.h"
#include "suites/ground/sha256.h"
#include "tests/datasets/pictures/jpeg_bytes.h"

namespace sslbench {
namespace {

using Files = std::vector<std::string>;
constexpr size_t kPictures = 16;

// Files as a set without labels.
class FileSource : public DataSource {
 public:
  explicit FileSource(const Files& files) : files_(files) {}
  int64_t size() const override { return static_cast<int64_t>(files_.size()); }
  Item item(int64_t i) const override { return {.image = decode_image(files_[static_cast<size_t>(i)], "picture")}; }
  StoredImage stored_image(int64_t i) const override { return {files_[static_cast<size_t>(i)], true}; }
  std::optional<Item> annotation(int64_t, int32_t, int32_t) const override { return Item{}; }
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  const Files& files_;
  std::vector<std::string> classes_;
};

Files made_up_files(int across, int down) {
  Files out;
  for (size_t i = 0; i < kPictures; ++i) {
    out.push_back(jpeg_bytes(made_up_picture(480, 640, static_cast<uint32_t>(i)), {.across = across, .down = down}));
  }
  return out;
}

Files files_of(const std::filesystem::path& folder) {
  Files out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".jpg") out.push_back(read_image_bytes(entry.path()));
  }
  return out;
}

void whole(benchmark::State& state, const Files& files) {
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(decode_image(files[i++ % files.size()], "picture").pixels.data());
  state.SetItemsProcessed(state.iterations());
}

void sum(benchmark::State& state, const Files& files) {
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sha256_hex(files[i++ % files.size()]).data());
  state.SetItemsProcessed(state.iterations());
}

void plain(benchmark::State& state, const Files& files) {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  std::vector<uint8_t> out;
  size_t i = 0;
  for (auto _ : state) {
    const std::string& file = files[i++ % files.size()];
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&info, TRUE);
    info.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info);
    const size_t stride = static_cast<size_t>(info.output_width) * 3;
    out.resize(std::max(out.size(), stride * info.output_height));
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = out.data() + info.output_scanline * stride;
      jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    benchmark::DoNotOptimize(out.data());
  }
  jpeg_destroy_decompress(&info);
  state.SetItemsProcessed(state.iterations());
}

std::vector<ViewRecipe> simclr_views(int64_t views = 2) {
  const Settings settings("views", view_options(), Registry<RecipeEntry>::find("simclr").values);
  return view_recipes_from(settings, {views, 224});
}

void part(benchmark::State& state, const Files& files, int64_t views, DecodeMode mode, bool rendered) {
  const ImageSet images(std::make_unique<FileSource>(files), {.budget = 1, .decode = mode});
  const auto recipes = simclr_views(views);
  std::vector<float> out(size_t{224} * 224 * 3);
  DrawnPicture picture;
  int64_t i = 0;
  for (auto _ : state) {
    picture.draw(images, recipes, {0, i / images.size(), i % images.size()});
    for (size_t v = 0; rendered && v < recipes.size(); ++v) picture.render(v, {}, out.data());
    benchmark::DoNotOptimize(out.data());
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}

void store(benchmark::State& state, const Files& files, int64_t budget) {
  constexpr int64_t kBatch = 32;
  const ImageSet images(std::make_unique<FileSource>(files), {.budget = budget});
  const auto recipes = simclr_views();
  StepStream<std::vector<float>> stream(
      static_cast<int>(state.range(0)), 0, INT64_MAX / 2, [&](int64_t step, const std::stop_token& stop) {
        std::vector<float> batch(size_t{kBatch} * 2 * 224 * 224 * 3);
        float* out = batch.data();
        DrawnPicture picture;
        for (int64_t n = 0; n < kBatch && !stop.stop_requested(); ++n) {
          picture.draw(images, recipes, {0, step, (step * kBatch + n) % images.size()});
          for (size_t v = 0; v < 2; ++v, out += size_t{224} * 224 * 3) picture.render(v, {}, out);
        }
        return batch;
      });
  for (auto _ : state) benchmark::DoNotOptimize(stream.next().data());
  state.SetItemsProcessed(state.iterations() * kBatch);
}

void register_kind(const std::string& kind, const std::shared_ptr<Files>& files) {
  const auto add = [&](const std::string& how, auto body) {
    benchmark::RegisterBenchmark(("decode/" + kind + "/" + how).c_str(), body)->Unit(benchmark::kMicrosecond);
  };
  add("whole", [files](benchmark::State& state) { whole(state, *files); });
  add("sum", [files](benchmark::State& state) { sum(state, *files); });
  add("plain", [files](benchmark::State& state) { plain(state, *files); });
  add("crop", [files](benchmark::State& state) { part(state, *files, 1, DecodeMode::exact, false); });
  add("part", [files](benchmark::State& state) { part(state, *files, 2, DecodeMode::exact, false); });
  add("scaled", [files](benchmark::State& state) { part(state, *files, 2, DecodeMode::scaled, false); });
  add("views", [files](benchmark::State& state) { part(state, *files, 2, DecodeMode::exact, true); });
}

}  // namespace

void register_decode_benchmarks() {
  const auto colour = std::make_shared<Files>(made_up_files(2, 2));
  register_kind("jpeg420", colour);
  register_kind("jpeg444", std::make_shared<Files>(made_up_files(1, 1)));
  if (const char* folder = std::getenv("SSLBENCH_DECODE_FOLDER")) {
    register_kind("folder", std::make_shared<Files>(files_of(folder)));
  }
  for (const auto& [kept, budget] : {std::pair{"memory", INT64_MAX}, std::pair{"files", int64_t{1}}}) {
    benchmark::RegisterBenchmark((std::string("store/") + kept + "/threads").c_str(),
                                 [colour, bytes = budget](benchmark::State& state) { store(state, *colour, bytes); })
        ->Arg(0)
        ->Arg(1)
        ->Arg(2)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace sslbench
