// SPDX-License-Identifier: Apache-2.0
// DINOv2's backbones. Oquab et al.: "DINOv2: Learning Robust Visual Features without Supervision", TMLR 2024,
// arXiv:2304.07193; registers: Darcet et al., ICLR 2024, arXiv:2309.16588. Parameter names of timm
// (vit_small_patch14_dinov2, vit_small_patch14_reg4_dinov2, ...) or of the authors' files (facebookresearch/dinov2);
// initialisation of both: normal of std 0.02, biases 0, LayerScale 1e-5.
#include "methods/backbones/vit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr double kSwiGluRatio = 2.66667 * 2;  // of both halves: 2 x 4096 for a width of 1536

std::vector<Option> options(const VitShape& shape) {
  return joined(
      {vit_size_options(shape),
       {choice_option("pooling", "cls", {"cls", "mean"}, "features: the class token, or the mean of the patch tokens"),
        integer_option("registers", 0, 0, 64,
                       "extra tokens that nothing reads (4 = the published ones with registers)"),
        real_option("layer_scale", 1e-5, 1e-12, 1, "what LayerScale starts from"),
        choice_option(
            "names", "timm", {"timm", "authors"},
            "parameter names of timm, or of the authors' files; with the authors' names the class token has a "
            "position of its own beside registers, too"),
        choice_option("resize", "published", {"published", "timm", "offset", "antialias"},
                      "how positions are brought to another grid: timm (bicubic, antialiased); offset (scale with 0.1 "
                      "added, not antialiased) and antialias (exact size): the authors' without and with registers; "
                      "published: as whose names the network has")}});
}

GridResize resize_from(const Settings& settings, bool authors) {
  std::string how = settings.text("resize");
  if (how == "published") how = !authors ? "timm" : settings.integer("registers") > 0 ? "antialias" : "offset";
  if (how == "timm") return GridResize::timm();
  return how == "offset" ? GridResize::dinov2(0.1, false) : GridResize::dinov2(0, true);
}

VitShape shape_from(const VitShape& defaults, const Settings& settings) {
  VitShape out = with_vit_sizes(defaults, settings);
  const bool authors = settings.text("names") == "authors";
  out.registers = settings.integer("registers");
  out.mean_pooling = settings.text("pooling") == "mean";
  out.layer_scale = settings.real("layer_scale");
  out.names = authors ? VitNames::dinov2 : VitNames::timm;
  if (authors) {
    out.prefix_positions = PrefixPositions::class_token;
  } else if (out.registers > 0) {
    out.prefix_positions = PrefixPositions::none;
  }
  out.resize = resize_from(settings, authors);
  return out;
}

std::vector<PublishedConstructor> constructors(const std::string& size) {
  std::vector<PublishedConstructor> out;
  for (const int registers : {0, 4}) {
    const std::string model = "vit_" + size + "_patch14_" + (registers > 0 ? "reg4_" : "") + "dinov2";
    for (const bool mean : {false, true}) {
      nlohmann::json when = {{"registers", registers}, {"pooling", mean ? "mean" : "cls"}, {"names", "timm"}};
      out.push_back(
          timm_vit(model, when,
                   mean ? std::vector<std::string>{"global_pool='avg'", "fc_norm=False"} : std::vector<std::string>{}));
    }
  }
  return out;
}

bool add(const char* name, const char* summary, VitShape shape) {
  shape.patch_size = 14, shape.image_size = 518;
  nlohmann::json tiny = tiny_vit();
  if (shape.swiglu) tiny["mlp_ratio"] = 4;
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = summary,
       .paper = "arXiv:2304.07193",
       .options = options(shape),
       .tiny = tiny,
       .head = "head",
       .published = constructors(std::string(name).substr(std::string("dinov2_").size())),
       .make = [shape](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         return std::make_unique<Vit>(shape_from(shape, settings), generator);
       }});
}

const bool registered =
    add("dinov2_small", "DINOv2 ViT-S/14, with or without registers", {.dim = 384, .depth = 12, .heads = 6}) &&
    add("dinov2_base", "DINOv2 ViT-B/14, with or without registers", {.dim = 768, .depth = 12, .heads = 12}) &&
    add("dinov2_large", "DINOv2 ViT-L/14, with or without registers", {.dim = 1024, .depth = 24, .heads = 16}) &&
    add("dinov2_giant", "DINOv2 ViT-g/14 with SwiGLU, with or without registers",
        {.dim = 1536, .depth = 40, .heads = 24, .mlp_ratio = kSwiGluRatio, .swiglu = true});

}  // namespace
}  // namespace sslbench
