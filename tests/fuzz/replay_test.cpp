// SPDX-License-Identifier: Apache-2.0
// A short, deterministic run of every fuzz target: its seeds are accepted, and mutations of them are read or refused.
// The long run is scripts/fuzz.
#include <gtest/gtest.h>

#include <algorithm>

#include "suites/ground/random.h"
#include "tests/fuzz/target.h"

namespace sslbench {
namespace {

constexpr uint32_t kMutations = 150;

// Flips, cuts, doubles and overwrites at places drawn from (seed, k).
std::string mutated(std::string bytes, uint32_t seed, uint32_t k) {
  RandomStream random(seed, RandomUse::render, 0, k);
  for (uint32_t steps = 1 + random.below(4); steps > 0 && !bytes.empty(); --steps) {
    const size_t at = random.below(static_cast<uint32_t>(bytes.size()));
    const size_t length = std::min<size_t>(1 + random.below(16), bytes.size() - at);
    switch (random.below(6)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); break;
      case 1: bytes[at] = static_cast<char>(random.bits()); break;
      case 2: bytes.resize(at); break;
      case 3: bytes.insert(at, bytes.substr(at, length)); break;
      case 4: bytes.erase(at, length); break;
      case 5:
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), length, random.below(2) == 0 ? '\xff' : '\0');
        break;
    }
  }
  return bytes;
}

TEST(FuzzReplayTest, SeedsAndTheirMutationsAreReadOrRefused) {
  ASSERT_GE(Registry<FuzzTarget>::all().size(), 29u);
  for (const auto& [name, target] : Registry<FuzzTarget>::all()) {
    const std::vector<std::string> seeds = target.seeds();
    ASSERT_FALSE(seeds.empty()) << name;
    run_target(target, "");
    for (uint32_t s = 0; s < seeds.size(); ++s) {
      run_target(target, seeds[s]);
      for (uint32_t k = 0; k < kMutations; ++k) {
        SCOPED_TRACE(name + " seed " + std::to_string(s) + " mutation " + std::to_string(k));
        EXPECT_NO_THROW(run_target(target, mutated(seeds[s], s, k)));
      }
    }
  }
}

// Fault matrix: 38
TEST(FuzzReplayTest, ImagesCutAtEveryByteAreRefusedOrRead) {
  const FuzzTarget& target = Registry<FuzzTarget>::find("image");
  for (const std::string& seed : target.seeds()) {
    for (size_t length = 0; length < seed.size(); ++length) {
      const bool refused = run_target(target, std::string_view(seed).substr(0, length));
      EXPECT_TRUE(refused || length + 12 >= seed.size()) << length << " of " << seed.size();
    }
  }
}

}  // namespace
}  // namespace sslbench
