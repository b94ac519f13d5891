// SPDX-License-Identifier: Apache-2.0
// Which test images of a run its pretraining has seen: searched for once a results folder, by whichever run comes
// first.
#pragma once

#include <map>
#include <string>

#include "datasets/leaks/leaked_images.h"
#include "suites/plan/run_spec.h"
#include "suites/protocols/parts/image_sets.h"

namespace sslbench {

class RunLeaks {
 public:
  // `search`: who is asked and told while it goes on. Whichever stage asks first is the one that searches; `progress`
  // is told (0, 0) at the end, since what follows is that stage's own.
  RunLeaks(const RunSpec& spec, ImageSets& data, DuplicateSearch search)
      : spec_(spec), data_(data), search_(std::move(search)) {}
  // RunFailure(data) when an image is corrupt.
  const LeakedImages& of(const DatasetSpec& test_set);

 private:
  const RunSpec& spec_;
  ImageSets& data_;
  DuplicateSearch search_;
  std::map<std::string, LeakedImages> known_;
};

}  // namespace sslbench
