// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/mask_names.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

const std::set<std::string> kMaskWords{
    "mask",    "masks",   "segmentation", "segmentations", "seg",        "segm",        "label",
    "labels",  "gt",      "groundtruth",  "truth",         "annotation", "annot",       "annotations",
    "annots",  "ann",     "anno",         "trimap",        "matte",      "superpixels", "manual",
    "manual1", "manual2", "labelids",     "labelmap"};
const std::set<std::string> kImageWords{"image", "images", "img", "imgs", "input", "inputs", "rgb", "sat", "im"};
const std::set<std::string> kSureFolders{"masks", "segmentation", "segmentations", "seg",         "labels",
                                         "gt",    "groundtruth",  "truth",         "annotations", "annotation",
                                         "annot", "superpixels",  "trimaps",       "labelids"};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }

// Words of a name in lower case, apart where _ - . or blanks stand, or a capital follows a small letter or digit.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> out{""};
  for (size_t k = 0; k < name.size(); ++k) {
    if (std::string_view("_-. ").find(name[k]) != std::string_view::npos) {
      out.emplace_back();
      continue;
    }
    if (k > 0 && is_upper(name[k]) && !is_upper(name[k - 1])) out.emplace_back();
    out.back() += name[k];
  }
  std::erase(out, "");
  for (std::string& word : out) word = lower_case(std::move(word));
  // 0001mask, and ground truth as one word.
  for (size_t k = 0; k < out.size(); ++k) {
    const auto letters = std::find_if_not(out[k].begin(), out[k].end(), is_digit) - out[k].begin();
    const std::string behind = out[k].substr(static_cast<size_t>(letters));
    if (letters > 0 && kMaskWords.contains(behind)) {
      out[k].resize(static_cast<size_t>(letters));
      out.insert(out.begin() + static_cast<std::ptrdiff_t>(k) + 1, behind);
    }
    if (k + 1 < out.size() && out[k] == "ground" && out[k + 1] == "truth") {
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(k));
    }
  }
  return out;
}

// A picture's name as a mask's or as a picture's.
struct NameKey {
  bool mask = false, behind = false;  // a word for masks is there, and not as the first
  std::string whole;                  // the other words
  std::string before;                 // those before it: 0_mask_1 is of 0
};

NameKey key_of(const std::string& stem) {
  NameKey out;
  const std::vector<std::string> words = words_of(stem);
  for (size_t k = 0; k < words.size(); ++k) {
    const bool short_label = words[k] == "l" && k > 0 && k + 1 == words.size();
    if (kMaskWords.contains(words[k]) || short_label) {
      out.behind = out.mask ? out.behind : k > 0;
      out.mask = true;
    } else if (!kImageWords.contains(words[k])) {
      out.whole += " " + words[k];
      if (!out.mask) out.before += " " + words[k];
    }
  }
  return out;
}

std::string stem_of(const std::string& picture) { return fs::path(picture).stem().string(); }
std::string folder_of(const std::string& picture) { return fs::path(picture).parent_path().generic_string(); }
// Folders beside each other have one key.
std::string beside(const std::string& picture) { return fs::path(folder_of(picture)).parent_path().generic_string(); }

// The pictures that are no masks by their names, by place and key.
class Pictures {
 public:
  void add(const std::string& picture, const NameKey& key) {
    here_.emplace(std::pair(folder_of(picture), key.whole), picture);
    if (!key.whole.empty()) beside_.emplace(std::pair(beside(picture), key.whole), picture);
  }
  // What a mask is of; "": nothing.
  std::string owner(const std::string& mask, const NameKey& key) const {
    for (const std::string& name : {key.whole, key.before}) {
      if (const auto at = here_.find({folder_of(mask), name}); at != here_.end()) return at->second;
      if (folder_of(mask).empty() || !key.behind) continue;
      if (const auto at = beside_.find({beside(mask), name}); at != beside_.end()) return at->second;
    }
    return "";
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> here_, beside_;
};

}  // namespace

std::string why_masks_by_name(const std::vector<std::string>& pictures) {
  Pictures owners;
  std::vector<std::pair<std::string, NameKey>> masks;
  for (const std::string& picture : pictures) {
    NameKey key = key_of(stem_of(picture));
    if (key.mask) {
      masks.emplace_back(picture, std::move(key));
    } else {
      owners.add(picture, key);
    }
  }
  size_t count = 0;
  std::string first;
  for (const auto& [mask, key] : masks) {
    const std::string owner = owners.owner(mask, key);
    if (owner.empty()) continue;
    if (count++ == 0) first = "'" + mask + "' is the mask of '" + owner + "'";
  }
  constexpr size_t kFewest = 20;  // one in so many; fewer are chance
  if (count == 0 || kFewest * count < pictures.size()) return "";
  return first + " by its name" +
         (count > 1 ? ", and " + std::to_string(count - 1) + " more of the " + std::to_string(pictures.size()) +
                          " pictures are masks, too"
                    : "");
}

FolderName read_folder_name(const std::string& name) {
  FolderName out;
  for (const std::string& word : words_of(name)) {
    const FolderWord meant = kSureFolders.contains(word)  ? FolderWord::mask
                             : kMaskWords.contains(word)  ? FolderWord::perhaps_mask
                             : kImageWords.contains(word) ? FolderWord::image
                                                          : FolderWord::none;
    out.word = std::max(out.word, meant);
    if (meant == FolderWord::none) out.rest += " " + word;
  }
  return out;
}

bool names_pair_up(const std::vector<std::string>& masks, const std::vector<std::string>& pictures) {
  std::set<std::string> keys;
  const auto place = [](const std::string& picture, const std::string& key) { return folder_of(picture) + "/" + key; };
  for (const std::string& picture : pictures) keys.insert(place(picture, key_of(stem_of(picture)).whole));
  size_t paired = 0;
  for (const std::string& mask : masks) {
    const NameKey key = key_of(stem_of(mask));
    paired += keys.contains(place(mask, key.whole)) || (key.mask && keys.contains(place(mask, key.before)));
  }
  return !masks.empty() && 10 * paired >= 9 * masks.size();
}

}  // namespace sslbench
