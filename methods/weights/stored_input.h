// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "methods/backbone.h"

namespace sslbench {

// What the metadata of a weights file say of the images that the weights were trained on: `input` as files of ours have
// it, or timm's pretrained_cfg, or its mean, std and input_size by themselves. Nothing known where it cannot be read.
InputFacts stored_input(const std::map<std::string, std::string>& metadata);

}  // namespace sslbench
