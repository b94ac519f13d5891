// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/definitions.h"

#include <map>

namespace sslbench {

std::string definition_of(const std::string& metric) {
  static const std::map<std::string, std::string> definitions{
      {"top1", "share of test images whose class has the highest score (ties: the lower class wins)"},
      {"top5", "share of test images whose class is among the five highest scores (ties: the lower class wins)"},
      {"mean_per_class", "accuracy averaged over the classes that occur in the test images"},
      {"ap", "COCO box AP as pycocotools computes it: mean over IoU 0.50 to 0.95, 101 recalls and classes"},
      {"ap50", "COCO box AP at IoU 0.50"},
      {"ap75", "COCO box AP at IoU 0.75"},
      {"miou",
       "mean IoU over classes from one confusion matrix of all test pixels; ignored pixels left out, a class "
       "predicted but absent counts 0"},
      {"iou", "intersection over union of the class in that confusion matrix"},
      {"miou_present_only", "mean IoU over the classes that occur in the test images"},
      {"pixel_accuracy", "share of test pixels whose class is right, ignored pixels left out"},
      {"mean_accuracy", "pixel accuracy averaged over the classes that occur in the test images"},
      {"fwiou", "IoU averaged with the share of each class among the test pixels"},
      {"boundary_iou", "IoU of class boundaries, 2 % of the image diagonal wide"}};
  const auto found = definitions.find(metric);
  return found == definitions.end() ? "as sslbench describe protocol says" : found->second;
}

}  // namespace sslbench
