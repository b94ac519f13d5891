// SPDX-License-Identifier: Apache-2.0
// A trained network that another one learns from: frozen, in evaluation mode, from a file that the options name.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/method.h"
#include "methods/teachers/pooled_and_map.h"

namespace sslbench {

inline constexpr const char* kTeacherOption = "teacher";  // of its file

// That option and what belongs to it: teacher_prefix, teacher_take, teacher_ignore, teacher_backbone, teacher_settings,
// without_file.
std::vector<Option> teacher_options();

// Register it as a child: it moves with its owner, and is no part of its state. What it computes follows from its file
// (whose digest is in the run's id), or from the seed.
class FrozenTeacher final : public Module {
 public:
  // UserError that names the file, the option to look at and what to do.
  explicit FrozenTeacher(const MethodRequest& request);

  // Without gradient.
  PooledAndMap operator()(const Tensor& x_NCHW, bool with_map) const;
  int64_t width() const { return network_->width(); }
  int64_t map_channels() const { return network_->levels().back().channels; }
  const InputFacts& input_facts() const { return network_->input_facts(); }
  // What a reader of the record must know of it, a line each.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::unique_ptr<Backbone> made(const MethodRequest& request);

  std::vector<std::string> notes_;
  std::unique_ptr<Backbone> network_;
  bool on_processor_;  // wherever the run is
};

}  // namespace sslbench
