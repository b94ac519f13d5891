// SPDX-License-Identifier: Apache-2.0
// The packed store: a whole set in one HDF5 file, for any program (h5py) and as a format of `data add`.
//
//   /about            JSON: schema, name, digest, format, source, licence, tasks, classes, mask_classes, mean,
//   deviation
//   /<split>/images   the picture files one after the other, or plain RGB pixels (HWC); image_offsets: n + 1
//                     places; image_kind: 0 file, 1 file whose EXIF orientation is not applied, 2 pixels; height, width
//   /<split>/labels   int32, -1 = none
//   /<split>/names    names one after the other, name_offsets: n + 1 places
//   /<split>/boxes    x0, y0, x1, y1 of box after box in px; box_label, box_difficult; box_offsets: n + 1 boxes
//   /<split>/masks    PNG files of class numbers (255 = none); mask_offsets: n + 1 places
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "datasets/install/installed.h"

namespace sslbench {

inline constexpr const char* kPackedSchema = "sslbench.packed/1";

struct PackedStore {
  int64_t images = 0, bytes = 0;
  std::string sha256;
};

// Writes every split of an installed set to `out`: under another name first, then by fsync and rename, so that a kill
// at any moment leaves nothing new or a whole file; what a killed pack left is removed. `settings` are the set's
// options. UserError when the set is missing or the disk has too little room, RunFailure(storage) when writing fails.
PackedStore pack_dataset(const std::string& name, const nlohmann::json& settings, const std::filesystem::path& root,
                         const std::filesystem::path& out,
                         const std::function<void(int64_t done, int64_t total)>& progress = {});

// Reads a whole store in a process of its own with limits on memory and time: HDF5 1.10 crashes or hangs on some
// damaged files. RunFailure(data) when that process does not come back.
void probe_packed_store(const std::filesystem::path& file);

// All splits of a set as it was added, before any is made of another: by the set's format, or opened.
std::map<Split, std::shared_ptr<const DataSource>> stored_splits(const DatasetEntry& entry,
                                                                 const nlohmann::json& settings,
                                                                 const std::filesystem::path& root);

}  // namespace sslbench
