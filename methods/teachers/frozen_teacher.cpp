// SPDX-License-Identifier: Apache-2.0
#include "methods/teachers/frozen_teacher.h"

#include "methods/foreign/model_file.h"
#include "methods/weights/load_weights.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& why) { throw UserError("teacher: " + why); }

// ["dim = 384", "names = authors"] -> {"dim": 384, "names": "authors"}.
json settings_of(const std::vector<std::string>& lines) {
  const auto trimmed = [](const std::string& text) {
    const size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
  };
  json out = json::object();
  for (const std::string& line : lines) {
    const size_t equals = line.find('=');
    const std::string name = equals == std::string::npos ? "" : trimmed(line.substr(0, equals));
    if (name.empty()) refuse("teacher_settings: expected texts like \"patch_size = 14\", got " + short_value(line));
    const std::string value = trimmed(line.substr(equals + 1));
    const json read = json::parse(value, nullptr, /*allow_exceptions=*/false);
    out[name] = read.is_number() || read.is_boolean() || read.is_string() ? read : json(value);
  }
  return out;
}

void expect_no_weight_options(const std::string& file, const WeightSource& source, const Settings& settings) {
  const bool plain = source.wish.prefix.empty() && source.ignore.empty() && settings.text("teacher_take") == "any";
  if (plain && settings.text("teacher_backbone").empty() && settings.texts("teacher_settings").empty()) return;
  refuse(file +
         ": a model that scripts/export-model wrote brings its own network; leave out teacher_backbone, "
         "teacher_settings, teacher_prefix, teacher_take and teacher_ignore");
}

// A network whose weights lie in the teacher's file, or are those that it starts with.
std::unique_ptr<Backbone> network_of(const MethodRequest& request) {
  const std::string name = request.settings.text("teacher_backbone");
  const json given = settings_of(request.settings.texts("teacher_settings"));
  if (name.empty() && !given.empty()) refuse("teacher_settings are of a teacher_backbone; name it");
  if (name.empty()) return request.twin();
  if (Registry<BackboneEntry>::find(name).prove) {
    refuse("teacher_backbone = \"" + name +
           "\" is read from a file: write teacher = \"FILE.pt2\" or \"FILE.ts\" alone");
  }
  return make_backbone(name, given, request.generator);
}

}  // namespace

std::vector<Option> teacher_options() {
  return joined(
      {weight_options(
           kTeacherOption, "teacher_",
           "the teacher's file: .pt2 or .ts of scripts/export-model; or weights by name, safetensors or .pth, "
           ".pt, .bin of torch.save"),
       {text_option("teacher_backbone", "", "the network that weights by name are of; \"\" = the row's own backbone"),
        texts_option("teacher_settings", {}, "settings of teacher_backbone: [\"patch_size = 14\", \"pooling = mean\"]"),
        choice_option("without_file", "refuse", {"refuse", "initial"},
                      "a row that names no teacher: a mistake, or a network as it starts, which teaches no more than "
                      "its random features: what a trained teacher must beat")}});
}

std::unique_ptr<Backbone> FrozenTeacher::made(const MethodRequest& request) {
  const WeightSource source = weight_source(request.settings, kTeacherOption, "teacher_");
  const bool refuses = request.settings.text("without_file") == "refuse";
  if (const std::string kind = kind_of_model_file(source.file); !kind.empty()) {
    expect_no_weight_options(source.file, source, request.settings);
    auto out = make_backbone(kind, {{"file", source.file}}, request.generator);
    for (const std::string& note : out->notes()) notes_.push_back("teacher: " + note);
    return out;
  }
  auto out = network_of(request);
  if (out->stored_features() != nullptr) refuse("imported features cannot be computed for views; take the network");
  if (!source.file.empty()) {
    try {
      for (const std::string& note : load_weights(*out, source)) notes_.push_back("teacher: " + note);
    } catch (const UserError& error) {
      refuse(error.what());
    }
  } else if (refuses) {
    refuse(
        "which one? Set teacher = \"FILE\" (.pt2 or .ts of scripts/export-model, or weights by name), and "
        "teacher_backbone = \"NAME\" where weights are not of the row's own network");
  } else {
    notes_.emplace_back("teacher: no file; a network as it starts, frozen");
  }
  return out;
}

FrozenTeacher::FrozenTeacher(const MethodRequest& request)
    : network_(made(request)), on_processor_(!network_->takes_gradients()) {
  network_->freeze();
  network_->train(false);
  // Constants move with the owner and are no state; the network is no child, whose parameters would be.
  for (const auto& [name, tensor] : network_->state()) add_constant(name, tensor);
  for (const auto& [name, tensor] : network_->constants()) add_constant(name, tensor);
}

PooledAndMap FrozenTeacher::operator()(const Tensor& x_NCHW, bool with_map) const {
  if (on_processor_ && !x_NCHW.device().is_cpu()) {
    refuse("a .pt2 file computes on the processor only, and this run is on a GPU; write the model as .ts");
  }
  const at::NoGradGuard no_grad;
  return pooled_and_map(*network_, x_NCHW, with_map);
}

}  // namespace sslbench
