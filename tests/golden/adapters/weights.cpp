// SPDX-License-Identifier: Apache-2.0
// Files of torch.save, the names in checkpoints, and conversions between layouts.
#include <algorithm>
#include <cmath>

#include "methods/method.h"
#include "methods/weights/weight_file.h"
#include "methods/weights/weight_group.h"
#include "suites/files/torch_file/torch_file.h"
#include "suites/ground/error.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

using nlohmann::json;

std::set<std::string> names_of(const BackboneChoice& choice) {
  at::Generator unused = at::detail::createCPUGenerator(0);
  std::set<std::string> out;
  for (const auto& [name, tensor] : make_backbone(choice.name, choice.settings, unused)->state()) out.insert(name);
  return out;
}

// The cases do not say of which network they are, and hold a sample of its names.
const std::vector<std::set<std::string>>& references() {
  static const std::vector<std::set<std::string>> all = {
      names_of({"resnet18"}), names_of({"resnet50"}), names_of({"vit_tiny"}),
      names_of({"vit_tiny", {{"registers", 4}}}), names_of({"convnext_tiny"})};
  return all;
}

WeightGroup group_of(const std::vector<WeightKey>& keys, const WeightWish& wish, std::set<std::string>& wanted) {
  WeightGroup best;
  for (const std::set<std::string>& names : references()) {
    try {
      WeightGroup group = choose_group(keys, names, wish);
      if (best.layout != nullptr && group.covered <= best.covered) continue;
      best = std::move(group), wanted = names;
    } catch (const UserError&) {  // of another network
    }
  }
  if (best.layout == nullptr) throw std::runtime_error("no network here has such names");
  return best;
}

// `ours` in the order of `expected`, what that lacks at the end: the order of either says nothing.
json in_order_of(const json& expected, json ours) {
  json out = json::array();
  for (const json& each : expected) {
    const auto found = std::find(ours.begin(), ours.end(), each);
    if (found == ours.end()) continue;
    out.push_back(each);
    ours.erase(found);
  }
  for (const json& each : ours) out.push_back(each);
  return out;
}

json checkpoint_names(const GoldenJson& golden) {
  std::vector<WeightKey> keys;
  for (const json& path : golden.content.at("input").at("keys"))
    keys.push_back({path.get<std::vector<std::string>>(), {}});
  std::set<std::string> wanted;
  const Branch take = branch_from_name(golden.settings.choice("take", {"online", "momentum"}));
  const WeightGroup group = group_of(keys, {take, ""}, wanted);
  json mapping = json::array(), ignored = json::array();
  std::set<size_t> used;
  for (const auto& [number, name] : group.tensors) {
    used.insert(number);
    for (const LayoutTarget& target : targets_in(*group.layout, name)) {
      if (wanted.contains(target.name)) mapping.push_back({keys[number].path, target.name});
    }
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!used.contains(i)) ignored.push_back(keys[i].path);
  }
  const json& expected = golden.content.at("expected");
  return {{"expected",
           {{"mapping", in_order_of(expected.at("mapping"), mapping)},
            {"ignored", in_order_of(expected.at("ignored"), ignored)}}}};
}

// What a case says of its source is found in the names; nothing of it is told to the function.
GoldenOutput convert(const GoldenCall& call) {
  call.settings.whole();
  std::vector<WeightKey> keys;
  for (const auto& [name, tensor] : call.inputs) keys.push_back({{name}, tensor.sizes().vec()});
  const WeightGroup group = choose_group(keys, call.outputs, {});
  std::vector<NamedTensor> tensors;
  for (const auto& [number, name] : group.tensors) tensors.emplace_back(name, call[keys[number].path[0]]);
  for (const WeightKey& key : keys) call[key.path[0]];  // the rest counts as read: it is left out
  return renamed(*group.layout, tensors, call.outputs);
}

