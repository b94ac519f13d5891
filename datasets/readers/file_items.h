// SPDX-License-Identifier: Apache-2.0
// Examples that are an image file each, with what an index says about them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/data_source.h"
#include "datasets/fault_counts.h"

namespace sslbench {

struct FileItem {
  std::string image;  // below the set's folder
  int32_t label = -1;
  std::vector<Box> boxes;         // in px of the decoded image
  int32_t height = 0, width = 0;  // as annotated; 0: nothing is said
  std::string mask;               // a file below the folder; "": none
  bool for_detection = true;      // boxes are annotated
};

// What the classes of a source are called.
struct ClassNames {
  std::vector<std::string> classes, mask_classes;  // mask_classes empty: the same
};

class FileItems : public DataSource {
 public:
  FileItems(std::filesystem::path folder, std::vector<FileItem> items, ClassNames names)
      : folder_(std::move(folder)), items_(std::move(items)), names_(std::move(names)) {}

  int64_t size() const override { return static_cast<int64_t>(items_.size()); }
  // Pictures are turned as their EXIF orientation says. An annotated size, or else that of the mask, which fits only
  // the picture before that means that boxes and masks were made on that one, so it is taken. RunFailure(data) when
  // image and annotated size, or image and mask, differ.
  Item item(int64_t i) const override;
  int32_t label(int64_t i) const override { return at(i).label; }
  const std::vector<std::string>& classes() const override { return names_.classes; }
  const std::vector<std::string>& mask_classes() const override {
    return names_.mask_classes.empty() ? names_.classes : names_.mask_classes;
  }
  std::string name(int64_t i) const override { return at(i).image; }
  StoredImage stored_image(int64_t i) const override;
  std::optional<Item> annotation(int64_t i, int32_t height, int32_t width) const override;
  std::filesystem::path file(int64_t i) const override { return folder_ / at(i).image; }
  std::vector<std::filesystem::path> files(int64_t i) const override;
  bool serves(int64_t i, std::string_view task) const override;

 protected:
  // What the programs do that a format is of.
  virtual bool turns_when_unsure() const { return true; }
  // Turns boxes that a format keeps relative to the image's size into px.
  virtual void place_boxes(int32_t /*height*/, int32_t /*width*/, std::vector<Box>&) const {}
  // The mask in a file of its own; empty where there is none.
  virtual Mask stored_mask(int64_t i) const;
  // Adds the mask that a format keeps elsewhere.
  virtual void complete(int64_t, Item&) const {}
  const FileItem& at(int64_t i) const { return items_.at(static_cast<size_t>(i)); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  bool turned(int64_t i, std::string_view bytes) const;

  std::filesystem::path folder_;
  std::vector<FileItem> items_;
  ClassNames names_;
};

// ASCII letters in lower case.
std::string lower_case(std::string text);

// Whether a file's name ends as pictures' do that are read (any case). Names that begin with '.' are none.
bool is_picture_name(const std::filesystem::path& file);

// All pictures below a folder as paths relative to it, sorted.
std::vector<std::string> pictures_below(const std::filesystem::path& folder);

// Names of the folders, or of the files, directly in a folder, sorted; hidden ones and __MACOSX left out.
std::vector<std::string> folders_in(const std::filesystem::path& folder);
std::vector<std::string> files_in(const std::filesystem::path& folder);

// The split that a word names: train, training, val, valid, validation, dev, test, testing (any case).
bool split_of_word(const std::string& word, Split& split);
// The same with a year behind it: train2017.
bool split_of_folder(const std::string& name, Split& split);

// Cuts a box to the image; false (and a counted fault) when it is none: no area, inverted, not finite, outside.
bool keep_box(Box& box, float width, float height, const std::string& where, FaultCounts& faults);

}  // namespace sslbench
