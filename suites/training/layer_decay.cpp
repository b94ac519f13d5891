// SPDX-License-Identifier: Apache-2.0
#include "suites/training/layer_decay.h"

#include <cmath>
#include <regex>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr const char* kBackbone = "backbone.";

// "blocks.3.attn.qkv.weight" -> "blocks.3.", "layer2.0.conv1.weight" -> "layer2.0.", "norm.weight" -> "".
std::string block_of(const std::string& name) {
  static const std::regex block(R"((^|.*\.)(blocks|layer\d+)\.\d+\.)");
  std::smatch found;
  return std::regex_search(name, found, block, std::regex_constants::match_continuous) ? found.str() : "";
}

}  // namespace

Layers layers_of(const std::vector<std::string>& names, bool norm_with_last_block) {
  Layers out;
  std::string current;
  size_t after_last = 0;  // place of the first name after the last block
  for (const std::string& name : names) {
    const std::string block = block_of(name);
    if (!block.empty() && block != current) {
      ++out.depth;
      current = block;
    }
    out.numbers.push_back(out.depth);
    if (!block.empty()) after_last = out.numbers.size();
  }
  if (out.depth == 0) return out;
  for (size_t i = after_last; i < names.size(); ++i) {
    out.numbers[i] = norm_with_last_block && names[i].starts_with("norm") ? out.depth : out.depth + 1;
  }
  return out;
}

std::vector<double> layer_scales(const std::vector<std::string>& names, const LayerDecay& layer_decay) {
  const Layers layers = layers_of(names, layer_decay.norm_with_last_block);
  if (layers.depth == 0) {
    throw UserError("layer_decay = " + nlohmann::json(layer_decay.decay).dump() +
                    " needs a backbone of numbered blocks (a ResNet or a ViT); use layer_decay = 1 with this one");
  }
  std::vector<double> out;
  for (const int64_t number : layers.numbers) {
    out.push_back(std::pow(layer_decay.decay, static_cast<double>(layers.depth + 1 - number)));
  }
  return out;
}

std::vector<OptimizerParameter> optimizer_parameters(const std::vector<NamedTensor>& trainable,
                                                     const std::function<ParameterRule(const std::string&)>& rule,
                                                     const LayerDecay& layer_decay) {
  std::vector<OptimizerParameter> out;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : trainable) {
    out.push_back({name, tensor, rule ? rule(name) : ParameterRule{}});
    if (name.starts_with(kBackbone)) names.push_back(name.substr(std::string(kBackbone).size()));
  }
  if (layer_decay.decay == 1 || names.empty()) return out;
  const auto scales = layer_scales(names, layer_decay);
  size_t next = 0;
  for (OptimizerParameter& parameter : out) {
    if (parameter.name.starts_with(kBackbone)) parameter.rule.rate_scale *= scales[next++];
  }
  return out;
}

}  // namespace sslbench
