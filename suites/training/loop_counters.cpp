// SPDX-License-Identifier: Apache-2.0
#include "suites/training/loop_counters.h"

#include <algorithm>
#include <string>

namespace sslbench {

nlohmann::json LoopCounters::notes() const {
  nlohmann::json hash_notes = nlohmann::json::object();
  for (const StateHash& hash : hashes) hash_notes[std::to_string(hash.step)] = hash.state;
  return {{"images", images},
          {"loss", loss},
          {"embedding_std", embedding_std},
          {"windows", windows},
          {"phases", {{"steps", phases.steps}, {"images", phases.images}, {"seconds", phases.seconds}}},
          {"operations_an_image", operations_an_image},
          {"cost",
           {{"wall", cost.wall_seconds},
            {"cpu", cost.cpu_seconds},
            {"process", cost.peak_process_bytes},
            {"tensors", cost.peak_tensor_bytes},
            {"device", cost.peak_device_bytes},
            {"energy", cost.energy_joules}}},
          {"hashes", hash_notes},
          {"ranks", ranks}};
}

LoopCounters LoopCounters::from(int64_t step, const nlohmann::json& notes) {
  const auto& cost = notes.at("cost");
  LoopCounters out{.step = step,
                   .images = notes.at("images"),
                   .loss = notes.at("loss"),
                   .embedding_std = notes.at("embedding_std"),
                   .windows = notes.at("windows"),
                   .phases = {},
                   .operations_an_image = notes.value("operations_an_image", 0.0),
                   .cost = {cost.at("wall"), cost.at("cpu"), cost.at("process"), cost.at("tensors"), cost.at("device"),
                            cost.at("energy")},
                   .hashes = {},
                   .ranks = notes.value("ranks", int64_t{1})};
  const auto phases = notes.find("phases");
  if (phases != notes.end() && phases->contains("images")) {  // older programs counted none
    out.phases = {phases->at("steps"), phases->at("images"), phases->at("seconds")};
  }
  for (const auto& [at, hash] : notes.at("hashes").items()) out.hashes.push_back({std::stoll(at), hash});
  std::sort(out.hashes.begin(), out.hashes.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
  return out;
}

}  // namespace sslbench
