// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

constexpr const char* kTrial = "trial_";

// "0.001" of "trial_ap/0.001", "cls1/0.001" of "trial_top1/cls1/0.001".
std::string rate_of(const std::string& metric) { return metric.substr(metric.find('/') + 1); }

struct Trials {
  std::string metric, scores;  // "ap"; "0.001: 12.3, 0.003: 14.0"
  double chosen = std::nan("");
  double blocks = -1, patches = 0;  // of the chosen input (suites/protocols/frozen/probe_inputs.h); -1: no choice
  int64_t images = 0;               // that chose

  // As a trial's name has it.
  std::string chosen_text() const {
    const std::string rate = nlohmann::json(chosen).dump();
    if (blocks < 0) return rate;
    if (blocks == 0) return "features/" + rate;
    return "cls" + count_text(blocks) + (patches > 0 ? "+patches/" : "/") + rate;
  }
};

Trials trials_of(const StageRecord& stage) {
  Trials out;
  for (const Measurement& m : stage.measurements) {
    if (m.split != "val") continue;
    if (m.metric == "learning_rate") out.chosen = m.value;
    if (m.metric == "input_blocks") out.blocks = m.value;
    if (m.metric == "input_patches") out.patches = m.value;
    if (!m.metric.starts_with(kTrial)) continue;
    out.metric = metric_family(m.metric).substr(std::string(kTrial).size());
    out.images = m.n;
    out.scores += (out.scores.empty() ? "" : ", ") + rate_of(m.metric) + ": " +
                  (m.undefined() ? m.reason.text() : percent_text(m.value));
  }
  return out;
}

}  // namespace

void add_rates(const Comparison& comparison, Document& document) {
  DocumentTable table({"protocol", "row", "seed", "chosen", "by", "images", "trials, %"}, 3);
  bool any = false;
  for (const Row& row : comparison.rows) {
    for (const size_t r : row.records) {
      const Record& record = comparison.records[r];
      for (const StageRecord& stage : record.stages) {
        const Trials trials = trials_of(stage);
        if (trials.scores.empty()) continue;
        any = true;
        const auto seed = static_cast<double>(record.seed), images = static_cast<double>(trials.images);
        table.add({Text::name(stage.name), Text::name(row.name), TableCell(Text::own(count_text(seed)), seed),
                   TableCell(Text::own(trials.chosen_text()), trials.chosen), Text(trials.metric),
                   TableCell(Text::own(count_text(images)), images), Text(trials.scores)});
      }
    }
  }
  if (!any) return;
  add(document, Heading{2, "Learning rates tried"});
  add(document, std::move(table));
  add(document,
      Paragraph{"Every row had the same rates to choose among and the same training images held out to choose "
                "by; only what was trained on all training images at the chosen rate read the test images. Trials "
                "may be shorter than that training: their scores are no results."});
}

}  // namespace sslbench
