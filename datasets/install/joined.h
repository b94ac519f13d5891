// SPDX-License-Identifier: Apache-2.0
// Several sets as one, "pets+extra": the examples of the first, then those of the second, and so on.
#pragma once

#include <string>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

// Known by `name`, opened below the folder that the request's lies in. Offers classification where every part does,
// and no more: boxes and masks of different sets say different things of a picture. Mean and deviation are those of all
// pixels when every part has as many pictures of one size.
DatasetEntry joined_entry(const std::string& name, const std::vector<DatasetEntry>& parts);

}  // namespace sslbench
