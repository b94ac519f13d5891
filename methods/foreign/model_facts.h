// SPDX-License-Identifier: Apache-2.0
// What scripts/export-model writes beside a model: how it is to be fed, what comes out, and an example of both.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "methods/backbone.h"

namespace sslbench {

// Of a map [N, C, h, w], flattened, every `every`-th value.
struct ExampleMap {
  std::vector<int64_t> shape;
  int64_t every = 1;
  std::vector<float> values;
};

// Images [N, H, W, 3] in bytes, and what the model makes of them after normalisation.
struct ModelExample {
  int64_t images = 0, height = 0, width = 0;
  std::vector<uint8_t> pixels;
  std::vector<float> features;  // [N, width]
  std::vector<ExampleMap> maps;
};

struct ModelFacts {
  std::string file;                          // that they stand in
  std::string call;                          // the Python that built the model
  std::string weights;                       // "published", "random" or "its own"
  std::string libraries;                     // "timm 1.0.31, torch 2.11.0"
  int64_t size = 0;                          // px, side of the images that it was written for
  int64_t step = 0;                          // sides may also be other multiples of this; 0: no other side
  std::array<float, 3> mean{}, deviation{};  // of the normalisation, of pixels in [0, 1]
  int64_t width = 0;
  std::vector<MapLevel> maps;
  std::string prefix;  // what stands before the network's own names in the file's
  ModelExample example;
};

// UserError that names `file` and what is missing or does not fit.
ModelFacts model_facts(const std::string& text, const std::string& file);

}  // namespace sslbench
