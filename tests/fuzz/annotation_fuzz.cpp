// SPDX-License-Identifier: Apache-2.0
// Annotation files: Pascal VOC XML, COCO JSON, YOLO text and names, CSV lists, mask classes, Tiny-ImageNet, lists of
// pairs.
#include "datasets/readers/mask_classes.h"
#include "datasets/readers/yolo_set.h"
#include "tests/fuzz/target.h"

namespace sslbench {
namespace {

const std::string& picture() {
  static const std::string bytes = sample_png(6, 8);
  return bytes;
}

void run_voc(std::string_view bytes) {
  const std::string image = picture();
  const auto folder = fresh_folder();
  write_to(folder, "JPEGImages/a.png", image);
  write_to(folder, "Annotations/a.xml", bytes);
  read_all("pascal_voc", folder);
}

void run_coco(std::string_view bytes) {
  const std::string image = picture();
  const auto folder = fresh_folder();
  write_to(folder, "images/a.png", image);
  write_to(folder, "annotations/instances_train.json", bytes);
  read_all("coco", folder);
}

void run_yolo(std::string_view bytes) {
  const std::string image = picture();
  const auto folder = fresh_folder();
  write_to(folder, "images/a.png", image);
  write_to(folder, "labels/a.txt", bytes);
  write_to(folder, "classes.txt", "x\ny\n");
  read_all("yolo", folder);
}

void run_yolo_names(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "data.yaml", bytes);
  read_yolo_set(folder / "data.yaml");
}

void run_csv(std::string_view bytes) {
  const std::string image = picture();
  const auto folder = fresh_folder();
  write_to(folder, "a.png", image);
  write_to(folder, "list.csv", bytes);
  read_all("image_list", folder);
}

void run_mask_classes(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "classes.txt", bytes);
  read_mask_classes(folder / "classes.txt");
}

void run_pairs(std::string_view bytes) {
  const std::string image = picture(), mask = sample_mask(6, 8);
  const auto folder = fresh_folder();
  write_to(folder, "a.png", image);
  write_to(folder, "m.png", mask);
  write_to(folder, "train.txt", bytes);
  read_all("mask_pairs", folder);
}

void run_tiny(std::string_view bytes) {
  const std::string image = picture();
  const auto folder = fresh_folder();
  write_to(folder, "wnids.txt", "n1\nn2\n");
  write_to(folder, "words.txt", bytes);
  write_to(folder, "train/n1/images/a.png", image);
  write_to(folder, "val/images/v.png", image);
  write_to(folder, "val/val_annotations.txt", bytes);
  read_all("tiny_imagenet", folder);
}

constexpr const char* kVoc =
    "<annotation><size><width>8</width><height>6</height></size><object><name>a</name><bndbox><xmin>1</xmin><ymin>2"
    "</ymin><xmax>4</xmax><ymax>5</ymax></bndbox></object></annotation>";
constexpr const char* kCoco =
    R"({"categories":[{"id":3,"name":"c"}],"images":[{"id":1,"file_name":"a.png","height":6,"width":8}],"annotations":[)"
    R"({"id":1,"image_id":1,"category_id":3,"bbox":[1,1,4,3],"area":4,"iscrowd":0,"segmentation":[[1,1,5,1,5,4]]},)"
    R"({"id":2,"image_id":1,"category_id":3,"bbox":[0,0,2,6],"area":9,"iscrowd":1,"segmentation":{"size":[6,8],)"
    R"("counts":[0,12,36]}},{"id":3,"image_id":1,"category_id":3,"bbox":[0,0,2,6],"segmentation":{"size":[6,8],)"
    R"("counts":"0<T1"}}]})";

bool add(const char* name, void (*run)(std::string_view), std::vector<std::string> seeds) {
  return Registry<FuzzTarget>::add({.name = name, .run = run, .seeds = [seeds] { return seeds; }});
}

const bool registered =
    add("voc", run_voc, {kVoc}) && add("coco", run_coco, {kCoco}) &&
    add("yolo", run_yolo, {"0 0.5 0.5 0.2 0.2\n1 0.1 0.1 0.2 0.1 0.2 0.2\n"}) &&
    add("yolo_names", run_yolo_names, {"names: [a, 'b, c']\n", "names:\n  0: a\n  1: b\n", "names:\n- a\n"}) &&
    add("csv", run_csv, {"path,label,split\r\n\"a.png\",x,train\r\n", "a.png,3\n"}) &&
    add("mask_classes", run_mask_classes, {"0 a\n1 b\n", "void 0 0 0\nroad 128 0 0\n"}) &&
    add("pairs", run_pairs, {"a.png m.png\n"}) && add("tiny_imagenet", run_tiny, {"v.png\tn1\t0\t0\t5\t5\n"});

}  // namespace
}  // namespace sslbench
