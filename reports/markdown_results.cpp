// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>
#include <set>

#include "reports/definitions.h"
#include "reports/escape.h"
#include "reports/markdown_sections.h"
#include "reports/markdown_table.h"
#include "reports/number_text.h"

namespace sslbench {
namespace {

std::string markdown_title(const Column& column) {
  const std::string title = markdown_name(column.protocol + "." + column.metric);
  if (!column.ambiguous) return title;
  return title + " (" + escape_markdown(column.dataset) + ", v" + std::to_string(column.version) + ")";
}

std::string marks_of(const Row& row) {
  std::string out;
  for (const std::string& mark : row.marks) out += (out.empty() ? "" : ", ") + escape_markdown(mark);
  return out;
}

std::string printed(const Cell& cell) {
  const std::string text = cell.word.empty() ? cell_text(cell) : escape_markdown(cell.word);
  return cell.best ? "**" + text + "**" : text;
}

std::string results_table(const Comparison& comparison, bool headline) {
  std::vector<std::string> header{"row", "marks"};
  for (const Column& column : comparison.columns) {
    if (column.headline == headline) header.push_back(markdown_title(column) + ", %");
  }
  if (header.size() == 2 && !headline) return "";
  MarkdownTable table(header, 2);
  for (const Row& row : comparison.rows) {
    std::vector<std::string> cells{markdown_name(row.name), marks_of(row)};
    for (size_t c = 0; c < comparison.columns.size(); ++c) {
      if (comparison.columns[c].headline == headline) cells.push_back(printed(row.cells[c]));
    }
    table.add(cells);
  }
  return table.text() + "\n";
}

std::string spread_sentence(const Comparison& comparison) {
  bool over_images = false, over_seeds = false;
  for (const Row& row : comparison.rows) {
    for (const Cell& cell : row.cells) {
      over_seeds = over_seeds || cell.values.size() > 1;
      over_images = over_images || !std::isnan(cell.interval.low);
    }
  }
  std::string out = "Percent. ";
  if (over_images) {
    out += "[low, high]: 95 % interval over resampled test images, 1 seed; it does not cover other seeds. ";
  }
  if (over_seeds) out += "±: standard deviation over n seeds. ";
  return out +
         "Bold: best row, when the 95 % interval of its difference to the runner-up excludes 0; the ceiling and "
         "collapsed rows do not compete.\n\n";
}

// One line a protocol: what its numbers were measured on.
std::string columns_list(const Comparison& comparison) {
  std::set<std::string> lines;
  std::string out;
  for (const Column& column : comparison.columns) {
    const std::string line = "- " + markdown_name(column.protocol) + ": " + escape_markdown(column.dataset) + " " +
                             escape_markdown(column.split) + ", " + count_text(static_cast<double>(column.n)) +
                             " images, protocol " + markdown_name(column.plugin) + " version " +
                             std::to_string(column.version) + "\n";
    if (lines.insert(line).second) out += line;
  }
  return out.empty() ? "" : out + "\n";
}

// What an answer that ignores the image scores, by protocol: recorded as constant_<metric>.
std::string constants_line(const Comparison& comparison) {
  std::map<std::string, std::string> seen;
  std::string out;
  for (const Record& record : comparison.records) {
    for (const StageRecord& stage : record.stages) {
      for (const Measurement& m : stage.measurements) {
        if (m.metric.rfind("constant_", 0) != 0) continue;
        const std::string name = m.protocol + "." + m.metric.substr(9);
        if (!seen.emplace(name, m.dataset).second) continue;
        out += (out.empty() ? "" : ", ") + markdown_name(name) + " " + percent_text(m.value) + " %";
      }
    }
  }
  return out.empty() ? "" : "A constant answer, the same for every image, scores: " + out + ".\n\n";
}

std::string pair_name(const Comparison& comparison, const Difference& difference) {
  return markdown_name(comparison.rows[difference.row].name) + " − " +
         markdown_name(comparison.rows[difference.over].name);
}

std::string floor_table(const Comparison& comparison) {
  std::vector<std::string> header{"row, points over " + markdown_name(comparison.rows[*comparison.floor].name)};
  std::vector<size_t> shown;
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    if (!comparison.columns[c].headline) continue;
    shown.push_back(c);
    header.push_back(markdown_title(comparison.columns[c]));
  }
  MarkdownTable table(header);
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    if (r == *comparison.floor) continue;
    std::vector<std::string> cells{markdown_name(comparison.rows[r].name)};
    for (const size_t c : shown) {
      const std::string& word = comparison.rows[r].cells[c].word;
      std::string text = word.empty() ? "not known" : escape_markdown(word);
      for (const Difference& d : comparison.over_floor) {
        if (d.column != c || d.row != r || d.seeds == 0) continue;
        text = points_text(d.value);
        if (!std::isnan(d.interval.low)) {
          text += " [" + points_text(d.interval.low) + ", " + points_text(d.interval.high) + "]";
        }
      }
      cells.push_back(text);
    }
    table.add(cells);
  }
  return table.text() + "\n";
}

}  // namespace

std::string results_section(const Comparison& comparison) {
  std::string out = "## Results\n\n" + results_table(comparison, true) + spread_sentence(comparison);
  if (comparison.mixed_revisions) {
    out +=
        "The rows, or stages of a row, were made by **different revisions** of the program (see marks); their numbers "
        "may differ for that reason alone.\n\n";
  }
  out += constants_line(comparison);
  for (const std::string& note : comparison.notes) out += "- " + escape_markdown(note) + "\n";
  if (!comparison.notes.empty()) out += "\n";
  return out + columns_list(comparison);
}

std::string differences_section(const Comparison& comparison) {
  if (!comparison.primary) return "";
  const std::string title = markdown_title(comparison.columns[*comparison.primary]);
  std::string out = "## Differences\n\n" + title +
                    ", difference of two rows with its 95 % interval (paired: the same "
                    "resampled test images, or the same seeds):\n\n";
  for (const Difference& d : comparison.over_floor) {
    if (d.column == *comparison.primary) {
      out += "- " + pair_name(comparison, d) + ": " + difference_text(d) + "\n";
    }
  }
  out += "\nRows by value, each over the next:\n\n";
  for (const Difference& d : comparison.steps) {
    out += "- " + pair_name(comparison, d) + ": " + difference_text(d) + "\n";
  }
  return out + "\n" + (comparison.floor ? floor_table(comparison) : "");
}

std::string definitions_section(const Comparison& comparison) {
  std::map<std::string, bool> seen;
  std::string out = "## How each number is defined\n\n";
  for (const Column& column : comparison.columns) {
    if (seen.emplace(column.metric, true).second) {
      out += "- " + markdown_name(column.metric) + ": " + definition_of(column.metric) + "\n";
    }
  }
  out +=
      "- images/s: source images (not views), median of windows, set-up apart\n"
      "- peak memory: of the process (resident set) and of its tensors (counted by the allocator), during the stage\n"
      "- interval: quantiles 2.5 and 97.5 % of the metric over 1,000 resamples of the test images (the same for every "
      "row), "
      "moved by the resampling's own bias\n"
      "- a point is 0.01 of a fraction; test images are read once, and nothing is chosen on them\n\n";
  const std::string further = results_table(comparison, false);
  return further.empty() ? out : out + "### Further numbers\n\n" + further;
}

}  // namespace sslbench
