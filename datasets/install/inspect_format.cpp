// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/inspect_format.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "datasets/format_set.h"
#include "datasets/install/census.h"
#include "datasets/install/set_facts.h"
#include "datasets/install/unread_files.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// Removes what the census could not read, so that what is installed is what is used.
void leave_out(const Census& census) {
  for (const fs::path& file : census.broken) {
    std::error_code error;
    fs::remove(file, error);
    if (error) throw RunFailure(FailureKind::storage, "cannot remove '" + file.string() + "': " + error.message());
  }
}

void refuse_copies(const Census& census, const fs::path& shown, const AddOptions& options) {
  int64_t held = 0;
  for (const auto& [split, count] : census.images) held += split == Split::train ? 0 : count;
  constexpr int64_t kTolerated = 100;  // one in a hundred
  if (options.accept_copies || census.copies * kTolerated <= held) return;
  std::string faults;
  for (const std::string& line : census.copied) faults += "\n  " + line;
  for (const std::string& line : census.inspection.faults) faults += "\n  " + line;
  throw UserError(
      "'" + shown.string() + "': " + std::to_string(census.copies) + " of " + std::to_string(held) +
      " pictures of val and test are in train, too, so that numbers on them mean nothing; take the copies " +
      "out, or say --accept-copies" + faults);
}

// Why classes cannot be told apart in a record, whose names of metrics (`ap50/NAME`) hold 64 bytes; "" when they can.
std::string why_unfit_names(const FolderContent& content) {
  constexpr size_t kLongest = 64 - std::string_view("ap50/").size();
  const bool measured = std::ranges::any_of(content.tasks, [](const auto& task) { return task != "classification"; });
  for (const std::vector<std::string>* names : {&content.classes, &content.mask_classes}) {
    std::set<std::string> seen;
    for (const std::string& name : *names) {
      if (!seen.insert(name).second) return "the class '" + name + "' is there twice; call one of them otherwise";
      if (measured && name.size() > kLongest) {
        return "the name of the class '" + name + "' has " + std::to_string(name.size()) + " bytes, and records hold " +
               std::to_string(kLongest) + "; shorten it";
      }
    }
  }
  return "";
}

bool has_task(const FolderContent& content, const char* task) { return std::ranges::count(content.tasks, task) > 0; }

// Train, and the split that is test, of those that hold pictures.
std::vector<Split> splits_that_matter(const FolderContent& content, const Census& census) {
  const Split tested = content.present.contains(Split::test)  ? Split::test
                       : content.present.contains(Split::val) ? Split::val
                                                              : Split::train;
  std::vector<Split> out;
  for (const Split split : {Split::train, tested}) {
    const auto images = census.images.find(split);
    if (images != census.images.end() && images->second > 0) out.push_back(split);
  }
  return out;
}

// Why no detector can be trained on a set or measured; "" when it can.
std::string why_no_detection(const FolderContent& content, const Census& census) {
  if (!has_task(content, "detection")) return "";
  for (const Split split : splits_that_matter(content, census)) {
    if (census.boxes.at(split) > 0) continue;
    return std::string(split_name(split)) + " holds " + std::to_string(census.images.at(split)) +
           " pictures and not one box (crowds and difficult ones do not count), so that nothing could be " +
           (split == Split::train ? "learnt" : "measured: annotate it, or take that split out");
  }
  return "";
}

// The same of segmentation.
std::string why_no_segmentation(const FolderContent& content, const Census& census) {
  if (!has_task(content, "segmentation")) return "";
  for (const Split split : splits_that_matter(content, census)) {
    const auto& values = census.mask_values.at(split);
    const auto classes = std::count_if(values.begin(), values.end() - 1, [](int64_t pixels) { return pixels > 0; });
    if (split == Split::train ? classes >= 2 : classes >= 1) continue;
    return "the masks of " + std::string(split_name(split)) + " hold " + (classes == 0 ? "no class" : "one class") +
           " alone" +
           (values.back() > 0 ? ", besides 255 or void, which is no class; where 255 is the second class, say so in "
                                "classes.txt: `0 background` and `255 road`"
                              : "");
  }
  return "";
}

bool is_labelled(const fs::path& folder) {
  const auto& all = Registry<FormatEntry>::all();
  return std::any_of(all.begin(), all.end(),
                     [&](const auto& format) { return format.second.labels && format.second.fits(folder); });
}

// The set's own folder: the only one within `content` that a format with labels fits, where none fits `content` (a
// note or a licence lies beside it).
fs::path set_folder(fs::path content, const DatasetEntry& entry, const AddOptions& options) {
  const std::string& name = options.format.empty() ? entry.format : options.format;
  const auto fits = [&](const fs::path& folder) {
    return name.empty() ? is_labelled(folder) : Registry<FormatEntry>::find(name).fits(folder);
  };
  constexpr int kDeepest = 4;
  fs::path at = content;
  for (int depth = 0; depth < kDeepest && !fits(at); ++depth) {
    const std::vector<std::string> folders = folders_in(at);
    if (folders.size() != 1) return content;
    at /= folders.front();
  }
  return fits(at) ? at : content;
}

