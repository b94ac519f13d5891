// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/swin.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

bool add(const char* name, const char* summary, const SwinShape& shape) {
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = std::string(summary) + " with timm's or torchvision's parameter names",
       .paper = "arXiv:2103.14030",
       .options = {integer_option("width", shape.width, 1, 1024,
                                  "channels of the first stage (" + std::to_string(shape.width) +
                                      " = the published net); the first stage's heads must divide it"),
                   integer_option("patch_size", shape.patch_size, 1, 64, "side of a patch, px"),
                   integer_option("window", shape.window, 2, 64, "side of a window, tokens"),
                   integer_option("image_size", shape.image_height, 32, 4096,
                                  "px, for which timm's windows are chosen: those larger than a map shrink to it; "
                                  "torchvision's are the same at any size"),
                   choice_option("names", "timm", {"timm", "torchvision"},
                                 "whose parameter names, and whose way with maps that are no whole windows"),
                   real_option("drop_path", 0, 0, 0.99,
                               "share of images that skip the last block's branches in training (0.2 to 0.5 in its "
                               "supervised recipes); linear from 0 in the first block")},
       .tiny = {{"width", 4 * shape.heads[0]}, {"patch_size", 2}, {"window", 4}, {"image_size", 32}},
       .head = "head.fc",
       .heads_by_names = {{"torchvision", "head"}},
       .published = {{.library = "timm",
                      .model = std::string(name) + "_patch4_window7_224",
                      .passed = {{"image_size", "img_size"}, {"window", "window_size"}},
                      .when = {{"names", "timm"}},
                      .free = {"drop_path"}},
                     {.library = "torchvision",
                      .model = std::string(name).substr(0, std::string("swin_t").size()),
                      .when = {{"names", "torchvision"}},
                      .free = {"drop_path", "image_size"},
                      .headless = {"model.head = torch.nn.Identity()"}}},
       .make = [shape](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         SwinShape own = shape;
         own.width = settings.integer("width");
         own.patch_size = settings.integer("patch_size");
         own.window = settings.integer("window");
         own.image_height = own.image_width = settings.integer("image_size");
         own.variant = settings.text("names") == "timm" ? SwinVariant::timm : SwinVariant::torchvision;
         own.drop_path = settings.real("drop_path");
         return std::make_unique<Swin>(own, generator);
       }});
}

const bool registered = add("swin_tiny", "Swin-T", {.width = 96, .depths = {2, 2, 6, 2}, .heads = {3, 6, 12, 24}}) &&
                        add("swin_small", "Swin-S", {.width = 96, .depths = {2, 2, 18, 2}, .heads = {3, 6, 12, 24}}) &&
                        add("swin_base", "Swin-B", {.width = 128, .depths = {2, 2, 18, 2}, .heads = {4, 8, 16, 32}});

}  // namespace
}  // namespace sslbench
