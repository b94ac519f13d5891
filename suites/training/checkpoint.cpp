// SPDX-License-Identifier: Apache-2.0
#include "suites/training/checkpoint.h"

#include <algorithm>
#include <system_error>

#include "datasets/batches/aten.h"
#include "methods/safetensors.h"
#include "suites/spec/error.h"
#include "suites/spec/foreign_json.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema = "sslbench.checkpoint/1";

}  // namespace

void Checkpoints::save(const std::vector<NamedTensor>& state, int64_t step, const nlohmann::json& notes) const {
  TensorFile content{state,
                     {{"schema", kSchema}, {"key", key_}, {"step", std::to_string(step)}, {"notes", notes.dump()}}};
  write_safetensors(content, folder_ / (stage_ + "-" + std::to_string(step) + ".ckpt"));
  const auto found = newest_first();
  for (size_t i = 2; i < found.size(); ++i) {
    std::error_code ignored;
    fs::remove(found[i].second, ignored);
  }
}

std::optional<Checkpoints::Resume> Checkpoints::load(const std::vector<NamedTensor>& state) const {
  for (const auto& [step, path] : newest_first()) {
    TensorFile file;
    try {
      file = read_safetensors(path);
    } catch (const RunFailure&) {
      std::error_code ignored;
      fs::rename(path, path.string() + ".corrupt", ignored);
      continue;
    }
    if (file.metadata["schema"] != kSchema || file.metadata["key"] != key_) continue;
    if (!copy_tensors(file.tensors, state).empty()) continue;
    return Resume{step, parse_foreign_json(file.metadata["notes"])};
  }
  return std::nullopt;
}

void Checkpoints::remove_all() const {
  for (const auto& [step, path] : newest_first()) {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
}

std::vector<std::pair<int64_t, fs::path>> Checkpoints::newest_first() const {
  std::vector<std::pair<int64_t, fs::path>> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(stage_ + "-") || entry.path().extension() != ".ckpt") continue;
    const std::string digits = entry.path().stem().string().substr(stage_.size() + 1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) continue;
    out.emplace_back(std::stoll(digits), entry.path());
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  return out;
}

}  // namespace sslbench