// Files beside the set's folder, which are not taken.
void count_beside(const fs::path& content, const fs::path& folder, FaultCounts& faults) {
  if (content == folder) return;
  const std::string within = folder.lexically_relative(content).generic_string() + "/";
  for (const std::string& file : visible_files(content)) {
    if (!file.starts_with(within)) faults.add("files beside the folder " + within + " of the set, not taken", file);
  }
}

const FormatEntry& format_for(const DatasetEntry& entry, const AddOptions& options, const fs::path& content,
                              const fs::path& shown) {
  if (!options.format.empty()) return Registry<FormatEntry>::find(options.format);
  return entry.format.empty() ? detect_format(content, shown) : Registry<FormatEntry>::find(entry.format);
}

void fill_in(DatasetEntry& entry, const FolderContent& content, const Census& census, const fs::path& from) {
  entry.summary = "a set of your own, format " + entry.format;
  for (const auto& [split, count] : census.images) {
    entry.summary += ", " + std::to_string(count) + " " + std::string(split_name(split));
  }
  entry.source = content.source.empty() ? fs::absolute(from).lexically_normal().string() : content.source;
  entry.licence = content.licence.empty() ? "not stated" : content.licence;
  entry.classes = content.classes, entry.mask_classes = content.mask_classes, entry.tasks = content.tasks;
  entry.image_size = census.longest_side;
  entry.mean = content.mean.value_or(census.mean), entry.deviation = content.deviation.value_or(census.deviation);
}

// One reading of a set: what there is, or RunFailure(data) saying why it is none.
struct Reading {
  FolderContent found;
  Census census;
};

Reading read_set(const FormatEntry& format, const FormatRequest& request, const DatasetEntry& entry, bool own) {
  Reading out{.found = format.read(request), .census = {}};
  if (own) count_unread(request.folder, out.found);
  out.census = take_census(out.found, entry.expected);
  const Census& census = out.census;
  if (!is_test_only(entry) && (!census.images.contains(Split::train) || census.images.at(Split::train) == 0)) {
    std::string faults;
    for (const std::string& line : census.inspection.faults) faults += (faults.empty() ? ": " : "; ") + line;
    throw RunFailure(FailureKind::data, "no image of train can be read" + faults);
  }
  if (!own) return out;
  // What was left out may be why.
  std::string cause;
  for (const std::string& line : census.inspection.faults) cause += (cause.empty() ? " (" : "; ") + line;
  if (!cause.empty()) cause += ')';
  const std::string why_masks = why_no_segmentation(out.found, census);
  if (!why_masks.empty() && has_task(out.found, "detection")) {
    std::erase(out.found.tasks, "segmentation");
    out.found.mask_classes.clear();
    out.census.inspection.faults.push_back("masks are not used, the set is for detection alone: " + why_masks);
  } else if (!why_masks.empty()) {
    throw RunFailure(FailureKind::data, why_masks + cause);
  }
  if (const std::string why = why_unfit_names(out.found); !why.empty()) throw RunFailure(FailureKind::data, why);
  if (const std::string why = why_no_detection(out.found, census); !why.empty()) {
    throw RunFailure(FailureKind::data, why + cause);
  }
  return out;
}

}  // namespace

fs::path inspect_format(DatasetEntry& entry, InstalledDataset& set, const fs::path& content, const fs::path& from,
                        const AddOptions& options) {
  const bool own = !Registry<DatasetEntry>::all().contains(entry.name);
  std::vector<std::string> left_out;
  fs::path folder = content;
  FaultCounts beside;
  try {
    if (own) folder = set_folder(content, entry, options);
    count_beside(content, folder, beside);
    const FormatEntry& format = format_for(entry, options, folder, from);
    entry.format = format.name;
    const FormatRequest request{folder, Settings("format", format.options, nlohmann::json::object()), std::nullopt,
                                entry.classes, entry.mask_classes};
    if (format.probe) format.probe(folder);
    for (;;) {
      const auto [found, census] = read_set(format, request, entry, own);
      if (own) refuse_copies(census, from, options);
      if (own) fill_in(entry, found, census, from);
      for (const auto& [split, count] : census.images) set.images[std::string(split_name(split))] = count;
      if (left_out.empty() || census.broken.empty()) set.inspection = census.inspection;
      if (census.broken.empty()) break;
      left_out = census.not_taken;
      leave_out(census);
    }
  } catch (const RunFailure& failure) {
    if (failure.kind() != FailureKind::data) throw;
    throw_unfit(failure, content, from, entry);
  }
  auto& faults = set.inspection.faults;
  faults.insert(faults.begin(), left_out.begin(), left_out.end());
  for (const std::string& line : beside.lines()) faults.push_back(line);
  for (std::string& line : faults) line = named_within(folder, line);
  set.inspection.findings.insert(set.inspection.findings.begin(), "format: " + entry.format);
  set.format = entry.format;
  return folder;
}

}  // namespace sslbench
