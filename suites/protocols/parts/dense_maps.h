// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "methods/backbone.h"

namespace sslbench {

// The maps that a dense task works on: a backbone's of stride >= min_stride, fine to coarse. A backbone with a single
// map (a plain transformer) gets finer ones too, enlarged bilinearly by 2, 4, .. as long as the stride stays whole and
// >= min_stride: the simple feature pyramid of ViTDet (Li et al., ECCV 2022, arXiv:2203.16527) without deconvolutions.
class DenseMaps {
 public:
  // UserError, which begins with `task`, when the backbone has no map of a stride >= min_stride.
  DenseMaps(const Backbone& backbone, int64_t min_stride, const std::string& task);

  const std::vector<MapLevel>& levels() const { return levels_; }
  std::vector<Tensor> operator()(const Tensor& x_NCHW) const;

 private:
  const Backbone& backbone_;
  std::vector<MapLevel> levels_;
  size_t first_ = 0;  // number of the backbone's finest map that is used
};

}  // namespace sslbench