json number_json(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

json values_json(const Tensor& tensor) {
  json out = json::array();
  const Tensor flat = tensor.contiguous().flatten();
  for (int64_t i = 0; i < flat.numel(); ++i) {
    if (flat.scalar_type() == at::kBool) {
      out.push_back(flat[i].item<bool>());
    } else if (flat.is_floating_point()) {
      out.push_back(number_json(flat[i].to(at::kDouble).item<double>()));
    } else {
      out.push_back(flat[i].to(at::kLong).item<int64_t>());
    }
  }
  return out;
}

json leaf_json(const PickleNode& leaf) {
  switch (leaf.kind) {
    case NodeKind::none: return {{"kind", "none"}, {"value", nullptr}};
    case NodeKind::flag: return {{"kind", "bool"}, {"value", std::get<bool>(leaf.value)}};
    case NodeKind::integer: return {{"kind", "number"}, {"value", std::get<int64_t>(leaf.value)}};
    case NodeKind::real: return {{"kind", "number"}, {"value", number_json(std::get<double>(leaf.value))}};
    case NodeKind::text: return {{"kind", "string"}, {"value", std::get<std::string>(leaf.value)}};
    case NodeKind::list:
    case NodeKind::tuple: return {{"kind", "sequence"}, {"length", 0}};
    case NodeKind::dict: return {{"kind", "mapping"}, {"length", 0}};
    default: return {{"kind", "opaque"}};
  }
}

struct ReadFile {
  std::map<json, json> entries;                  // by path
  std::map<const void*, json> paths_of_storage;  // in the order of the file
};

ReadFile read_file_of(const std::filesystem::path& file) {
  ReadFile out;
  const WeightFile weights(file);
  const PickleNodes content = open_torch_file(file);
  std::vector<size_t> all(weights.keys().size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  const std::vector<Tensor> tensors = weights.read(all);
  size_t next = 0;
  walk_leaves(content, [&](const std::vector<PathStep>& steps, const PickleNode& leaf) {
    json path = json::array();
    for (const PathStep& step : steps) std::visit([&](const auto& value) { path.push_back(value); }, step);
    json entry = leaf_json(leaf);
    if (leaf.kind == NodeKind::tensor) {
      const TorchTensor& view = content.tensors[static_cast<size_t>(std::get<int64_t>(leaf.value))];
      entry = {{"kind", "tensor"},
               {"dtype", content.storages[view.storage].dtype},
               {"shape", view.sizes},
               {"values", values_json(tensors.at(next))},
               {"requires_grad", view.requires_grad}};
      out.paths_of_storage[weights.keys()[next].storage].push_back(path);
      ++next;
    }
    entry["path"] = path;
    out.entries[path] = entry;
  });
  return out;
}

// A case's `expected` with what we read in the place of what it says.
json torch_expectation(const json& one, const std::filesystem::path& folder) {
  json expected = one.at("expected");
  ReadFile read;
  try {
    read = read_file_of(folder / one.at("input").at("file").get<std::string>());
    expected["accept"] = true;
  } catch (const UserError&) {
    expected["accept"] = false;
    return expected;
  }
  if (!expected.contains("entries")) return expected;
  json entries = json::array();
  for (const json& want : expected.at("entries")) {
    const auto found = read.entries.find(want.at("path"));
    const bool optional = want.value("optional", false);
    if (found == read.entries.end()) continue;
    json got = found->second;
    read.entries.erase(found);
    if (optional) got = want;  // what is inside an object may be kept closed
    entries.push_back(got);
  }
  for (const auto& [path, entry] : read.entries) entries.push_back(entry);
  expected["entries"] = entries;
  json shared = json::array();
  for (const auto& [storage, paths] : read.paths_of_storage) {
    if (paths.size() > 1) shared.push_back(paths);
  }
  expected["shared_storage"] = in_order_of(expected.value("shared_storage", json::array()), shared);
  return expected;
}

json torch_file(const GoldenJson& golden) {
  json cases = golden.content.at("cases");
  for (json& one : cases) one["expected"] = torch_expectation(one, golden.file.parent_path());
  return {{"cases", cases}};
}

const bool names_registered = add_golden_json_ops({{"checkpoint_names", checkpoint_names}, {"torch_file", torch_file}});
const bool registered = add_golden_ops({{"convert", convert}});

}  // namespace
}  // namespace sslbench
