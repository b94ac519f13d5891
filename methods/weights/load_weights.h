// SPDX-License-Identifier: Apache-2.0
// A backbone's weights from a file of others (weight_file.h), whatever they are called there (weight_group.h,
// weight_layout.h).
#pragma once

#include <string>
#include <vector>

#include "methods/backbone.h"
#include "methods/weights/weight_group.h"

namespace sslbench {

struct WeightSource {
  std::string file;
  WeightWish wish;
  // Patterns of the shell (fnmatch) of names that are left out though they stand among the backbone's.
  std::vector<std::string> ignore;
};

// Options of whatever takes weights: <first>, <prefix>prefix, <prefix>take, <prefix>ignore; `first` is the file's.
std::vector<Option> weight_options(const std::string& first, const std::string& prefix, const std::string& help);
// `init`, `init_prefix`, ...: of the table `pretrain`.
std::vector<Option> init_options();
WeightSource weight_source(const Settings& settings, const std::string& first, const std::string& prefix);

// Copies everything that the backbone needs, or nothing: UserError that names the file, what it lacks or has too much
// of, and the setting to look at. Heads are left out. What the file says of
// its images becomes the backbone's input_facts(). Returns what a reader of the record must know: where the weights
// were found, what was converted, resized, left out.
std::vector<std::string> load_weights(Backbone& backbone, const WeightSource& source);

}  // namespace sslbench
