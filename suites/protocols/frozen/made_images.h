// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "datasets/stream/image_set.h"

namespace sslbench {

// Pictures that a protocol makes of those of a set, which must outlive it, while they are asked for.
class MadeImages final : public DataSource {
 public:
  struct Making {
    int64_t count = 0;
    std::function<int64_t(int64_t i)> from;  // which image of the set the i-th is made of
    std::function<Image(const Image& of, int64_t i)> make;
  };
  MadeImages(const ImageSet& set, Making making) : set_(set), making_(std::move(making)) {}

  int64_t size() const override { return making_.count; }
  Item item(int64_t i) const override {
    Item out = *set_.item(making_.from(i));
    out.image = making_.make(out.image, i);
    return out;
  }
  const std::vector<std::string>& classes() const override { return set_.classes(); }
  std::string name(int64_t i) const override { return set_.name(making_.from(i)); }

 private:
  const ImageSet& set_;
  Making making_;
};

}  // namespace sslbench
