// SPDX-License-Identifier: Apache-2.0
// README.md and its pictures below fig/.
#include "reports/escape.h"
#include "reports/figures.h"
#include "reports/markdown_sections.h"
#include "reports/markdown_table.h"
#include "reports/renderer.h"
#include "suites/spec/atomic_file.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// The folder of one report and what has been written into it.
class ReportFiles {
 public:
  explicit ReportFiles(fs::path folder) : folder_(std::move(folder)) {}

  void write(const fs::path& file, const std::string& bytes) {
    write_atomically(folder_ / file, bytes);
    written_.push_back(file);
  }

  // Writes a figure and returns the Markdown that shows it; "" for one without bytes.
  std::string show(const Figure& figure) {
    if (figure.bytes.empty()) return "";
    write(fs::path("fig") / figure.file, figure.bytes);
    return "![" + escape_markdown(figure.title) + "](fig/" + figure.file + ")";
  }

  const std::vector<fs::path>& written() const { return written_; }

 private:
  fs::path folder_;
  std::vector<fs::path> written_;
};

std::string cost_section(const Comparison& comparison, ReportFiles& files) {
  std::string out = "## Cost\n\n" + cost_table(comparison);
  const std::string picture = files.show(cost_figure(comparison));
  if (picture.empty()) return out;
  return out + picture + "\n\nError bars: as in the table above (standard deviation over seeds, or 95 % over test " +
         "images with one seed).\n\n";
}

std::string curves_section(const Comparison& comparison, ReportFiles& files) {
  std::string pictures;
  for (const Figure& figure : curve_figures(comparison)) pictures += files.show(figure) + "\n\n";
  if (pictures.empty()) return "";
  return "## Learning curves\n\nThe first seed of each row. Pretraining losses of different methods share no "
         "scale.\n\n" +
         pictures;
}

std::string strips_section(const Comparison& comparison, ReportFiles& files) {
  std::string out;
  for (const StageStrips& stage : sample_strips(comparison)) {
    out += "### " + escape_markdown(stage.stage) + "\n\n";
    if (stage.boxes) {
      out += "In each picture as many boxes as it has true ones, those of the highest score.\n\n";
    }
    const std::string legend = files.show(stage.legend);
    if (!legend.empty()) out += legend + "\n\n";
    MarkdownTable table({"row", "test images"}, 2);
    for (const Strip& strip : stage.strips) {
      table.add({strip.row.empty() ? "truth" : markdown_name(strip.row), files.show(strip.figure)});
    }
    out += table.text() + "\n";
  }
  return out.empty() ? "" : "## Pictures\n\nFixed test images, the first seed of each row.\n\n" + out;
}

std::vector<fs::path> render(const Comparison& comparison, const fs::path& report_folder) {
  ReportFiles files(report_folder);
  std::string text = "# " + escape_markdown(comparison.suite) + "\n\n";
  if (!comparison.question.empty()) text += "**Question.** " + escape_markdown(comparison.question) + "\n\n";
  text += "**Answer.** " + escape_markdown(comparison.answer) + "\n\n";
  if (!comparison.failures.empty() || !comparison.not_run.empty()) {
    text += "**Incomplete.** " + std::to_string(comparison.failures.size()) + " runs failed, " +
            std::to_string(comparison.not_run.size()) + " were not run (see Failures).\n\n";
  }
  text += results_section(comparison) + differences_section(comparison) + cost_section(comparison, files);
  text += curves_section(comparison, files) + strips_section(comparison, files);
  text += stages_section(comparison) + failures_section(comparison) + environment_section(comparison);
  text += reproduce_section(comparison) + definitions_section(comparison);
  files.write("README.md", text);
  return files.written();
}

}  // namespace

const bool registered_markdown =
    Registry<RendererEntry>::add({"markdown", "README.md with tables and pictures, for GitHub", render});

}  // namespace sslbench
