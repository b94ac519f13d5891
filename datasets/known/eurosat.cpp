// SPDX-License-Identifier: Apache-2.0
// EuroSAT (RGB). Helber et al.: "EuroSAT: A Novel Dataset and Deep Learning Benchmark for Land Use and Land Cover
// Classification", 2019, arXiv:1709.00029. A folder a class; no split is published, so test is a fixed share by names.
#include "datasets/format_set.h"

namespace sslbench {
namespace {

const bool registered = Registry<DatasetEntry>::add(
    format_set({.name = "eurosat",
                .summary = "27,000 satellite pictures of 64x64 in ten classes of land; no published split",
                .source = "https://github.com/phelber/EuroSAT (EuroSAT_RGB.zip)",
                .licence = "MIT; Copernicus Sentinel data",
                .tasks = {"classification"},
                .image_size = 64,
                .classes = {"AnnualCrop", "Forest", "HerbaceousVegetation", "Highway", "Industrial", "Pasture",
                            "PermanentCrop", "Residential", "River", "SeaLake"},
                .mean = {0.3444f, 0.3803f, 0.4078f},  // of all images, as in use (torchgeo, CLIP's evaluations)
                .deviation = {0.2027f, 0.1369f, 0.1156f},
                .format = "class_folders",
                .expected = {{Split::train, 27'000}}}));

}  // namespace
}  // namespace sslbench
