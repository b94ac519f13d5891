// SPDX-License-Identifier: Apache-2.0
// Pictures that a published set names in lists, one list a split: what the readers of such sets share.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "datasets/format.h"
#include "datasets/readers/file_items.h"

namespace sslbench {

// A picture and its class, as a line of a list says it.
struct ListedPicture {
  std::string image, class_name;
};
// RunFailure(data) on a line that is none; `line` counts from 1.
using ReadLine = std::function<ListedPicture(const std::string& text, const std::filesystem::path& list, int64_t line)>;

class ListedPictures {
 public:
  // RunFailure(data) when a class comes twice or there are fewer than two; `source`: where they are listed.
  ListedPictures(const FormatRequest& request, std::vector<std::string> classes, const std::filesystem::path& source);

  // Adds the pictures of `lists` (paths below the folder) as a split, when it is asked for. A picture that is missing
  // is a fault; a class that is not among the set's is RunFailure(data) naming list and line.
  void add(Split split, const std::vector<std::string>& lists, const ReadLine& read_line);

  // The same of train and of the published val, as the option of val_option() says.
  void add_train_and_val(const std::string& train, const std::string& val, const ReadLine& read_line);

  // Classes, splits and faults so far.
  FolderContent content() && { return std::move(out_); }

 private:
  const FormatRequest& request_;
  std::map<std::string, int32_t> number_;  // of a class
  FolderContent out_;
};

// "CLASS/FILE" as images/CLASS/FILE<ending>; `file` is what an error calls the second part.
ReadLine class_and_file(const std::string& file, const std::string& ending);

// The fields of a line between blanks.
std::vector<std::string> fields_of(const std::string& line);

// What `val` is: published figures mostly train on it, too.
Option val_option();

}  // namespace sslbench
