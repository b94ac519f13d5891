// SPDX-License-Identifier: Apache-2.0
// Checkpoints of one stage: safetensors files <stage>-<step>.ckpt in the run's work folder, the two newest kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "methods/module.h"

namespace sslbench {

class Checkpoints {
 public:
  // key: the stage's key; a checkpoint of another key is never loaded.
  Checkpoints(std::filesystem::path folder, std::string stage, std::string key)
      : folder_(std::move(folder)), stage_(std::move(stage)), key_(std::move(key)) {}

  // Publishes all of `state` after `step` steps with `notes` (counters of the stage), then removes older ones but one.
  void save(const std::vector<NamedTensor>& state, int64_t step, const nlohmann::json& notes) const;

  struct Resume {
    int64_t step = 0;
    nlohmann::json notes;
  };
  // Copies the newest checkpoint that is whole and of this key into `state`; nothing when there is none. A damaged one
  // is set aside as *.corrupt and the one before is used.
  std::optional<Resume> load(const std::vector<NamedTensor>& state) const;

  void remove_all() const;

 private:
  std::vector<std::pair<int64_t, std::filesystem::path>> newest_first() const;

  std::filesystem::path folder_;
  std::string stage_, key_;
};

}  // namespace sslbench
