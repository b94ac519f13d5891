// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convolutional/regnet.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

bool add(const char* name, const char* timm_name, const char* compute, const RegNetRule& rule) {
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = std::string("RegNetY of ") + compute +
                  " multiply-adds with torchvision's or timm's parameter names, for images from 32 px",
       .paper = "arXiv:2003.13678",
       .options = {integer_option("depth", rule.depth, 4, 128, "blocks"),
                   integer_option("w_0", rule.w_0, 8, 4096, "width of the first block; a multiple of 8"),
                   real_option("w_a", rule.w_a, 0, 1024, "by how much the width grows from block to block"),
                   real_option("w_m", rule.w_m, 1.01, 10, "factor of the steps to which widths are quantised"),
                   integer_option("group_width", rule.group_width, 1, 1024, "channels of a group"),
                   choice_option("names", "torchvision", {"torchvision", "timm"},
                                 "whose parameter names; timm also rounds the widths of 800mf and 8gf otherwise")},
       .tiny = {{"depth", 6}, {"w_0", 8}, {"w_a", 8}, {"w_m", 2}, {"group_width", 8}},
       .head = "fc",
       .heads_by_names = {{"timm", "head.fc"}},
       .published = {{.library = "torchvision",
                      .model = name,
                      .when = {{"names", "torchvision"}},
                      .headless = {"model.fc = torch.nn.Identity()"}},
                     {.library = "timm", .model = timm_name, .when = {{"names", "timm"}}}},
       .make = [](const Settings& settings, at::Generator& generator) {
         const RegNetRule own{settings.integer("depth"), settings.integer("w_0"), settings.real("w_a"),
                              settings.real("w_m"), settings.integer("group_width")};
         return make_regnet(regnet_shape(own, settings.text("names") == "timm"), generator);
       }});
}

const bool registered = add("regnet_y_400mf", "regnety_004", "0.4 G", {16, 48, 27.89, 2.09, 8}) &&
                        add("regnet_y_800mf", "regnety_008", "0.8 G", {14, 56, 38.84, 2.4, 16}) &&
                        add("regnet_y_1_6gf", "regnety_016", "1.6 G", {27, 48, 20.71, 2.65, 24}) &&
                        add("regnet_y_3_2gf", "regnety_032", "3.2 G", {21, 80, 42.63, 2.66, 24}) &&
                        add("regnet_y_8gf", "regnety_080", "8 G", {17, 192, 76.82, 2.19, 56}) &&
                        add("regnet_y_16gf", "regnety_160", "16 G", {18, 200, 106.23, 2.48, 112}) &&
                        add("regnet_y_32gf", "regnety_320", "32 G", {20, 232, 115.89, 2.53, 232}) &&
                        add("regnet_y_128gf", "regnety_1280", "128 G", {27, 456, 160.83, 2.52, 264});

}  // namespace
}  // namespace sslbench
