// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/listed_pictures.h"

#include <sstream>

#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"

namespace sslbench {

namespace fs = std::filesystem;

ListedPictures::ListedPictures(const FormatRequest& request, std::vector<std::string> classes, const fs::path& source)
    : request_(request) {
  for (const std::string& name : classes) {
    if (!number_.emplace(name, static_cast<int32_t>(number_.size())).second) {
      throw_bad_data(source, "names the class '" + name + "' twice");
    }
  }
  if (classes.size() < 2) throw_bad_data(source, "names " + std::to_string(classes.size()) + " classes");
  out_.classes = std::move(classes);
  out_.tasks = {"classification"};
}

void ListedPictures::add(Split split, const std::vector<std::string>& lists, const ReadLine& read_line) {
  out_.present.insert(split);
  if (!request_.wants(split)) return;
  std::vector<FileItem> items;
  for (const std::string& name : lists) {
    const fs::path list = request_.folder / name;
    int64_t line = 0;
    for (const std::string& text : read_data_lines(list)) {
      const ListedPicture picture = read_line(text, list, ++line);
      const auto label = number_.find(picture.class_name);
      if (label == number_.end()) {
        throw_bad_data(
            list, "line " + std::to_string(line) + ": the class '" + picture.class_name + "' is not among the set's");
      }
      const std::string image = path_under("", picture.image, list).generic_string();
      if (has_file(request_.folder / image)) {
        items.push_back({.image = image, .label = label->second});
      } else {
        out_.faults.add("images that are named but missing", image);
      }
    }
  }
  out_.add(split, std::make_shared<FileItems>(request_.folder, std::move(items), ClassNames{out_.classes, {}}));
}

void ListedPictures::add_train_and_val(const std::string& train, const std::string& val, const ReadLine& read_line) {
  if (request_.settings.text("val") == "apart") {
    add(Split::train, {train}, read_line);
    add(Split::val, {val}, read_line);
  } else {
    add(Split::train, {train, val}, read_line);
  }
}

ReadLine class_and_file(const std::string& file, const std::string& ending) {
  return [file, ending](const std::string& text, const fs::path& list, int64_t line) -> ListedPicture {
    const size_t slash = text.find('/');
    if (slash == std::string::npos) {
      throw_bad_data(list, "line " + std::to_string(line) + ": expected CLASS/" + file + ", got '" + text + "'");
    }
    return {"images/" + text + ending, text.substr(0, slash)};
  };
}

std::vector<std::string> fields_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string field; in >> field;) out.push_back(field);
  return out;
}

Option val_option() {
  return choice_option("val", "joined", {"joined", "apart"},
                       "the published val: part of train, as in published figures, or a split of its own");
}

}  // namespace sslbench
