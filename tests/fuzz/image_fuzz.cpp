// SPDX-License-Identifier: Apache-2.0
// JPEG, PNG, masks and their EXIF blocks.
#include "datasets/pictures/image_file.h"
#include "tests/fuzz/target.h"

namespace sslbench {
namespace {

const bool registered =
    Registry<FuzzTarget>::add({.name = "image",
                               .run = [](std::string_view bytes) { decode_image(bytes, "input"); },
                               .seeds =
                                   [] {
                                     return std::vector{sample_jpeg(9, 17), sample_png(5, 6), sample_mask(4, 4)};
                                   }}) &&
    Registry<FuzzTarget>::add({.name = "mask",
                               .run = [](std::string_view bytes) { decode_mask(bytes, "input"); },
                               .seeds =
                                   [] {
                                     return std::vector{sample_mask(4, 4), sample_mask(9, 3)};
                                   }});

}  // namespace
}  // namespace sslbench
