// SPDX-License-Identifier: Apache-2.0
// What methods/autoencoder.cpp and denoising_autoencoder.cpp share: they differ in their noise by default.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/method.h"

namespace sslbench::autoencoder {

std::unique_ptr<Method> make(MethodRequest request);

// `noise`: the default of the option of that name.
std::vector<Option> options(const std::string& noise);

nlohmann::json presets();

}  // namespace sslbench::autoencoder
