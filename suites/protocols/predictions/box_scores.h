// SPDX-License-Identifier: Apache-2.0
// What boxes found on the images of a set are worth: average precision by COCO's and by Pascal VOC's rules.
#pragma once

#include <cstdint>
#include <vector>

#include "reports/record/record.h"
#include "suites/metrics/coco_ap.h"
#include "suites/metrics/voc_ap.h"
#include "suites/protocols/fine_tuning/image_part.h"
#include "suites/protocols/protocol.h"

namespace sslbench {

// Images as COCO truth: their places in the part from 0, ids from 1, categories from 1; difficult boxes are ignored as
// crowds are.
CocoInput coco_truth(const ImagePart& images, size_t classes);

// COCO's AP; NaN without a box to find (pycocotools says -1).
double box_ap(const CocoInput& input);

// The same boxes as inclusive pixels, those of crowds as difficult ones.
VocScores voc_scores(const CocoInput& input, VocArea area);

std::vector<Metric> box_metrics();

// Scores of the test images, with intervals, by class, and of the constant answer. Needs record.class_names.
void add_box_scores(CocoInput input, const ImageSet& train, const ImagePart& test, StageRecord& record);
// Those of the images that pretraining has not seen, as "ap/without_leaks" and so on; nothing where nobody asked
// (Subject::leaked).
void add_box_scores_without_leaks(CocoInput input, const Subject& subject, const DatasetSpec& dataset,
                                  StageRecord& record);

}  // namespace sslbench
