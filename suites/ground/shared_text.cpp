// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/shared_text.h"

#include <functional>
#include <mutex>
#include <unordered_set>

namespace sslbench {
namespace {

struct Hash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

}  // namespace

const std::string* SharedText::kept(std::string_view text) {
  static std::mutex mutex;
  // Lives as long as the process, since threads may outlive static objects.
  static auto& texts = *new std::unordered_set<std::string, Hash, std::equal_to<>>();
  const std::scoped_lock lock(mutex);
  const auto found = texts.find(text);
  return &*(found != texts.end() ? found : texts.emplace(text).first);
}

}  // namespace sslbench
