// SPDX-License-Identifier: Apache-2.0
// What is read of an installed dataset is what its digest stands for. Readers hand over what they read of a file, which
// is held against the set's list of files the first time; after that a look-up is all. Folders that are not watched
// (one that is being added) pass.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sslbench {

struct InstalledDataset;

// From here on files below `set.folder` are checked. Its list is read once a process and digest. RunFailure(data) when
// the list is not the one that the digest is of, or what was recorded of the set (mean, deviation, classes) was edited.
void watch_content(const InstalledDataset& set);

// To be called with every file that was read as a whole. RunFailure(data) naming the file when it is not what was
// added.
void expect_content(const std::filesystem::path& file, std::string_view bytes);

// To be called with every file that is read in parts (records, packed stores): it is read once more, as a whole, by a
// thread of its own.
void check_behind(const std::filesystem::path& file);

// RunFailure(data) when a file of check_behind() below a folder (empty: any) was found changed so far; `to_the_end`
// waits for all of them. Numbers are not to be published before that.
void expect_checked_content(bool to_the_end, const std::filesystem::path& below = {});

}  // namespace sslbench
