// SPDX-License-Identifier: Apache-2.0
// A method's first steps in float64, shared by any number of ranks, and how far two such trainings lie apart.
#pragma once

#include <map>
#include <ostream>

#include "methods/method.h"

namespace sslbench {

enum class BatchLabels {
  all,      // every image has one
  missing,  // the first images have none: at three ranks, a whole rank's
  mixed,    // every image has two and a share
};

struct MethodOnRanks {
  std::string name;                                             // of the case
  std::string method = {};                                      // "" = `name`
  nlohmann::json settings = nlohmann::json::object();           // over the method's tiny ones
  std::string backbone = {};                                    // "" = resnet18, or vit_tiny where the method needs one
  nlohmann::json backbone_settings = nlohmann::json::object();  // over its tiny ones
  int64_t views = 0, local_views = 0;                           // views 0 = the method's own number
  BatchLabels labels = BatchLabels::all;
  int64_t parts = 1;       // TrainSettings::accumulate
  bool recompute = false;  // likewise
};

inline std::ostream& operator<<(std::ostream& out, const MethodOnRanks& what) { return out << what.name; }

// Whether the method's losses know of the other ranks. `forgotten` is what a method would be that gathers nothing:
// gradients are still added and everything outside of the loss is shared.
enum class Gathering { as_written, forgotten };

// The whole batch's; the same on every rank but for `hashes`.
struct TrainedMethod {
  std::map<std::string, Tensor> gradients, state;  // of the first step; after all steps, optimizer included
  std::vector<double> losses;                      // of every step, then its terms
  std::vector<std::string> hashes;                 // of the state, one a rank
  bool agreed() const;                             // on one state
};

// Two steps of SGD on 13 images. Throws what a rank threw.
TrainedMethod train_on_ranks(const MethodOnRanks& what, int64_t ranks, Gathering gathering = Gathering::as_written);

// The largest difference of one tensor, in norms and relative to the second one's; absolute where that is next to none.
struct Apart {
  double gradients = 0, state = 0, losses = 0;
  std::string gradient, tensor;  // the names of the worst
};
Apart apart(const TrainedMethod& a, const TrainedMethod& b);

}  // namespace sslbench
