// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/protocols/protocol.h"

namespace sslbench {

inline constexpr const char* kWithoutLeaks = "/without_leaks";

// The same metrics of the test images that are no near duplicates of pretraining images, as "NAME/without_leaks".
std::vector<Metric> without_leaks(std::vector<Metric> metrics);

// The numbers of those test images, of `count`; nothing where nobody asked (Subject::leaked).
std::optional<std::vector<int64_t>> images_without_leaks(const Subject& subject, const DatasetSpec& dataset,
                                                         int64_t count);
// Their places among the test images that serve a task (ImageSets::split).
std::optional<std::vector<int64_t>> places_without_leaks(const Subject& subject, const DatasetSpec& dataset,
                                                         const std::string& task);

}  // namespace sslbench
