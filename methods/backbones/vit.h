// SPDX-License-Identifier: Apache-2.0
// Vision transformer. Dosovitskiy et al., ICLR 2021, arXiv:2010.11929; parameter names, order and initialisation of
// timm's VisionTransformer without head (registers: Darcet et al., ICLR 2024, arXiv:2309.16588), and of DINOv2's
// authors (facebookresearch/dinov2 dinov2/models/vision_transformer.py). Shapes: N images, P prefix tokens (class
// token, then registers), L = h w patches in row-major order, K kept patches, T = P + L or P + K tokens, D width.
#pragma once

#include <string_view>

#include "methods/backbone.h"
#include "methods/backbones/attention_pool.h"
#include "methods/drop_path.h"
#include "methods/patches/position_embedding.h"
#include "methods/transformer.h"

namespace sslbench {

// Which of the first tokens have a position of their own in pos_embed: all, none (timm's no_embed_class), or the class
// token alone (DINOv2's authors).
enum class PrefixPositions { all, none, class_token };

// Whose names the parameters have where timm and DINOv2's authors differ: reg_token, mlp.fc1, mlp.fc2; or
// register_tokens, mask_token, mlp.w12, mlp.w3 (of SwiGLU).
enum class VitNames { timm, dinov2 };

struct VitShape {
  int64_t dim = 192, depth = 12, heads = 3;
  int64_t patch_size = 16;
  int64_t image_size = 224;  // px, of the grid that pos_embed is stored for; other sizes resize it
  double mlp_ratio = 4;
  bool class_token = true;
  int64_t registers = 0;
  bool mean_pooling = false;      // features(): the mean of the patch tokens, else the class token
  bool sincos_positions = false;  // fixed, as MAE; else learned
  double drop_path = 0;           // of the last block
  double eps = kTransformerEps;   // of every layer norm
  Activation activation = Activation::gelu;
  bool swiglu = false;          // mlp_ratio counts both halves of its first layer
  double layer_scale = 0;       // initial; 0: there is none
  bool pre_norm = false;        // a norm before the first block, and a patch projection without bias (CLIP)
  bool attention_pool = false;  // features(): what one learned query reads (SigLIP)
  PrefixPositions prefix_positions = PrefixPositions::all;
  GridResize resize = GridResize::timm();  // of pos_embed for other grids
  VitNames names = VitNames::timm;
};

// What masked methods change about a forward pass. All members may be undefined.
struct VitInput {
  Tensor mask_NL;  // bool or 0/1: where true, the patch becomes mask_token before positions are added (SimMIM, iBOT)
  Tensor mask_token_D;  // D values of any shape
  Tensor keep_NK;       // int64: the patches that take part, each once, in this order (MAE, I-JEPA, MSN)
  Tensor places_NL;     // of keep_NK, where it is known: see gather_patches()
};

struct VitPositions {
  Tensor prefix_1PD, patches_1LD;  // prefix: of the tokens that have one
};

class Vit final : public Backbone {
 public:
  // UserError when heads do not divide dim, the patch size does not divide the image size, and the like.
  Vit(const VitShape& shape, at::Generator& generator);

  // One map of stride patch_size: the normed patch tokens. Images whose size the patch does not divide are padded with
  // zeros at the right and at the bottom.
  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override;
  std::vector<MapLevel> levels() const override { return {{shape_.patch_size, shape_.dim}}; }
  Tensor features(const Tensor& x_NCHW) const override;

  int64_t class_token_blocks() const override { return shape_.class_token ? shape_.depth : 0; }
  LastBlocks last_blocks(const Tensor& x_NCHW, int64_t count) const override;

  // The steps of a forward pass; tokens = norm(run_blocks(embed(x))), [N, T, D].
  Tensor tokens(const Tensor& x_NCHW, const VitInput& input = {}) const;
  Tensor patch_tokens(const Tensor& x_NCHW) const;  // [N, L, D], before positions
  Tensor embed(const Tensor& x_NCHW, const VitInput& input = {}) const;
  // each_block: receives the output of every block, lowest first, before the final norm.
  Tensor run_blocks(const Tensor& x_NTD, std::vector<Tensor>* each_block = nullptr) const;
  Tensor norm(const Tensor& x_NTD) const { return norm_(x_NTD); }

  // Tokens after norm -> [N, D]; attention_pool networks only.
  Tensor attention_pool(const Tensor& tokens_NTD) const { return (*attention_pool_)(tokens_NTD); }

  // pos_embed for a grid of h x w patches: as stored, or resized.
  VitPositions positions(int64_t h, int64_t w) const;

  const VitShape& shape() const { return shape_; }
  int64_t prefix() const { return (shape_.class_token ? 1 : 0) + shape_.registers; }
  // Patches along a side of `pixels`.
  int64_t grid(int64_t pixels) const { return (pixels + shape_.patch_size - 1) / shape_.patch_size; }
  // [1, D] of the authors' files, frozen: methods that mask bring their own. Undefined under timm's names.
  const Tensor& mask_token() const { return mask_token_; }

 private:
  void add_tokens(at::Generator& generator);
  int64_t positioned() const;  // first tokens that have a position
  Tensor prefix_tokens(const VitPositions& positions) const;

  VitShape shape_;
  Tensor cls_token_, reg_token_, mask_token_, pos_embed_;  // [1, 1, D], [1, R, D], [1, D], [1, positioned() + L, D]
  Conv2d proj_;
  std::unique_ptr<LayerNorm> norm_pre_;
  std::vector<std::unique_ptr<TransformerBlock>> blocks_;
  LayerNorm norm_;
  std::unique_ptr<AttentionPool> attention_pool_;
  DropPath drop_path_;
};

// Registry entry of a size; the options are those of a plain network, with their defaults from `shape`. timm_name: of
// timm's network of this size.
BackboneEntry vit_entry(std::string name, std::string summary, const VitShape& shape, const std::string& timm_name);

// What every Vision Transformer lets choose: patch_size, image_size, dim, depth, heads, mlp_ratio, drop_path.
std::vector<Option> vit_size_options(const VitShape& shape);
// `shape` with their values.
VitShape with_vit_sizes(VitShape shape, const Settings& settings);
// timm's network of the same parameters; image_size and patch_size are passed on.
PublishedConstructor timm_vit(const std::string& name, nlohmann::json when, std::vector<std::string> arguments = {});
// Settings for tests.
nlohmann::json tiny_vit();

}  // namespace sslbench
