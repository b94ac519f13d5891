// SPDX-License-Identifier: Apache-2.0
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

// Of the process, beside the tensors and the images.
double rest_of(const Cost& cost, double images) { return cost.peak_process_bytes - cost.peak_tensor_bytes - images; }

}  // namespace

void add_memory(const Comparison& comparison, Document& document) {
  DocumentTable table({"row", "kept", "gradients", "batch", "images", "rest of the process"}, 1);
  for (const Row& row : comparison.rows) {
    const std::vector<double>& bytes = row.cost.memory_sources;
    if (bytes.empty()) continue;
    std::vector<TableCell> cells{Text::name(row.name)};
    for (const double each : bytes) cells.push_back(number_cell(each, bytes_text));
    cells.push_back(number_cell(rest_of(row.cost, bytes.back()), bytes_text));
    table.add(std::move(cells));
  }
  if (table.empty()) return;
  add(document, Heading{3, "What the peak memory was for"});
  add(document, std::move(table));
  add(document,
      Paragraph{"Pretraining. Kept: parameters, buffers (teacher and queue, too), optimizer state. Batch: most "
                "bytes of tensors at once beside the kept ones and the gradients, which is what grows with "
                "batch_size. Images: decoded ones in memory. Of a run on a device the first three lie there."});
}

}  // namespace sslbench
