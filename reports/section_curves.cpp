// SPDX-License-Identifier: Apache-2.0
// Learning curves, and pictures of what was found on fixed test images.
#include "reports/figures.h"
#include "reports/report_sections.h"

namespace sslbench {

void add_curves(const Comparison& comparison, Document& document) {
  const std::vector<Figure> figures = curve_figures(comparison);
  if (figures.empty()) return;
  add(document, Heading{2, "Learning curves"});
  add(document, Paragraph{"Line: mean over seeds; band: lowest to highest seed, where there are several. Pretraining "
                          "losses of different methods share no scale."});
  for (const Figure& figure : figures) add(document, figure);
}

void add_pictures(const Comparison& comparison, Document& document) {
  const std::vector<StageStrips> stages = sample_strips(comparison);
  if (stages.empty()) return;
  add(document, Heading{2, "Pictures"});
  add(document, Paragraph{"Fixed images, the first seed of each row."});
  for (const StageStrips& stage : stages) {
    add(document, Heading{3, Text(stage.stage)});
    if (stage.boxes) {
      add(document, Paragraph{"In each picture as many boxes as it has true ones, those of the highest score."});
    }
    if (stage.neighbours) {
      add(document, Paragraph{"Each line: a test image, then its nearest training images, nearest first; framed where "
                              "the class is the same."});
    }
    if (stage.painted) {
      add(document, Paragraph{"Each line: a training image, what the method saw of it where that is less, and what it "
                              "painted."});
    }
    if (!stage.legend.bytes.empty()) add(document, stage.legend);
    DocumentTable table({"row", stage.painted ? "training images" : "test images"}, 2);
    for (const Strip& strip : stage.strips) {
      table.add({strip.row.empty() ? Text("truth") : Text::name(strip.row), strip.figure});
    }
    add(document, std::move(table));
  }
}

}  // namespace sslbench
