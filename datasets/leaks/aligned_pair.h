// SPDX-License-Identifier: Apache-2.0
// Two pictures of which one may show a part of the other.
#pragma once

#include <cstddef>
#include <vector>

#include "datasets/leaks/fingerprint_space.h"

namespace sslbench {

// The whole first, then parts of 0.92 and of 0.84 of both sides.
const std::vector<Window>& search_windows();

// Which of the search's windows of which picture shows what the whole other one shows, mirrored or not.
struct Alignment {
  size_t window = 0;
  bool of_train = true;
  bool mirrored = false;
};

// The similarity at the best window about the one given, of any shape between 0.7 and 1 of both sides.
float best_similarity(const FingerprintSpace& space, const StructureMap& test, const StructureMap& train,
                      const Alignment& about);

// From which similarity on a pair is called near duplicates. Pictures of a small thing on plain ground are alike in
// most of their cells, and must be alike in more.
float least_similarity(const StructureMap& test, const StructureMap& train);

}  // namespace sslbench
