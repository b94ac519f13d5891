// SPDX-License-Identifier: Apache-2.0
// Classifiers on patch features pooled by attention.
#include "suites/protocols/patches/attentive_pool.h"

#include "tests/golden/formula_network.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

AttentivePoolShape shape_of(const GoldenCall& call) {
  AttentivePoolShape shape;
  shape.variant = call.choice("variant", {"aim", "capi", "vjepa", "timm"});
  shape.dim = call.integer("embed_dim"), shape.heads = call.integer("num_heads");
  shape.classes = call.integer("num_classes");
  if (shape.variant == "aim") {
    shape.queries = call.integer("num_queries");
    shape.query_bias = call.flag("qkv_bias"), shape.linear_bias = call.flag("linear_bias");
    call.expect("bn_eps", {1e-6});
    call.expect("bn_momentum", {0.1});
  } else if (shape.variant == "vjepa") {
    call.expect("qkv_bias", {true});
    call.expect("complete_block", {true});
    call.expect("depth", {1});
    call.expect("layer_norm_eps", {1e-5});
    call.expect("mlp_ratio", {4.0});
  } else if (shape.variant == "timm") {
    call.expect("norm", {"none"});
  }
  return shape;
}

Tensor mean_cross_entropy(const Tensor& scores_NK, const Tensor& labels_N) {
  return -at::log_softmax(scores_NK, 1).gather(1, labels_N.unsqueeze(1)).mean();
}

GoldenOutput attentive_pool(const GoldenCall& call) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const auto net = make_attentive_classifier(shape_of(call), generator);
  GoldenOutput out;
  set_up_network(call, *net, out);
  const Tensor tokens_NTD = call["tokens"], labels_N = call["labels"];
  mean_cross_entropy(net->scores(tokens_NTD.detach()), labels_N).backward();
  add_parameter_gradients(*net, out);
  for (const auto& [name, buffer] : net->buffers()) out[name.substr(name.rfind('.') + 1)] = buffer.clone();
  out["logits"] = net->scores(tokens_NTD);  // statistics of the batch: the same again
  out["loss"] = mean_cross_entropy(out["logits"], labels_N);
  return out;
}

const bool registered = add_golden_ops({{"attentive_pool", attentive_pool}});

}  // namespace
}  // namespace sslbench
