// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/new_suite_text.h"

#include <algorithm>

namespace sslbench {
namespace {

constexpr int kSmallImage = 64;    // px; up to here a stem without stride and patches of 4 px, as for CIFAR
constexpr int kMiddleImage = 128;  // px; up to here patches of 8 px
constexpr int kNarrow = 16;        // channels of a ResNet's first stage that a CPU trains in minutes
constexpr int64_t kLeastBatch = 16, kMostBatch = 256, kBatches = 8;  // batches that an epoch has at least

bool has_task(const NewSuite& suite, const char* task) { return std::ranges::count(suite.tasks, task) > 0; }

std::string question_of(const NewSuite& suite) {
  std::string methods;
  for (size_t i = 0; i < suite.rows.size(); ++i) {
    methods += (i == 0 ? "" : i + 1 == suite.rows.size() ? " or " : ", ") + suite.rows[i].method;
  }
  return suite.rows.size() == 1 ? "What are features worth that " + methods + " learns from " + suite.dataset + "?"
                                : "Which of " + methods + " learns the best features from " + suite.dataset + "?";
}

int64_t batch_size(const NewSuite& suite) {
  int64_t batch = kMostBatch;
  while (suite.train_images > 0 && batch > kLeastBatch && kBatches * batch > suite.train_images) batch /= 2;
  return batch;
}

std::string convolutional(const NewSuite& suite) {
  const std::string stem = suite.view_size <= kSmallImage ? "cifar" : "imagenet";
  const std::string width = suite.on_gpu ? "" : ", width = " + std::to_string(kNarrow);
  return "{ name = \"resnet18\"" + width + ", stem = \"" + stem + "\" }";
}

std::string transformer(const NewSuite& suite) {
  const int patch = suite.view_size <= kSmallImage ? 4 : suite.view_size <= kMiddleImage ? 8 : 16;
  return "{ name = \"vit_tiny\", patch_size = " + std::to_string(patch) +
         ", image_size = " + std::to_string(suite.view_size) + " }";
}

std::string rows_text(const NewSuite& suite) {
  const bool some_vit = std::ranges::any_of(suite.rows, &NewRow::needs_vit);
  const bool all_vit = std::ranges::all_of(suite.rows, &NewRow::needs_vit);
  std::string out = "[methods.random_init]  # the floor: features of a network that learnt nothing\n";
  if (some_vit && !all_vit) {
    out +=
        "\n[methods.random_vit]  # the floor of the rows with a Vision Transformer\nmethod = \"random_init\"\n"
        "backbone = " +
        transformer(suite) + "\n";
  }
  for (const NewRow& row : suite.rows) {
    out += "\n[methods." + row.method + "]\n";
    if (row.needs_vit && !all_vit) out += "backbone = " + transformer(suite) + "\n";
  }
  if (has_task(suite, "classification")) {
    out += "\n[methods.supervised]  # the ceiling: it sees the labels, and is marked so\n";
  }
  return out;
}

std::string protocols_text(const NewSuite& suite) {
  std::string out;
  if (has_task(suite, "classification")) {
    out +=
        "[protocols.knn]  # nothing is trained\n\n[protocols.linear_probe]  # its rate is chosen on held-out training "
        "images\n";
  }
  const std::string around = out.empty() ? "" : "\n";
  if (has_task(suite, "detection")) out += around + "[protocols.detection]\n";
  if (has_task(suite, "segmentation")) {
    out += (out.empty() ? "" : "\n") + std::string(
                                           "[protocols.dense_knn]  # nothing is trained\n\n"
                                           "[protocols.linear_segmentation]\n");
  }
  return out.empty() ? "[protocols.representation]  # rank and spread of the features: the set has no labels\n" : out;
}

std::string gate_text(const NewSuite& suite) {
  if (!has_task(suite, "classification")) return "";
  return "\n[gate]  # what `sslbench gate` calls a regression, beyond chance\n"
         "linear_probe.top1 = { max_drop = 2, unit = \"points\" }\n";
}

}  // namespace

std::string new_suite_text(const NewSuite& suite) {
  const bool all_vit = std::ranges::all_of(suite.rows, &NewRow::needs_vit);
  const std::string backbone = all_vit ? transformer(suite) : convolutional(suite);
  const std::string epochs =
      suite.budget.empty() ? ""
                           : "  # fits in " + suite.budget + " on this machine, as a few steps of each row foretell";
  return "# " + question_of(suite) +
         "\n#\n# Every line may be changed. `sslbench plan` checks this file and says what it costs; `sslbench "
         "describe "
         "method " +
         suite.rows.front().method +
         "`\n# lists what a row may set, `sslbench describe stage pretrain` and `views` the "
         "rest.\ndataset = \"" +
         suite.dataset + "\"\nbackbone = " + backbone +
         (suite.on_gpu || all_vit ? "" : "  # width 64 is the published network") +
         "\nseeds = [0]  # three seeds, [0, 1, 2], say how far another one would land\njobs = " +
         std::to_string(suite.jobs) + "     # runs at a time\nthreads = " + std::to_string(suite.threads) +
         "  # of each\n\n[pretrain]  # equal for every row\nepochs = " + std::to_string(suite.epochs) + epochs +
         "\nbatch_size = " + std::to_string(batch_size(suite)) +
         "\nprecision = \"auto\"  # bf16 where the machine multiplies it\n\n[views]\nsize = " +
         std::to_string(suite.view_size) + "  # px\n\n" + rows_text(suite) + "\n" + protocols_text(suite) +
         gate_text(suite);
}

}  // namespace sslbench
