// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/patches/attentive_pool.h"

#include "methods/initial_values.h"
#include "methods/transformer.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr double kNarrow = 0.02;   // standard deviation of queries at the start
constexpr double kAimEps = 1e-6;   // of its batch norm
constexpr double kJepaEps = 1e-5;  // of its layer norms
constexpr int64_t kMlpRatio = 4;

FeedForwardShape mlp_shape(int64_t dim) { return {.dim = dim, .hidden = kMlpRatio * dim}; }

// Keys and values of one product, keys first.
std::vector<Tensor> key_value(const Linear& both, const Tensor& tokens_NTD) { return both(tokens_NTD).chunk(2, -1); }

// The same queries for every image.
Tensor for_each(const Tensor& query_1QD, const Tensor& tokens_NTD) {
  return query_1QD.expand({tokens_NTD.size(0), -1, -1});
}

// Batch norm without scale over images and tokens; answers of the queries averaged.
class Aim final : public AttentiveClassifier {
 public:
  Aim(const AttentivePoolShape& shape, at::Generator& generator)
      : heads_(shape.heads),
        query_(normal_values({1, shape.queries, shape.dim}, kNarrow, generator)),
        norm_(shape.dim, /*affine=*/false, kAimEps),
        key_(shape.dim, shape.dim, generator, shape.query_bias),
        value_(shape.dim, shape.dim, generator, shape.query_bias),
        linear_(shape.dim, shape.classes, generator, shape.linear_bias) {
    add_parameter("cls_token", query_);
    add_child("k", key_);
    add_child("v", value_);
    add_child("linear", linear_);
    add_child("bn", norm_);
  }
  Tensor scores(const Tensor& tokens_NTD) const override {
    const Tensor x_NTD = norm_(tokens_NTD.transpose(1, 2)).transpose(1, 2);
    return linear_(attend(for_each(query_, x_NTD), key_(x_NTD), value_(x_NTD), heads_).mean(1));
  }

 private:
  int64_t heads_;
  Tensor query_;
  BatchNorm norm_;
  Linear key_, value_, linear_;
};

// The query as it is, no norm.
class Capi final : public AttentiveClassifier {
 public:
  Capi(const AttentivePoolShape& shape, at::Generator& generator)
      : heads_(shape.heads),
        query_(normal_values({shape.dim}, kNarrow, generator)),
        key_value_(shape.dim, 2 * shape.dim, generator),
        linear_(shape.dim, shape.classes, generator) {
    add_parameter("query_token", query_);
    add_child("kv", key_value_);
    add_child("linear", linear_);
  }
  Tensor scores(const Tensor& tokens_NTD) const override {
    const auto kv = key_value(key_value_, tokens_NTD);
    return linear_(attend(for_each(query_.view({1, 1, -1}), tokens_NTD), kv[0], kv[1], heads_).squeeze(1));
  }

 private:
  int64_t heads_;
  Tensor query_;
  Linear key_value_, linear_;
};

// Its output projection exists and is never applied: no gradient reaches it.
class JepaAttention final : public Module {
 public:
  JepaAttention(int64_t dim, int64_t heads, at::Generator& generator)
      : heads_(heads), query_(dim, dim, generator), key_value_(dim, 2 * dim, generator), unused_(dim, dim, generator) {
    unused_.freeze();
    add_child("q", query_);
    add_child("kv", key_value_);
    add_child("proj", unused_);
  }
  Tensor operator()(const Tensor& query_NQD, const Tensor& tokens_NTD) const {
    const auto kv = key_value(key_value_, tokens_NTD);
    return attend(query_(query_NQD), kv[0], kv[1], heads_);
  }

 private:
  int64_t heads_;
  Linear query_, key_value_, unused_;
};

