// SPDX-License-Identifier: Apache-2.0
// The parts of a record file that hold pictures and features of test images, and how names become HDF5 links.
#pragma once

#include <string>
#include <vector>

#include "reports/record/hdf5/hdf5_reader.h"
#include "reports/record/hdf5/hdf5_writer.h"
#include "reports/record/record.h"

namespace sslbench {

// A name of any characters as one path component ('/', '%' and a leading '.' as %XX), and back.
std::string link_name(const std::string& name);
std::string original_name(const std::string& link);

// <group>/class_names (JSON), <group>/<number>/{image, truth_boxes, found_boxes, truth_mask, found_mask, beside/<k>,
// labels}: labels holds that of the image and, in further rows, of each one beside it.
void write_samples(Hdf5Writer& writer, const std::string& group, const StageRecord& stage);
// The class names and the first `most` pictures. Throws UserError when a picture contradicts its own size.
void read_samples(const Hdf5Reader& reader, const std::string& group, const std::string& where, size_t most,
                  StageRecord& stage);

// The dataset `path`, uint8 [images, dimensions, 2]; nothing without features.
void write_features(Hdf5Writer& writer, const std::string& path, const KeptFeatures& features);
// None where there is no such dataset. Throws UserError for what is too many, or no features.
KeptFeatures read_features(const Hdf5Reader& reader, const std::string& path);
// As numbers, row by row. InternalError for features whose halves do not fill their shape.
std::vector<double> values_of(const KeptFeatures& features);

}  // namespace sslbench
