// SPDX-License-Identifier: Apache-2.0
// Pascal VOC folders: ImageSets/Main/<split>.txt names the images, JPEGImages/<id>.jpg, Annotations/<id>.xml.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

struct VocAnnotation {
  int32_t height = 0, width = 0;
  // Corners in the file count pixels from 1 and include the last one (VOC development kit, section 5); here a box is
  // the half-open [xmin - 1, xmax) x [ymin - 1, ymax), cut to the image.
  std::vector<Box> boxes;
  // Boxes that are no boxes: xmax <= xmin or ymax <= ymin as written, or outside the image. They are left out.
  int64_t empty = 0;
  int64_t unnamed = 0;    // objects whose <name> is empty or missing, left out
  bool measured = false;  // the size is that of the picture
};

// RunFailure(data) naming file and object when something is missing, no number, or of a class not in `classes`. Where
// the file says no size, that of `picture` is taken, if there is one.
VocAnnotation read_voc_annotation(const std::filesystem::path& file, const std::vector<std::string>& classes,
                                  const std::filesystem::path& picture = {});

// Names of the objects in a file that have one, in its order; RunFailure(data) when it is no XML.
std::vector<std::string> voc_object_names(const std::filesystem::path& file);

// Opens the images that ImageSets/Main/<list>.txt names; `limit` as in fixed_subset. `classes` outlives the source.
std::unique_ptr<DataSource> open_voc(const std::filesystem::path& folder, const std::string& list,
                                     const std::vector<std::string>& classes, int64_t limit);

// Decodes every image and annotation of the lists. RunFailure(data) at the first damage; zero-area boxes and images in
// two lists are faults.
Inspection inspect_voc(const std::filesystem::path& folder, const std::vector<std::string>& lists,
                       const std::vector<std::string>& classes);

}  // namespace sslbench
