// SPDX-License-Identifier: Apache-2.0
// Tables `views` that recipes (recipes/) and presets of methods share. Functions, since plugins ask while statics are
// still being initialised.
#pragma once

#include <nlohmann/json.hpp>

namespace sslbench {

// BYOL's pair for ImageNet (table 6 of its paper; also Barlow Twins, VICReg, MoCo v3): the first view always blurred,
// the second one in ten, and solarized in one of five.
nlohmann::json byol_pair();

// SwAV's multi-crop for ImageNet (table of its appendix; also DeepCluster v2): two views and six of 96 px.
nlohmann::json swav_multi_crop();

// MoCo v2's views for ImageNet (its code, --aug-plus; also SimSiam): crops of at least a fifth, blurred in one of two.
nlohmann::json moco_v2_views();

// The whole image with a flip and weak colours, as the detection and segmentation protocols train their heads.
nlohmann::json whole_image_views();

}  // namespace sslbench
