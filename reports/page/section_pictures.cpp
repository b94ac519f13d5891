// SPDX-License-Identifier: Apache-2.0
// Pictures: what was found on fixed test images, nearest neighbours, what methods paint.
#include "reports/page/figures.h"
#include "reports/page/report_sections.h"

namespace sslbench {

void add_pictures(const Comparison& comparison, Document& document) {
  std::vector<StageStrips> stages = sample_strips(comparison);
  if (stages.empty()) return;
  add(document, Heading{2, "Pictures"});
  add(document, Paragraph{"Fixed images, the first seed of each row."});
  for (StageStrips& stage : stages) {
    add(document, Heading{3, Text(stage.stage)});
    if (stage.boxes) {
      add(document, Paragraph{"In each picture as many boxes as it has true ones, those of the highest score."});
    }
    if (stage.masks) {
      add(document, Paragraph{"Class colours are mixed with the picture; background is left as the picture shows it."});
    }
    if (stage.neighbours) {
      add(document, Paragraph{"Each line: a test image, then its nearest training images, nearest first; framed where "
                              "the class is the same."});
    }
    if (stage.painted) {
      add(document, Paragraph{"Each line: a training image, what the method saw of it where that differs, and what it "
                              "painted."});
    }
    if (!stage.legend.bytes.empty()) add(document, stage.legend);
    DocumentTable table({"row", stage.painted ? "training images" : "test images"}, 2);
    for (Strip& strip : stage.strips) {
      std::vector<TableCell> cells{strip.row.empty() ? Text("truth") : Text::name(strip.row)};
      cells.emplace_back(std::move(strip.figure));
      table.add(std::move(cells));
    }
    add(document, std::move(table));
  }
}

}  // namespace sslbench
