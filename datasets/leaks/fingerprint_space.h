// SPDX-License-Identifier: Apache-2.0
// Where fingerprints are compared: whitened, so that what most pictures have in common (sky above, ground below) says
// nothing and what few have says much.
#pragma once

#include <span>
#include <vector>

#include "datasets/leaks/structure_map.h"

namespace sslbench {

class FingerprintSpace {
 public:
  // Mean and covariance are those of `sample`, which must not be empty.
  explicit FingerprintSpace(std::span<const Fingerprint> sample);
  // A unit vector; the similarity of two pictures is the product of theirs.
  Fingerprint place(const Fingerprint& fingerprint) const;

 private:
  Fingerprint mean_{};
  std::vector<float> whiten_;  // inverse of the covariance's Cholesky factor, column by column
};

float similarity(const Fingerprint& a, const Fingerprint& b);

}  // namespace sslbench
