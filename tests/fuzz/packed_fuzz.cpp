// SPDX-License-Identifier: Apache-2.0
// The packed store. The HDF5 library does not survive all damage: a process of its own looks first, as in `data add`.
#include "datasets/packed/packed_store.h"
#include "suites/files/atomic_file.h"
#include "tests/fuzz/target.h"

namespace sslbench {
namespace {

void run_packed(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "store.h5", bytes);
  probe_packed_store(folder / "store.h5");
  read_all("packed", folder);
}

// Two pictures with a box and a mask each.
std::string store() {
  const std::string picture = sample_png(6, 8), mask = sample_mask(6, 8);
  const auto folder = fresh_folder();
  for (const std::string id : {"a", "b"}) {
    write_to(folder, "from/JPEGImages/" + id + ".png", picture);
    write_to(folder, "from/SegmentationClass/" + id + ".png", mask);
    write_to(
        folder, "from/Annotations/" + id + ".xml",
        "<annotation><size><width>8</width><height>6</height></size><object><name>ant</name><bndbox><xmin>1</xmin>"
        "<ymin>2</ymin><xmax>4</xmax><ymax>5</ymax></bndbox></object><object><name>bee</name><bndbox><xmin>1</xmin>"
        "<ymin>1</ymin><xmax>3</xmax><ymax>3</ymax></bndbox></object></annotation>");
  }
  write_to(folder, "from/ImageSets/Main/train.txt", "a\n");
  write_to(folder, "from/ImageSets/Main/test.txt", "b\n");
  add_dataset("ants", folder / "from", folder / "root", {.accept_copies = true});
  pack_dataset("ants", nlohmann::json::object(), folder / "root", folder / "store.h5");
  return read_file(folder / "store.h5");
}

const bool registered =
    Registry<FuzzTarget>::add({.name = "packed", .run = run_packed, .seeds = [] { return std::vector{store()}; }});

}  // namespace
}  // namespace sslbench
