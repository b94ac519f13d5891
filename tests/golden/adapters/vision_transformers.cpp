// SPDX-License-Identifier: Apache-2.0
// Vision Transformers: forward and backward pass.
#include <algorithm>

#include "methods/backbones/dinov3.h"
#include "methods/backbones/vit.h"
#include "tests/golden/formula_network.h"

namespace sslbench {
namespace {

VitShape vit_shape(const GoldenSettings& settings) {
  VitShape out;
  out.dim = settings.integer("embed_dim"), out.depth = settings.integer("depth");
  out.heads = settings.integer("num_heads");
  out.patch_size = settings.integer("patch_size"), out.image_size = settings.integer("img_size");
  out.mlp_ratio = settings.real("mlp_ratio", 4);
  out.eps = settings.real("layer_norm_eps", 1e-6);
  out.class_token = settings.flag("class_token", true);
  out.mean_pooling = !out.class_token;
  out.registers = settings.integer("reg_tokens", 0);
  settings.expect_if_given("num_classes", {0});
  settings.expect_if_given("qkv_bias", {true});
  settings.expect_if_given("qk_norm", {false});
  return out;
}

// timm takes other sizes where these are on, ours always.
void expect_sizes(const GoldenSettings& settings) {
  const int64_t size = settings.integer("img_size"), patch = settings.integer("patch_size");
  const auto image = settings.at("image").get<std::vector<int64_t>>();
  const bool resized = image != std::vector<int64_t>{size, size};
  const bool padded = std::any_of(image.begin(), image.end(), [&](int64_t side) { return side % patch != 0; });
  settings.expect_if_given("dynamic_img_size", {true, resized});
  settings.expect_if_given("dynamic_img_pad", {true, padded});
}

Activation activation_of(const GoldenCall& call) {
  const std::string name = call.choice("act", {"gelu", "gelu_tanh", "quick_gelu"});
  return name == "gelu_tanh" ? Activation::gelu_tanh : name == "quick_gelu" ? Activation::quick_gelu : Activation::gelu;
}

// The patches of [N, P + L, D] as a map [N, D, h, w].
Tensor as_map(const Tensor& x_NTD, int64_t prefix, int64_t h, int64_t w) {
  return x_NTD.narrow(1, prefix, h * w).unflatten(1, {h, w}).permute({0, 3, 1, 2});
}

// Outputs of blocks before the last norm, and of the last ones after it; then the loss over what the tokens are.
template <class Net>
void finish_tokens(const GoldenCall& call, const Net& net, const Tensor& x_NCHW, const std::vector<Tensor>& blocks,
                   const Tensor& x_NTD, GoldenOutput& out) {
  if (call.settings.contains("blocks")) {
    for (const size_t i : call.settings.at("blocks")) out["block" + std::to_string(i)] = sampled(blocks.at(i), 256);
  }
  const int64_t P = net.prefix(), L = x_NTD.size(1) - P;
  const auto all = call.wants("layer0") ? static_cast<int64_t>(blocks.size()) : 0;  // the authors' files: every block
  const auto last = static_cast<size_t>(call.settings.integer("intermediate_layers", all));
  for (size_t i = 0; i < last; ++i) {
    const Tensor map =
        as_map(net.norm(blocks.at(blocks.size() - last + i)), P, net.grid(x_NCHW.size(2)), net.grid(x_NCHW.size(3)));
    out["layer" + std::to_string(i)] = sampled(map, 256);
  }
  const Tensor patches_NLD = x_NTD.narrow(1, P, L);
  out["patches"] = sampled(patches_NLD, 256);
  Tensor loss = head_loss(out, "mean_patch", patches_NLD.mean(1), 997);
  if (P > 0) loss = head_loss(out, "cls", x_NTD.select(1, 0), 998) + loss;
  if (P > 1) out["registers"] = sampled(x_NTD.narrow(1, 1, P - 1), 256);
  finish_network(call, net, x_NCHW, loss, out);
}

GoldenOutput run_vit(const GoldenCall& call, const VitShape& shape, const Tensor& mask_NL = {}) {
  GoldenOutput out;
  at::Generator generator = at::detail::createCPUGenerator(0);
  Vit net(shape, generator);
  set_up_network(call, net, out);
  const Tensor x_NCHW = network_image(call, out);
  VitInput input;
  if (mask_NL.defined()) {
    Tensor token = net.mask_token();
    input = {.mask_NL = mask_NL.to(call.device), .mask_token_D = token.set_requires_grad(true)};
  }
  std::vector<Tensor> blocks;
  const Tensor x_NTD = net.norm(net.run_blocks(net.embed(x_NCHW, input), &blocks));
  if (!shape.attention_pool) {
    finish_tokens(call, net, x_NCHW, blocks, x_NTD, out);
    return out;
  }
  for (const size_t i : call.settings.at("blocks")) out["block" + std::to_string(i)] = sampled(blocks.at(i), 256);
  out["patches"] = sampled(x_NTD, 256);
  finish_network(call, net, x_NCHW, head_loss(out, "pooled", net.attention_pool(x_NTD), 998), out);
  return out;
}

GoldenOutput vit(const GoldenCall& call) {
  for (const char* absent : {"pre_norm", "no_embed_class"}) call.settings.expect_if_given(absent, {false});
  call.settings.expect_if_given("init_values", {nullptr});
  call.settings.expect_if_given("global_pool", {"", "token"});  // "avg" moves the final norm
  expect_sizes(call.settings);
  return run_vit(call, vit_shape(call.settings));
}

GoldenOutput vit_dinov2(const GoldenCall& call) {
  expect_sizes(call.settings);
  VitShape shape = vit_shape(call.settings);
  shape.layer_scale = 1e-5;  // replaced by the case's values
  shape.swiglu = call.settings.flag("swiglu", false);
  if (call.settings.flag("no_embed_class", false)) shape.prefix_positions = PrefixPositions::none;
  return run_vit(call, shape);
}

// The patches that the case lists for every image.
Tensor mask_of(const GoldenSettings& settings) {
  if (!settings.contains("masked_patches")) return {};
  const int64_t patch = settings.integer("patch_size");
  const auto image = settings.at("image").get<std::vector<int64_t>>();
  const auto masked = settings.at("masked_patches").get<std::vector<std::vector<int64_t>>>();
  Tensor out = at::zeros({static_cast<int64_t>(masked.size()), image[0] / patch * (image[1] / patch)}, at::kBool);
  for (size_t n = 0; n < masked.size(); ++n) {
    for (const int64_t i : masked[n]) out[static_cast<int64_t>(n)][i] = true;
  }
  return out;
}

GoldenOutput vit_dinov2_authors(const GoldenCall& call) {
  VitShape shape = vit_shape(call.settings);
  shape.layer_scale = 1e-5;
  shape.registers = call.settings.integer("num_register_tokens", 0);
  shape.names = VitNames::dinov2;
  shape.prefix_positions = PrefixPositions::class_token;
  if (call.settings.contains("ffn_layer")) {
    shape.swiglu = call.choice("ffn_layer", {"mlp", "swiglu", "swiglufused"}) != "mlp";
    // Their SwiGLU takes two thirds of the hidden width, rounded up to a multiple of 8, for each half.
    const auto hidden = static_cast<int64_t>(static_cast<double>(shape.dim) * shape.mlp_ratio);
    if (shape.swiglu) {
      shape.mlp_ratio = 2.0 * static_cast<double>((hidden * 2 / 3 + 7) / 8 * 8) / static_cast<double>(shape.dim);
    }
  }
  shape.resize = GridResize::dinov2(call.settings.real("interpolate_offset", 0.1),
                                    call.settings.flag("interpolate_antialias", false));
  return run_vit(call, shape, mask_of(call.settings));
}

GoldenOutput vit_clip(const GoldenCall& call) {
  expect_sizes(call.settings);
  call.expect("pre_norm", {true});
  VitShape shape = vit_shape(call.settings);
  shape.pre_norm = true;
  shape.activation = activation_of(call);
  return run_vit(call, shape);
}

GoldenOutput vit_siglip(const GoldenCall& call) {
  expect_sizes(call.settings);
  call.expect("global_pool", {"map"});
  VitShape shape = vit_shape(call.settings);
  shape.mean_pooling = false, shape.attention_pool = true;
  shape.activation = activation_of(call);
  return run_vit(call, shape);
}

GoldenOutput vit_dinov3(const GoldenCall& call) {
  const GoldenSettings& settings = call.settings;
  for (const char* on : {"use_rot_pos_emb", "rope_rotate_half"}) settings.expect(on, {true});
  for (const char* off : {"use_abs_pos_emb", "use_fc_norm"}) settings.expect_if_given(off, {false});
  settings.expect("rope_type", {"dinov3"});
  settings.expect_if_given("num_classes", {0});
  settings.expect("layer_norm_eps", {1e-5});
  expect_sizes(settings);
  Dinov3Shape shape;
  shape.dim = settings.integer("embed_dim"), shape.depth = settings.integer("depth");
  shape.heads = settings.integer("num_heads"), shape.patch_size = settings.integer("patch_size");
  shape.mlp_ratio = settings.real("mlp_ratio", 4);
  shape.registers = settings.integer("num_reg_tokens", 0);
  shape.qkv_bias = settings.flag("qkv_bias"), shape.swiglu = settings.flag("swiglu_mlp", false);
  if (shape.swiglu) settings.expect("swiglu_align_to", {8});
  shape.rope_base = settings.real("rope_temperature");
  GoldenOutput out;
  at::Generator generator = at::detail::createCPUGenerator(0);
  Dinov3 net(shape, generator);
  set_up_network(call, net, out);
  const Tensor x_NCHW = network_image(call, out);
  std::vector<Tensor> blocks;
  const Tensor x_NTD = net.tokens(x_NCHW, &blocks);
  finish_tokens(call, net, x_NCHW, blocks, x_NTD, out);
  return out;
}

GoldenOutput rope(const GoldenCall& call) {
  call.settings.expect_if_given("layout", {"half: angles [h periods, w periods] tiled twice"});
  RopePeriods how;
  const auto given = [&](const char* name) {
    return call.settings.contains(name) && !call.settings.at(name).is_null();
  };
  if (given("base")) how.base = call.real("base");
  if (given("min_period")) how.min_period = call.real("min_period");
  if (given("max_period")) how.max_period = call.real("max_period");
  const std::string by = call.choice("normalize_coords", {"separate", "min", "max"});
  const Tensor periods = rope_periods(call.integer("head_dim"), how);
  const Rope table = rope_2d(periods.to(call.device), call.integer("height"), call.integer("width"),
                             by == "separate" ? RopeCoordinates::separate
                             : by == "min"    ? RopeCoordinates::min
                                              : RopeCoordinates::max);
  return {{"periods", periods}, {"cos", table.cos}, {"sin", table.sin}};
}

const bool registered = add_golden_ops({{"vit", vit},
                                        {"vit_dinov2", vit_dinov2},
                                        {"vit_dinov2_authors", vit_dinov2_authors},
                                        {"vit_dinov3", vit_dinov3},
                                        {"rope_2d", rope},
                                        {"vit_clip", vit_clip},
                                        {"vit_siglip", vit_siglip}});

}  // namespace
}  // namespace sslbench
