// SPDX-License-Identifier: Apache-2.0
#include "suites/training/saving/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "methods/safetensors.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/sha256.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema = "sslbench.checkpoint/2";
constexpr const char* kSeal = "seal";

// SHA-256 over all that a file says besides the tensors' bytes, which have a checksum of their own ("sha256").
std::string seal_of(const TensorFile& file) {
  Sha256 hash;
  const auto add = [&](const std::string& text) { hash.update(std::to_string(text.size()) + ":" + text); };
  for (const auto& [name, value] : file.metadata) {
    if (name == kSeal || name == "sha256") continue;
    add(name), add(value);
  }
  for (const auto& [name, tensor] : file.tensors) {
    add(name), add(c10::toString(tensor.scalar_type()));
    for (const int64_t side : tensor.sizes()) add(std::to_string(side));
    add("");
  }
  return hash.hex();
}

// The number that a text is as a whole, if it is one that is not negative.
std::optional<int64_t> step_from(const std::string& text) {
  int64_t step = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
  if (error != std::errc() || end != text.data() + text.size() || step < 0) return std::nullopt;
  return step;
}

}  // namespace

void Checkpoints::save(const std::vector<NamedTensor>& state, int64_t step, const nlohmann::json& notes) const {
  TensorFile content{state,
                     {{"schema", kSchema},
                      {"stage", stage_},
                      {"key", key_},
                      {"step", std::to_string(step)},
                      {"notes", notes.dump()},
                      {"format", "pt"}}};
  content.metadata[kSeal] = seal_of(content);
  write_safetensors(content, folder_ / (stage_ + "-" + std::to_string(step) + ".ckpt"));
  const auto found = find().newest_first;
  for (size_t i = 2; i < found.size(); ++i) {
    std::error_code ignored;
    fs::remove(found[i].second, ignored);
  }
}

// Why a whole file is not the checkpoint that its name says, or "".
std::string Checkpoints::misfit(const TensorFile& file, int64_t named, int64_t steps) const {
  const auto said = [&](const char* name) {
    const auto found = file.metadata.find(name);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  if (said("schema") != kSchema) return "it is of the schema '" + said("schema") + "', this program reads " + kSchema;
  if (said(kSeal) != seal_of(file)) return "it was changed: its seal does not match";
  if (!file.metadata.contains("sha256")) return "it was changed: the checksum of its tensors is missing";
  if (said("key") != key_ || said("stage") != stage_) return "it is of another run, stage or settings";
  if (said("step") != std::to_string(named))
    return "its name says step " + std::to_string(named) + ", it is of step " + said("step");
  if (named > steps) return "it is of step " + said("step") + ", this training has " + std::to_string(steps);
  return "";
}

std::optional<Checkpoints::Resume> Checkpoints::load(const std::vector<NamedTensor>& state, int64_t steps) const {
  const Found found = find();
  set_aside_unnumbered(found.unnumbered);
  for (const auto& [step, path] : found.newest_first) {
    std::string why;
    try {
      TensorFile file = read_safetensors(path);
      why = misfit(file, step, steps);
      if (why.empty()) {
        Resume resume{step, parse_foreign_json(file.metadata["notes"])};  // first: what is refused leaves `state` alone
        why = copy_tensors(file.tensors, state);
        if (why.empty()) return resume;
      }
    } catch (const RunFailure& damage) {
      why = damage.what();
    } catch (const nlohmann::json::exception&) {
      why = "its notes are not JSON";
    }
    set_aside(path, why);
  }
  return std::nullopt;
}

// A file of another stage whose name begins alike ("det" and "det-2") has that stage's key, and is left alone.
void Checkpoints::set_aside_unnumbered(const std::vector<fs::path>& files) const {
  for (const fs::path& path : files) {
    try {
      const TensorFile file = read_safetensors(path);
      const auto key = file.metadata.find("key");
      if (key != file.metadata.end() && key->second != key_) continue;
    } catch (const RunFailure&) {
    }
    set_aside(path, "its name says no step");
  }
}

void Checkpoints::set_aside(const fs::path& file, const std::string& why) const {
  std::error_code failed;
  fs::rename(file, file.string() + ".corrupt", failed);
  if (note_)
    note_("the checkpoint " + file.filename().string() + " was not used" + (failed ? "" : " and set aside") + ": " +
          why);
}

void Checkpoints::remove_all() const {
  for (const auto& [step, path] : find().newest_first) {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
}

Checkpoints::Found Checkpoints::find() const {
  Found out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(stage_ + "-") || entry.path().extension() != ".ckpt") continue;
    if (const auto step = step_from(entry.path().stem().string().substr(stage_.size() + 1))) {
      out.newest_first.emplace_back(*step, entry.path());
    } else {
      out.unnumbered.push_back(entry.path());
    }
  }
  std::sort(out.newest_first.begin(), out.newest_first.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
  return out;
}

}  // namespace sslbench
