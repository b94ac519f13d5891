// SPDX-License-Identifier: Apache-2.0
// What a backbone is worth at one moment of its training, by measures that cost little and read no test image: for
// curves during pretraining (pretrain.evaluate_every) and for the same weights later (protocol "value").
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "suites/protocols/protocol.h"

namespace sslbench {

// The training images that are looked at: the same ones in every run on a set, in random order. The last third of them
// asks, the others answer; at most 3,000.
std::unique_ptr<ImageSet> value_images(const ImageSet& train);

std::vector<Metric> value_metrics();

// Each of value_metrics() that is defined, of features of value_images(). Shapes: N images, D features.
std::vector<std::pair<std::string, double>> value_point(const Features& features, int64_t classes);

// How many of so many images ask.
int64_t asking_images(int64_t count);

}  // namespace sslbench
