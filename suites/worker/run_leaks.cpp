// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_leaks.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/sha256.h"
#include "suites/worker/log/log.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kSearchVersion = 1;  // changes whenever other pairs are found
constexpr size_t kMostBytes = size_t{1} << 30;

json named(const DatasetSpec& set) { return {{"name", set.name}, {"settings", set.settings}, {"digest", set.digest}}; }

json question_of(const RunSpec& spec, const DatasetSpec& test_set) {
  return {{"search", kSearchVersion}, {"train", named(spec.dataset)}, {"test", named(test_set)}};
}

// What an earlier run found; none where there is no such file, or one that is no answer to this question.
std::optional<std::vector<NearDuplicate>> found_earlier(const fs::path& file, const json& question, int64_t train,
                                                        int64_t test) {
  std::error_code none;
  if (!fs::exists(file, none)) return std::nullopt;
  const json stored = json::parse(read_regular_file(file, kMostBytes), nullptr, /*allow_exceptions=*/false);
  if (!stored.is_object() || stored.value("question", json()) != question) return std::nullopt;
  std::vector<NearDuplicate> out;
  try {
    for (const json& each : stored.at("pairs")) {
      const NearDuplicate pair{each.at(0).get<int64_t>(), each.at(1).get<int64_t>(), each.at(2).get<double>()};
      const bool ascending = out.empty() || out.back().test < pair.test;
      if (!ascending || pair.test < 0 || pair.test >= test || pair.train < 0 || pair.train >= train) {
        return std::nullopt;
      }
      out.push_back(pair);
    }
  } catch (const json::exception&) {  // another layout
    return std::nullopt;
  }
  return out;
}

std::string text_of(const json& question, const std::vector<NearDuplicate>& pairs) {
  json out = {{"question", question}, {"pairs", json::array()}};
  for (const NearDuplicate& pair : pairs) out["pairs"].push_back({pair.test, pair.train, pair.similarity});
  return out.dump() + "\n";
}

}  // namespace

const LeakedImages& RunLeaks::of(const DatasetSpec& test_set) {
  const json question = question_of(spec_, test_set);
  const std::string key = sha256_hex(question.dump()).substr(0, 16);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const ImageSet& train = *data_.split(spec_.dataset, Split::train).images;
  const ImageSet& test = *data_.split(test_set, Split::test).images;
  const fs::path file = spec_.out / "work" / ("leaks-" + key + ".json");
  auto pairs = found_earlier(file, question, train.size(), test.size());
  if (!pairs) {
    log_info("looking for test images of " + test_set.name + " among " + std::to_string(train.size()) +
             " pretraining images");
    pairs = near_duplicates(train, test, search_);
    search_.progress(0, 0);
    write_atomically(file, text_of(question, *pairs));
  }
  return known_[key] = {std::move(*pairs), &train};
}

}  // namespace sslbench
