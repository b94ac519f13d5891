// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {

inline constexpr const char* kCifarFiles[] = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                              "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};

// Records of those labels; the pixels of record i are all i.
inline std::string cifar_bytes(const std::vector<int>& labels) {
  std::string out;
  for (size_t i = 0; i < labels.size(); ++i) {
    out += static_cast<char>(labels[i]);
    out += std::string(3072, static_cast<char>(i));
  }
  return out;
}

// A whole cifar10 folder of `records` records a file; record i has label i mod 10.
inline void write_cifar_folder(const ScratchFolder& folder, int records, const std::string& under = "") {
  std::vector<int> labels;
  for (int i = 0; i < records; ++i) labels.push_back(i % 10);
  for (const char* name : kCifarFiles) folder.write(under + name, cifar_bytes(labels));
  folder.write(under + "batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
}

}  // namespace sslbench
