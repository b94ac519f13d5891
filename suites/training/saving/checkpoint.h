// SPDX-License-Identifier: Apache-2.0
// Checkpoints of one stage: safetensors files <stage>-<step>.ckpt in the run's work folder, the two newest kept. A file
// says itself of which stage, settings and step it is, under a seal; its name only says in which order to look.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "methods/module.h"

namespace sslbench {

struct TensorFile;

class Checkpoints {
 public:
  // key: the stage's key, a hash of all that it depends on. `note` is told of every file that is set aside; may be
  // empty.
  Checkpoints(std::filesystem::path folder, std::string stage, std::string key,
              std::function<void(const std::string&)> note = {})
      : folder_(std::move(folder)), stage_(std::move(stage)), key_(std::move(key)), note_(std::move(note)) {}

  // Publishes all of `state` after `step` steps with `notes` (counters of the stage), then removes older ones but one.
  void save(const std::vector<NamedTensor>& state, int64_t step, const nlohmann::json& notes) const;

  struct Resume {
    int64_t step = 0;
    nlohmann::json notes;
  };
  // Copies the newest checkpoint that is whole and of this stage, of at most `steps` steps, into `state`; nothing when
  // there is none. One that is damaged, changed, under another step's name or of another run is set aside as *.corrupt,
  // and the one before is used.
  std::optional<Resume> load(const std::vector<NamedTensor>& state, int64_t steps) const;

  void remove_all() const;

 private:
  // Those whose name gives a step, and those with this stage's name whose rest is no number.
  struct Found {
    std::vector<std::pair<int64_t, std::filesystem::path>> newest_first;
    std::vector<std::filesystem::path> unnumbered;
  };
  Found find() const;
  std::string misfit(const TensorFile& file, int64_t named, int64_t steps) const;
  void set_aside_unnumbered(const std::vector<std::filesystem::path>& files) const;
  void set_aside(const std::filesystem::path& file, const std::string& why) const;

  std::filesystem::path folder_;
  std::string stage_, key_;
  std::function<void(const std::string&)> note_;
};

}  // namespace sslbench
