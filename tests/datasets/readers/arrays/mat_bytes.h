// SPDX-License-Identifier: Apache-2.0
// .mat files of level 5 as MATLAB and SciPy write them.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/datasets/readers/arrays/npz_file.h"

namespace sslbench {

inline std::string mat_element(uint32_t type, const std::string& data) {
  std::string out = bytes_of<uint32_t>({type, static_cast<uint32_t>(data.size())}) + data;
  return out + std::string((8 - data.size() % 8) % 8, '\0');
}

// A matrix: `kind` is MATLAB's class (9: uint8, 6: double), `type` that of the stored numbers (2: uint8, 9: double).
inline std::string mat_matrix(const std::string& name, uint32_t kind, uint32_t type, const std::vector<int32_t>& sides,
                              const std::string& numbers) {
  return mat_element(14, mat_element(6, bytes_of<uint32_t>({kind, 0})) + mat_element(5, bytes_of(sides)) +
                             mat_element(1, name) + mat_element(type, numbers));
}

// As MATLAB stores it since version 7.
inline std::string mat_compressed(const std::string& element) {
  std::string out(compressBound(element.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(element.data()), element.size());
  out.resize(size);
  return bytes_of<uint32_t>({15, static_cast<uint32_t>(size)}) + out;
}

inline std::string mat_file(const std::string& elements) {
  std::string head = "MATLAB 5.0 MAT-file";
  head.resize(124, ' ');
  return head + std::string("\x00\x01IM", 4) + elements;
}

}  // namespace sslbench
