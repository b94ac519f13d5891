// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/published_probes.h"

namespace sslbench {

std::vector<ProtocolPreset> published_linear_probes() {
  const nlohmann::json by_13 = {4e-5, 8e-5, 2e-4, 4e-4, 8e-4, 2e-3, 4e-3, 8e-3, 0.02, 0.04, 0.08, 0.2, 0.4};
  return {
      {"moco",
       "facebookresearch/moco main_lincls.py: SGD, rate 30, a tenth at 60 and 80 of 100 epochs, batch 256",
       {{"learning_rates", {30.0}},
        {"schedule", "steps"},
        {"epochs", 100},
        {"batch_size", 256},
        {"standardise", false}}},
      {"simclr",
       "arXiv:2002.05709, B.6: Nesterov's momentum, rate 0.1 x batch / 256 = 1.6, batch 4096, 90 epochs",
       {{"learning_rates", {1.6}}, {"nesterov", true}, {"epochs", 90}, {"batch_size", 4096}, {"standardise", false}}},
      {"dino",
       "facebookresearch/dino eval_linear.py: SGD, rate 0.001 x batch / 256 = 0.004, batch 1024, 100 epochs, class "
       "tokens of the last 4 blocks, as of a ViT-S",
       {{"learning_rates", {0.004}},
        {"epochs", 100},
        {"batch_size", 1024},
        {"standardise", false},
        {"inputs", {"cls4"}}}},
      {"dinov2",
       "facebookresearch/dinov2 eval/linear.py: 13 rates, each x batch / 256 = 4, times 1 or 4 blocks with and "
       "without the mean patch; batch 1024, 10 epochs of ImageNet; there chosen on the validation set, which is the "
       "test set, here on held-out training images",
       {{"learning_rates", by_13},
        {"epochs", 10},
        {"batch_size", 1024},
        {"standardise", false},
        {"inputs", {"cls1", "cls4", "cls1+patches", "cls4+patches"}}}}};
}

}  // namespace sslbench
