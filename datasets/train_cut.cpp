// SPDX-License-Identifier: Apache-2.0
#include "datasets/train_cut.h"

#include <algorithm>

#include "datasets/selection.h"
#include "datasets/subset.h"
#include "suites/ground/error.h"

namespace sslbench {

std::unique_ptr<DataSource> cut_train(const std::string& dataset, const std::shared_ptr<const DataSource>& train,
                                      std::vector<int64_t> among, const TrainCut& cut, Split split) {
  const auto total = static_cast<int64_t>(among.size()), rest = total - cut.val_images;
  if (rest < 1 || cut.train_images > rest) {
    throw UserError("dataset '" + dataset + "': " + std::to_string(cut.train_images) + " images of train and " +
                    std::to_string(cut.val_images) + " of val were asked for, there are " + std::to_string(total) +
                    "; ask for fewer");
  }
  among = subset_order(among);
  if (split == Split::val) among.erase(among.begin(), among.begin() + rest);
  if (split == Split::train) among.resize(static_cast<size_t>(cut.train_images > 0 ? cut.train_images : rest));
  std::sort(among.begin(), among.end());
  return std::make_unique<Selection>(train, std::move(among));
}

void refuse_val(const std::string& dataset, const std::string& why) {
  throw UserError("dataset '" + dataset + "' " + why + "; set val_images to keep a part of train apart");
}

}  // namespace sslbench
