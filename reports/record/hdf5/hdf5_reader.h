// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reports/record/hdf5/hdf5_table.h"

namespace sslbench {

// Reads a file that Hdf5Writer built. Follows hard links only, loads no filter plugins, refuses to expand to more than
// 256 MiB whatever the file claims to hold.
// Every failure (no HDF5 file, truncated, checksum, missing object, other type) is a UserError that names the file.
class Hdf5Reader {
 public:
  explicit Hdf5Reader(const std::filesystem::path& file);

  bool has(const std::string& path) const;
  // Names in a group in ascending order; none when there is no such group.
  std::vector<std::string> names(const std::string& path) const;
  // Of the root group.
  bool has_attribute(const std::string& name) const;
  std::string text_attribute(const std::string& name) const;
  int64_t integer_attribute(const std::string& name) const;

  std::string text(const std::string& path) const;
  std::vector<uint8_t> bytes(const std::string& path, std::vector<uint64_t>& shape) const;
  std::vector<double> reals(const std::string& path) const;
  // Refuses more rows than `most`.
  Table table(const std::string& path, uint64_t most = UINT64_MAX) const;

  // UserError "FILE is not a record that this build can read: REASON; ...".
  [[noreturn]] void refuse(const std::string& reason) const;

 private:
  struct Opened;
  struct Place {
    int64_t group;  // -1: there is none
    std::string name;
  };
  Opened open(const std::string& path, size_t rank) const;
  // How many items those are; refuses what all datasets read so far leave no room for.
  uint64_t items_within_room(const std::string& path, int64_t type, const std::vector<uint64_t>& shape) const;
  // An absolute path, "" = the root; -1 when no hard links lead to a group there.
  int64_t group(const std::string& path) const;
  Place place_of(const std::string& path) const;

  static constexpr uint64_t kMostExpanded = uint64_t{256} << 20;  // bytes in memory, a table's overhead included

  std::lock_guard<std::recursive_mutex> lock_;
  std::string name_;
  Hdf5Handle file_;
  mutable std::map<std::string, Hdf5Handle> groups_;  // opened so far: half the time of a read is finding the way
  mutable uint64_t room_ = kMostExpanded;
  mutable std::set<std::string> counted_;  // datasets that took their part of it
};

}  // namespace sslbench
