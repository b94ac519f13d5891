// SPDX-License-Identifier: Apache-2.0
// Which pictures are masks of others, as names of files and folders tell: a0_mask.png beside a0.jpg.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

// Why pictures, as paths below a set's folder, are partly masks of the others by their names: they are called as these,
// with a word for masks before or behind, in the same folder or behind in one beside it. "" when fewer than one in
// twenty are.
std::string why_masks_by_name(const std::vector<std::string>& pictures);

// How a folder's name speaks: of masks, or perhaps (a class may be called so); of what masks are for. `rest`: its other
// words.
enum class FolderWord { none, image, perhaps_mask, mask };
struct FolderName {
  FolderWord word = FolderWord::none;
  std::string rest;
  bool masks() const { return word == FolderWord::mask || word == FolderWord::perhaps_mask; }
};
FolderName read_folder_name(const std::string& name);

// Whether nearly all pictures of one folder are called as a picture of the other, words for masks and images aside.
bool names_pair_up(const std::vector<std::string>& masks, const std::vector<std::string>& pictures);

}  // namespace sslbench
