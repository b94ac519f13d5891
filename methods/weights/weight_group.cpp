// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/weight_group.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

// Words that name a moving average, between dots and underscores ("momentum_backbone.", "encoder_k.", "model_ema.").
const std::set<std::string> kMomentumWords = {"teacher", "target", "ema", "momentum", "k", "key", "averaged", "avg"};

using Place = std::pair<std::vector<std::string>, std::string>;  // keys, prefix

// Names of the backbone that a tensor gives under a layout; "" stands for none that it needs.
std::vector<std::string> given(const WeightLayout& layout, std::string_view name, const std::set<std::string>& wanted) {
  std::vector<std::string> out;
  for (LayoutTarget& target : targets_in(layout, name)) {
    if (wanted.contains(target.name)) out.push_back(std::move(target.name));
  }
  return out;
}

constexpr size_t kLongestName = 500;  // bytes; longer ones are nobody's
constexpr size_t kMostGroups = 32;    // that hold at least half of what the best one does

// By place and layout: the backbone's names that tensors there give.
using Coverage = std::map<Place, std::map<const WeightLayout*, std::set<std::string>>>;

Coverage coverage_of(const std::vector<WeightKey>& keys, const std::set<std::string>& wanted) {
  Coverage out;
  for (const WeightKey& key : keys) {
    const std::string& name = key.path.back();
    if (name.size() > kLongestName) continue;
    const std::vector<std::string> around(key.path.begin(), key.path.end() - 1);
    for (size_t begin = 0; begin != std::string::npos && begin < name.size();) {
      for (const auto& [unused, layout] : Registry<WeightLayout>::all()) {
        for (std::string& target : given(layout, std::string_view(name).substr(begin), wanted)) {
          out[{around, name.substr(0, begin)}][&layout].insert(std::move(target));
        }
      }
      const size_t dot = name.find('.', begin);
      begin = dot == std::string::npos ? dot : dot + 1;
    }
  }
  return out;
}

// Places that hold at least half of what the best one does, each with its best layouts.
std::map<Place, std::set<const WeightLayout*>> places(const std::vector<WeightKey>& keys,
                                                      const std::set<std::string>& wanted) {
  const Coverage coverage = coverage_of(keys, wanted);
  size_t most = 0;
  for (const auto& [place, layouts] : coverage) {
    for (const auto& [layout, names] : layouts) most = std::max(most, names.size());
  }
  std::map<Place, std::set<const WeightLayout*>> out;
  for (const auto& [place, layouts] : coverage) {
    for (const auto& [layout, names] : layouts) {
      if (2 * names.size() >= most) out[place].insert(layout);
    }
  }
  if (out.size() > kMostGroups)
    throw UserError("too many places in it hold names of the backbone; say one with prefix");
  return out;
}

WeightGroup group_at(const Place& place, const WeightLayout& layout, const std::vector<WeightKey>& keys,
                     const std::set<std::string>& wanted) {
  WeightGroup out{place.first, place.second, &layout, {}, {}, 0};
  std::set<std::string> covered;
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::vector<std::string>& path = keys[i].path;
    const bool inside = path.size() == place.first.size() + 1 && path.back().starts_with(place.second) &&
                        std::equal(place.first.begin(), place.first.end(), path.begin());
    if (!inside) continue;
    const std::string name = path.back().substr(place.second.size());
    const std::vector<std::string> names = given(layout, name, wanted);
    covered.insert(names.begin(), names.end());
    (names.empty() ? out.rest : out.tensors).emplace_back(i, name);
  }
  out.covered = covered.size();
  return out;
}

// Tensors under the prefix that the backbone does not need and the layout does not explain.
int64_t unexplained(const WeightGroup& group) {
  return std::ranges::count_if(group.rest, [&](const auto& each) {
    const std::vector<LayoutTarget> targets = targets_in(*group.layout, each.second);
    return !std::ranges::any_of(targets, [](const LayoutTarget& target) { return target.name.empty(); });
  });
}

