// SPDX-License-Identifier: Apache-2.0
// Files of a set that its format does not read: labels must not get lost without a word.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/format.h"

namespace sslbench {

// Why pictures below a folder are masks of others ("" when they need not be): names of files, names or contents of
// folders, down to those within the folders of a split or class.
std::string why_masks(const std::filesystem::path& folder);

// Whether files below a folder annotate parts of its pictures: boxes or shapes in XML, JSON or YOLO's text.
bool holds_boxes(const std::filesystem::path& folder);

// For a format that reads pictures alone: UserError that names annotations and masks below `folder`, if there are any.
void refuse_unread_annotations(const std::filesystem::path& folder, const std::filesystem::path& shown);

// What a folder holds that is known, though no format reads it: "" or "x.pt is a file of torch.save, ...".
std::string unread_content(const std::filesystem::path& folder);

// Counts as faults the files of a folder that are neither of an example nor accounted for.
void count_unread(const std::filesystem::path& folder, FolderContent& content);

// All files below a folder as paths relative to it, sorted; hidden ones and litter left out.
std::vector<std::string> visible_files(const std::filesystem::path& folder);

}  // namespace sslbench
