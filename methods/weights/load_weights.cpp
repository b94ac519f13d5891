// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/load_weights.h"

#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "methods/backbones/vit.h"
#include "methods/patches/position_embedding.h"
#include "methods/weight_check.h"
#include "methods/weights/stored_input.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// First parts of the names of heads: torchvision's fc, heads and classifier, timm's head and (MobileNetV3) conv_head,
// lightly's linear; and what
// training by itself puts behind a network.
const char* const kHeads[] = {"fc",        "head",      "heads",           "head_dist",  "linear",   "classifier",
                              "conv_head", "projector", "projection_head", "prototypes", "predictor"};

bool belongs_to_head(const std::string& name) {
  return std::ranges::any_of(kHeads, [&](const std::string& head) { return name.starts_with(head + "."); });
}

// What training or the settings make again: files may lack it.
bool is_optional(const std::string& name) {
  return name.ends_with("num_batches_tracked") || name.ends_with("relative_position_index");
}

// "a, b, c and 12 more".
std::string some(const std::set<std::string>& names) {
  std::string out;
  size_t shown = 0;
  for (const std::string& name : names) {
    if (shown == 3) return out + " and " + std::to_string(names.size() - shown) + " more";
    out += (out.empty() ? "" : ", ") + printable(name);
    ++shown;
  }
  return out;
}

// Tokens before the patches that a network of no known kind may have, likely ones first.
const std::vector<int64_t> kPrefixes = {1, 0, 2, 5, 4, 9, 8, 17, 16};

// Those of a Vision Transformer, which stores its positions.
int64_t positioned(const Vit& vit, const Tensor& positions_1TD) {
  const int64_t side = vit.shape().image_size / vit.shape().patch_size;
  return positions_1TD.size(1) - side * side;
}

// Side of a square grid, or 0.
int64_t side_of(int64_t patches) {
  const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(patches))));
  return side > 0 && side * side == patches ? side : 0;
}

class Loading {
 public:
  Loading(Backbone& backbone, const WeightSource& source)
      : backbone_(backbone), source_(source), file_(source.file), state_(backbone.state()) {
    for (const auto& [name, tensor] : state_) wanted_.insert(name);
    leave_out_asked();
    try {
      group_ = choose_group(keys_, wanted_, source.wish);
    } catch (const UserError& error) {
      refuse(error.what());
    }
  }

