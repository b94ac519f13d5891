// SPDX-License-Identifier: Apache-2.0
// Which test images of a run its pretraining has seen: searched for once a results folder, by whichever run comes
// first.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "datasets/leaks/leaked_images.h"
#include "suites/plan/run_spec.h"
#include "suites/protocols/parts/image_sets.h"

namespace sslbench {

class RunLeaks {
 public:
  // `between` is called often; what it throws ends the search.
  RunLeaks(const RunSpec& spec, ImageSets& data, std::function<void()> between)
      : spec_(spec), data_(data), between_(std::move(between)) {}
  // RunFailure(data) when an image is corrupt.
  const LeakedImages& of(const DatasetSpec& test_set);

 private:
  const RunSpec& spec_;
  ImageSets& data_;
  std::function<void()> between_;
  std::map<std::string, LeakedImages> known_;
};

}  // namespace sslbench
