// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convnext.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr const char* kV1 = "arXiv:2201.03545";
constexpr const char* kV2 = "arXiv:2301.00808";
constexpr const char* kDinov3 = "arXiv:2508.10104";

std::vector<Option> size_options(int64_t width) {
  return {integer_option("width", width, 1, 1024,
                         "channels of the first stage (" + std::to_string(width) + " = the published net)"),
          real_option("drop_path", 0, 0, 0.99,
                      "share of images that skip the last block in training (0.1 in its supervised recipe); "
                      "linear from 0 in the first block")};
}

ConvNeXtNames names_from(const std::string& text) {
  if (text == "timm") return ConvNeXtNames::timm;
  return text == "authors" ? ConvNeXtNames::authors : ConvNeXtNames::torchvision;
}

// `shape` with widths that double from stage to stage.
ConvNeXtShape sized(ConvNeXtShape shape, const Settings& settings) {
  const int64_t width = settings.integer("width");
  shape.dims = {width, 2 * width, 4 * width, 8 * width};
  shape.drop_path = settings.real("drop_path");
  return shape;
}

PublishedConstructor timm_constructor(const std::string& model) {
  return {.library = "timm", .model = model, .when = {{"names", "timm"}}, .free = {"drop_path"}};
}

// V1 under torchvision's or timm's names.
bool add_v1(const char* name, const char* summary, std::array<int64_t, 4> depths, int64_t width) {
  const Option names = choice_option("names", "torchvision", {"torchvision", "timm"}, "whose parameter names");
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = std::string(summary) + " with torchvision's or timm's parameter names, for images from 32 px",
       .paper = kV1,
       .options = joined({size_options(width), {later(names, "torchvision")}}),
       .tiny = {{"width", 8}},
       .head = "classifier.2",
       .heads_by_names = {{"timm", "head.fc"}},
       .published = {{.library = "torchvision",
                      .model = name,
                      .when = {{"names", "torchvision"}},
                      .free = {"drop_path"},
                      .headless = {"model.classifier[2] = torch.nn.Identity()"}},
                     timm_constructor(name)},
       .make = [depths](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         const ConvNeXtShape shape{.depths = depths, .names = names_from(settings.text("names"))};
         return std::make_unique<ConvNeXt>(sized(shape, settings), generator);
       }});
}

// DINOv3's, under timm's or its authors' names.
bool add_dinov3(const char* name, const char* summary, std::array<int64_t, 4> depths, int64_t width) {
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = summary,
       .paper = kDinov3,
       .options = joined({size_options(width),
                          {choice_option("names", "timm", {"timm", "authors"},
                                         "parameter names of timm, or of the authors' files")}}),
       .tiny = {{"width", 8}},
       .head = "head.fc",
       .heads_by_names = {{"authors", "head"}},
       .published = {timm_constructor(std::string(name).substr(std::string("dinov3_").size()))},
       .make = [depths](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         const ConvNeXtShape shape{.depths = depths, .names = names_from(settings.text("names"))};
         return std::make_unique<ConvNeXt>(sized(shape, settings), generator);
       }});
}

bool add_v2(const char* name, const char* summary, std::array<int64_t, 4> depths, int64_t width, bool conv_mlp) {
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = std::string(summary) + " with timm's parameter names, for images from 32 px",
       .paper = kV2,
       .options = size_options(width),
       .tiny = {{"width", 8}},
       .head = "head.fc",
       .published = {{.library = "timm", .model = name, .free = {"drop_path"}}},
       .make = [depths, conv_mlp](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         const ConvNeXtShape shape{
             .depths = depths, .grn = true, .layer_scale = false, .conv_mlp = conv_mlp, .names = ConvNeXtNames::timm};
         return std::make_unique<ConvNeXt>(sized(shape, settings), generator);
       }});
}

const bool registered = add_v1("convnext_tiny", "ConvNeXt-T", {3, 3, 9, 3}, 96) &&
                        add_v1("convnext_small", "ConvNeXt-S", {3, 3, 27, 3}, 96) &&
                        add_v1("convnext_base", "ConvNeXt-B", {3, 3, 27, 3}, 128) &&
                        add_v1("convnext_large", "ConvNeXt-L", {3, 3, 27, 3}, 192) &&
                        add_dinov3("dinov3_convnext_tiny", "DINOv3 ConvNeXt-T", {3, 3, 9, 3}, 96) &&
                        add_dinov3("dinov3_convnext_small", "DINOv3 ConvNeXt-S", {3, 3, 27, 3}, 96) &&
                        add_dinov3("dinov3_convnext_base", "DINOv3 ConvNeXt-B", {3, 3, 27, 3}, 128) &&
                        add_dinov3("dinov3_convnext_large", "DINOv3 ConvNeXt-L", {3, 3, 27, 3}, 192) &&
                        add_v2("convnextv2_atto", "ConvNeXt V2-A", {2, 2, 6, 2}, 40, true) &&
                        add_v2("convnextv2_femto", "ConvNeXt V2-F", {2, 2, 6, 2}, 48, true) &&
                        add_v2("convnextv2_pico", "ConvNeXt V2-P", {2, 2, 6, 2}, 64, true) &&
                        add_v2("convnextv2_nano", "ConvNeXt V2-N", {2, 2, 8, 2}, 80, true) &&
                        add_v2("convnextv2_tiny", "ConvNeXt V2-T", {3, 3, 9, 3}, 96, false) &&
                        add_v2("convnextv2_small", "ConvNeXt V2-S", {3, 3, 27, 3}, 96, false) &&
                        add_v2("convnextv2_base", "ConvNeXt V2-B", {3, 3, 27, 3}, 128, false) &&
                        add_v2("convnextv2_large", "ConvNeXt V2-L", {3, 3, 27, 3}, 192, false) &&
                        add_v2("convnextv2_huge", "ConvNeXt V2-H", {3, 3, 27, 3}, 352, false);

}  // namespace
}  // namespace sslbench