  std::vector<std::string> run() {
    const at::NoGradGuard no_grad;
    expect_nothing_else();
    std::vector<size_t> numbers;
    for (const auto& [number, name] : group_.tensors) numbers.push_back(numbers_[number]);
    const std::vector<Tensor> read = file_.read(numbers);
    std::vector<NamedTensor> named;
    for (size_t i = 0; i < read.size(); ++i) named.emplace_back(group_.tensors[i].second, read[i]);
    std::map<std::string, Tensor> tensors;
    try {
      tensors = renamed(*group_.layout, named, wanted_);
    } catch (const UserError& error) {
      refuse(error.what());
    }
    expect_all(tensors);
    for (const auto& [name, to] : state_) fit(name, tensors, to);
    for (const auto& [name, to] : state_) {
      if (tensors.contains(name)) to.copy_(tensors.at(name));
    }
    backbone_.set_input_facts(stored_input(file_.metadata()));
    return notes();
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const { throw UserError(source_.file + ": " + why); }

  // What the row ignores takes no part in anything.
  void leave_out_asked() {
    std::vector<bool> met(source_.ignore.size());
    for (size_t i = 0; i < file_.keys().size(); ++i) {
      const WeightKey& key = file_.keys()[i];
      bool out = false;
      for (size_t p = 0; p < source_.ignore.size(); ++p) {
        if (!ignored_by(source_.ignore[p], key)) continue;
        met[p] = out = true;
      }
      if (out) {
        ignored_.insert(full_name(key.path));
      } else {
        keys_.push_back(key), numbers_.push_back(i);
      }
    }
    for (size_t p = 0; p < met.size(); ++p) {
      if (!met[p]) refuse("nothing in it is called '" + source_.ignore[p] + "', which `ignore` names");
    }
  }
  // A pattern names a tensor whole, or what follows any dot of it.
  static bool ignored_by(const std::string& pattern, const WeightKey& key) {
    const std::string name = full_name(key.path);
    for (size_t begin = 0; begin != std::string::npos;) {
      if (::fnmatch(pattern.c_str(), name.c_str() + begin, 0) == 0) return true;
      const size_t dot = name.find('.', begin);
      begin = dot == std::string::npos ? dot : dot + 1;
    }
    return false;
  }

  // Every tensor beside the backbone's must be a head's, of training alone, or nothing.
  void expect_nothing_else() {
    std::set<std::string> extra;
    for (const auto& [number, name] : group_.rest) {
      const std::vector<LayoutTarget> targets = targets_in(*group_.layout, name);
      const bool needless = belongs_to_head(name) || std::ranges::any_of(targets, [](const LayoutTarget& target) {
                              return target.name.empty() || belongs_to_head(target.name);
                            });
      (needless || adds_nothing(number, name, targets) ? dropped_ : extra).insert(name);
    }
    if (!extra.empty()) {
      refuse("holds " + some(extra) +
             ", which the backbone does not have; check its settings, or name them in `ignore`");
    }
  }
  // A bias of zeros: timm's DINOv3 has no biases of queries and values, where the authors' are 0.
  bool adds_nothing(size_t number, const std::string& name, const std::vector<LayoutTarget>& targets) const {
    if (!name.ends_with("bias") || file_.keys()[numbers_[number]].sizes.size() != 1) return false;
    const Tensor tensor = file_.read({numbers_[number]})[0];
    return std::ranges::none_of(targets, [&](const LayoutTarget& target) {
      return changed(tensor, *target.row, name).ne(0).any().item<bool>();
    });
  }

  void expect_all(const std::map<std::string, Tensor>& tensors) const {
    std::set<std::string> missing;
    for (const auto& [name, to] : state_) {
      if (!tensors.contains(name) && !is_optional(name)) missing.insert(name);
    }
    if (missing.empty()) return;
    const std::string place = group_.place().empty() ? "" : " under '" + printable(group_.place()) + "'";
    refuse("lacks " + some(missing) + place + "; check `backbone` and its settings, or set `prefix`");
  }

  // Brings a tensor to the backbone's shape, where that can be done.
  void fit(const std::string& name, std::map<std::string, Tensor>& tensors, const Tensor& to) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) return;
    Tensor& from = found->second;
    if (from.is_floating_point() != to.is_floating_point()) {
      refuse(name + " holds " + std::string(c10::toString(from.scalar_type())) + ", and the backbone's " +
             std::string(c10::toString(to.scalar_type())));
    }
    if (from.sizes() != to.sizes() && name == "pos_embed") from = resized(from, to);
    if (from.sizes() != to.sizes()) {
      refuse(name + " is " + c10::str(from.sizes()) + ", and the backbone's " + c10::str(to.sizes()) +
             "; check the backbone's settings (width, patch_size, image_size, ...)");
    }
    from = from.to(to.scalar_type());
    // In the backbone's type, since a number that float64 holds may be too large for float32.
    const std::string unusable = unusable_weight({{group_.place() + name, from}});
    if (unusable.empty()) return;
    refuse(unusable +
           "; nothing can be measured with such weights: take an earlier checkpoint, or find out why the training that "
           "wrote it diverged");
  }

  // Learned positions of another grid, resized as the backbone's forward pass would: as those who published it do. Of
  // other networks, as timm does it. Tokens before the patches are the same on both sides.
  Tensor resized(const Tensor& from, const Tensor& to) {
    if (from.dim() != 3 || to.dim() != 3 || from.size(0) != 1 || from.size(2) != to.size(2)) return from;
    const auto* vit = dynamic_cast<const Vit*>(&backbone_);
    for (const int64_t prefix : vit == nullptr ? kPrefixes : std::vector{positioned(*vit, to)}) {
      const int64_t old_side = side_of(from.size(1) - prefix), side = side_of(to.size(1) - prefix);
      if (old_side == 0 || side == 0) continue;
      const auto grid = [](int64_t s) { return std::to_string(s) + "x" + std::to_string(s); };
      changes_.push_back("position embeddings of " + grid(old_side) + " patches resized to " + grid(side));
      return pos_embed_resize(from.to(to.scalar_type()), prefix, old_side, old_side, side, side,
                              vit == nullptr ? GridResize::timm() : vit->shape().resize);
    }
    return from;
  }

  std::vector<std::string> notes() const {
    const std::string name = std::filesystem::path(source_.file).filename().string();
    const std::string place = group_.place().empty() ? "" : ", under '" + group_.place() + "'";
    const std::string layout = group_.layout == &plain_layout() ? "" : ", in the naming of " + group_.layout->name;
    std::vector<std::string> out = {"weights of " + name + place + layout};
    for (const std::string& change : changes_) out.push_back("weights: " + change);
    if (!dropped_.empty()) out.push_back("weights: left out, since the backbone has none: " + some(dropped_));
    if (!ignored_.empty()) out.push_back("weights: ignored as asked: " + some(ignored_));
    for (std::string& line : out) line = printable(line);
    return out;
  }

  Backbone& backbone_;
  const WeightSource& source_;
  WeightFile file_;
  std::vector<NamedTensor> state_;
  std::set<std::string> wanted_, ignored_, dropped_;
  std::vector<WeightKey> keys_;  // of the file, without what is ignored
  std::vector<size_t> numbers_;  // of keys_ in the file
  WeightGroup group_;
  std::vector<std::string> changes_;
};

}  // namespace

std::vector<Option> weight_options(const std::string& first, const std::string& prefix, const std::string& help) {
  return {file_option(first, help),
          text_option(prefix + "prefix", "",
                      "where the backbone's names begin in the file (\"teacher.backbone.\"); \"\" = found by itself"),
          later(choice_option(prefix + "take", "any", {"any", "online", "momentum"},
                              "of a file with both: the trained network, or its moving average (teacher, target)"),
                "any"),
          later(texts_option(prefix + "ignore", {},
                             "tensors to leave out of those that stand among the backbone's: [\"decoder*\"]"),
                nlohmann::json::array())};
}

std::vector<Option> init_options() {
  std::vector<Option> out = weight_options(
      "init", "init_", "weights that pretraining starts from: safetensors, or .pth, .pt, .bin of torch.save");
  for (Option& option : out) option = later(option, option.fallback);
  return out;
}

WeightSource weight_source(const Settings& settings, const std::string& first, const std::string& prefix) {
  return {settings.text(first),
          {branch_from_name(settings.text(prefix + "take")), settings.text(prefix + "prefix")},
          settings.texts(prefix + "ignore")};
}

std::vector<std::string> load_weights(Backbone& backbone, const WeightSource& source) {
  return Loading(backbone, source).run();
}

}  // namespace sslbench
