// SPDX-License-Identifier: Apache-2.0
// random_init: the backbone as initialised. The floor that every method must beat.
#include "methods/method.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

class RandomInit final : public Method {
 public:
  using Method::Method;
  Loss loss(const TrainBatch&, const Progress&) override {
    throw InternalError("random_init has no loss: it does not train");
  }
};

const bool registered = Registry<MethodEntry>::add({.name = "random_init",
                                                    .summary = "the backbone as initialised: the floor",
                                                    .paper = "",
                                                    .views = 0,
                                                    .trains = false,
                                                    .role = "floor",
                                                    .make = [](MethodRequest request) -> std::unique_ptr<Method> {
                                                      return std::make_unique<RandomInit>(std::move(request.backbone));
                                                    }});

}  // namespace
}  // namespace sslbench