// The group of a place in the layout that explains most of it; the plain one where nothing decides.
WeightGroup best_at(const Place& place, const std::set<const WeightLayout*>& layouts,
                    const std::vector<WeightKey>& keys, const std::set<std::string>& wanted) {
  WeightGroup best;
  const auto rank = [](const WeightGroup& group) {
    return std::tuple(group.covered, -unexplained(group), group.layout == &plain_layout());
  };
  for (const auto& [unused, layout] : Registry<WeightLayout>::all()) {  // in the order of their names
    if (!layouts.contains(&layout)) continue;
    WeightGroup group = group_at(place, layout, keys, wanted);
    if (best.layout == nullptr || rank(group) > rank(best)) best = std::move(group);
  }
  return best;
}

std::string list(const std::vector<WeightGroup>& groups) {
  std::string out;
  for (const WeightGroup& group : groups) {
    out += (out.empty() ? "" : ", ") +
           (group.place().empty() ? std::string("names without prefix") : "'" + group.place() + "'") +
           (group.branch() == Branch::momentum ? " (momentum)" : "");
  }
  return out;
}

std::vector<WeightGroup> of_branch(const std::vector<WeightGroup>& groups, Branch branch) {
  std::vector<WeightGroup> out;
  for (const WeightGroup& group : groups) {
    if (branch == Branch::any || group.branch() == branch) out.push_back(group);
  }
  return out;
}

// Whether two groups are one network that the file names twice.
bool same_memory(const WeightGroup& a, const WeightGroup& b, const std::vector<WeightKey>& keys) {
  return std::ranges::equal(a.tensors, b.tensors, [&](const auto& x, const auto& y) {
    return keys[x.first].storage != nullptr && keys[x.first].storage == keys[y.first].storage && x.second == y.second;
  });
}

bool named_by(const WeightGroup& group, std::string prefix) {
  if (group.place() == prefix || group.prefix == prefix) return true;
  prefix += '.';
  return group.place() == prefix || group.prefix == prefix;
}

}  // namespace

Branch branch_from_name(const std::string& name) {
  if (name == "online") return Branch::online;
  return name == "momentum" ? Branch::momentum : Branch::any;
}

std::string WeightGroup::place() const {
  const std::string around = full_name(keys);
  return around.empty() ? prefix : around + "." + prefix;
}

Branch WeightGroup::branch() const {
  std::string word;
  for (const char c : place() + ".") {
    if (c != '.' && c != '_' && c != '-') {
      word += c;
    } else if (kMomentumWords.contains(word)) {
      return Branch::momentum;
    } else {
      word.clear();
    }
  }
  return Branch::online;
}

WeightGroup choose_group(const std::vector<WeightKey>& keys, const std::set<std::string>& wanted,
                         const WeightWish& wish) {
  std::vector<WeightGroup> all;
  for (const auto& [place, layouts] : places(keys, wanted)) {
    WeightGroup group = best_at(place, layouts, keys, wanted);
    if (wish.prefix.empty() || named_by(group, wish.prefix)) all.push_back(std::move(group));
  }
  if (all.empty() && !wish.prefix.empty()) {
    throw UserError("no tensor whose name begins with '" + wish.prefix + "' is one of the backbone's");
  }
  if (all.empty()) throw UserError("no tensor in it has a name of the backbone, in any layout that is known here");
  std::ranges::stable_sort(all, std::greater<>(), &WeightGroup::covered);
  const size_t most = all.front().covered;
  const auto end = std::ranges::find_if(all, [&](const WeightGroup& group) { return group.covered < most; });
  std::vector<WeightGroup> fitting = of_branch({all.begin(), end}, wish.branch);
  if (fitting.empty()) {
    std::erase_if(all, [&](const WeightGroup& group) { return 2 * group.covered < most; });
    const std::vector<WeightGroup> asked = of_branch(all, wish.branch);
    if (!asked.empty()) return asked.front();  // what it lacks is for the caller to tell
    fitting.assign(all.begin(), std::ranges::find_if(all, [&](const auto& group) { return group.covered < most; }));
  }
  std::erase_if(fitting, [&](const WeightGroup& group) {
    return &group != fitting.data() && same_memory(group, fitting.front(), keys);
  });
  if (fitting.size() == 1) return fitting.front();
  const bool branches =
      of_branch(fitting, Branch::online).size() == 1 && of_branch(fitting, Branch::momentum).size() == 1;
  throw UserError("several networks in it fit the backbone: " + list(fitting) +
                  (branches ? "; say which with take = \"online\" or take = \"momentum\""
                            : "; say which with prefix = \"...\", one of these"));
}

}  // namespace sslbench
