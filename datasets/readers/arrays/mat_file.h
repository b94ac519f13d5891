// SPDX-License-Identifier: Apache-2.0
// MATLAB's .mat files of level 5 (version 5 to 7), as SVHN and Flowers-102 are published. Format: MathWorks, "MAT-File
// Format": a head of 128 bytes, then elements of a tag (type, bytes) and data; an array is an element of elements.
#pragma once

#include "datasets/readers/arrays/stored_array.h"

namespace sslbench {

// Matrices of real numbers called one of `wanted`, as the file stores them: MATLAB's first side varies fastest, so the
// sides come in reverse order. BadArrays on files of other versions, damage, and what claims more than it holds.
StoredArrays read_mat_file(const std::filesystem::path& file, const std::vector<std::string>& wanted);

// Integers that MATLAB may have stored as any kind of number. BadArrays when one is no integer of at most 32 bits.
std::vector<int32_t> integers_of(const std::string& name, const StoredArray& array);

}  // namespace sslbench
