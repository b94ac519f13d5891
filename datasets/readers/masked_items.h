// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "datasets/readers/file_items.h"
#include "datasets/readers/mask_classes.h"

namespace sslbench {

// Pictures with a mask each, whose numbers or colours mean what `meaning` says.
class MaskedItems : public FileItems {
 public:
  MaskedItems(std::filesystem::path folder, std::vector<FileItem> items, MaskClasses meaning)
      : FileItems(std::move(folder), std::move(items), {meaning.names, {}}), meaning_(std::move(meaning)) {}

 protected:
  Mask stored_mask(int64_t i) const override { return read_class_mask(folder() / at(i).mask, meaning_); }

 private:
  MaskClasses meaning_;
};

}  // namespace sslbench