// y = q + attention(q, norm(x)); y + mlp(norm(y)).
class Jepa final : public AttentiveClassifier {
 public:
  Jepa(const AttentivePoolShape& shape, at::Generator& generator)
      : query_(normal_values({1, 1, shape.dim}, kNarrow, generator)),
        norm1_(shape.dim, kJepaEps),
        attention_(shape.dim, shape.heads, generator),
        norm2_(shape.dim, kJepaEps),
        mlp_(mlp_shape(shape.dim), generator),
        linear_(shape.dim, shape.classes, generator) {
    add_parameter("pooler.query_tokens", query_);
    const std::string block = "pooler.cross_attention_block.";
    add_child(block + "norm1", norm1_);
    add_child(block + "xattn", attention_);
    add_child(block + "norm2", norm2_);
    add_child(block + "mlp", mlp_);
    add_child("linear", linear_);
  }
  Tensor scores(const Tensor& tokens_NTD) const override {
    const Tensor query_N1D = for_each(query_, tokens_NTD);
    const Tensor y_N1D = query_N1D + attention_(query_N1D, norm1_(tokens_NTD));
    return linear_((y_N1D + mlp_(norm2_(y_N1D))).squeeze(1));
  }

 private:
  Tensor query_;
  LayerNorm norm1_;
  JepaAttention attention_;
  LayerNorm norm2_;
  FeedForward mlp_;
  Linear linear_;
};

// x = proj(attention(q(latent), kv(tokens))), then x + mlp(x).
class Timm final : public AttentiveClassifier {
 public:
  Timm(const AttentivePoolShape& shape, at::Generator& generator)
      : heads_(shape.heads),
        latent_(normal_values({1, 1, shape.dim}, kNarrow, generator)),
        query_(shape.dim, shape.dim, generator),
        key_value_(shape.dim, 2 * shape.dim, generator),
        proj_(shape.dim, shape.dim, generator),
        mlp_(mlp_shape(shape.dim), generator),
        linear_(shape.dim, shape.classes, generator) {
    add_parameter("pool.latent", latent_);
    add_child("pool.q", query_);
    add_child("pool.kv", key_value_);
    add_child("pool.proj", proj_);
    add_child("pool.mlp", mlp_);
    add_child("linear", linear_);
  }
  Tensor scores(const Tensor& tokens_NTD) const override {
    const auto kv = key_value(key_value_, tokens_NTD);
    const Tensor x_ND = proj_(attend(for_each(query_(latent_), tokens_NTD), kv[0], kv[1], heads_).squeeze(1));
    return linear_(x_ND + mlp_(x_ND));
  }

 private:
  int64_t heads_;
  Tensor latent_;
  Linear query_, key_value_, proj_;
  FeedForward mlp_;
  Linear linear_;
};

}  // namespace

const std::vector<std::string>& attentive_variants() {
  static const std::vector<std::string> names{"aim", "capi", "vjepa", "timm"};
  return names;
}

Tensor attend(const Tensor& query_NQD, const Tensor& key_NTD, const Tensor& value_NTD, int64_t heads) {
  const auto by_head = [&](const Tensor& x) {
    return x.reshape({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2);
  };
  return at::scaled_dot_product_attention(by_head(query_NQD), by_head(key_NTD), by_head(value_NTD))
      .transpose(1, 2)
      .flatten(2);
}

std::unique_ptr<AttentiveClassifier> make_attentive_classifier(const AttentivePoolShape& shape,
                                                               at::Generator& generator) {
  if (shape.dim % shape.heads != 0) {
    throw UserError("heads = " + std::to_string(shape.heads) + " do not divide the " + std::to_string(shape.dim) +
                    " features of a patch; name a divisor");
  }
  if (shape.variant == "aim") return std::make_unique<Aim>(shape, generator);
  if (shape.variant == "capi") return std::make_unique<Capi>(shape, generator);
  if (shape.variant == "vjepa") return std::make_unique<Jepa>(shape, generator);
  require(shape.variant == "timm", "a known variant of attentive pooling");
  return std::make_unique<Timm>(shape, generator);
}

}  // namespace sslbench
