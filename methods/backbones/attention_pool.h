// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "methods/transformer.h"

namespace sslbench {

// Pools tokens by attention of one learned query; names, order and initialisation of timm's AttentionPoolLatent
// (SigLIP: Zhai et al., ICCV 2023, arXiv:2303.15343; Lee et al., ICML 2019, arXiv:1810.00825).
//   x = proj(attention(q(latent), kv(tokens))),  out = x + mlp(norm(x))
class AttentionPool final : public Module {
 public:
  // shape: of the blocks that made the tokens.
  AttentionPool(const BlockShape& shape, at::Generator& generator);
  Tensor operator()(const Tensor& tokens_NTD) const;  // [N, D]

 private:
  int64_t heads_;
  Tensor latent_;  // [1, 1, D]
  Linear q_, kv_, proj_;
  LayerNorm norm_;
  FeedForward mlp_;
};

}  // namespace sslbench
