// SPDX-License-Identifier: Apache-2.0
#include "reports/page/report_folder.h"

#include <unistd.h>

#include <functional>
#include <future>
#include <set>
#include <system_error>

#include "reports/comparison/comparison.h"
#include "reports/comparison/drawn_parts.h"
#include "reports/comparison/report_input.h"
#include "reports/comparison/shown_rows.h"
#include "reports/page/ceiling_likeness.h"
#include "reports/page/renderer.h"
#include "reports/page/report_sections.h"
#include "reports/record/record_store.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"
#include "suites/ground/threads/row_blocks.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// Where report and table go; checked before anything is read.
fs::path target_of(const std::vector<fs::path>& folders, const fs::path& out) {
  if (folders.empty()) throw UserError("no results folder given; name at least one");
  if (!out.empty()) return out;
  if (folders.size() > 1) throw UserError("a report of several folders needs a place of its own; add -o FOLDER");
  if (::access(folders.front().c_str(), F_OK) == 0 && ::access(folders.front().c_str(), W_OK) != 0) {
    throw UserError(folders.front().string() + " cannot be written; add -o FOLDER for the report");
  }
  return folders.front() / "report";
}

// Pictures of an earlier report whose row or stage is gone.
void remove_old_figures(const fs::path& report, const std::set<fs::path>& written) {
  std::error_code none;
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(report / "fig", none)) {
    if (entry.is_regular_file(none) && !written.contains(entry.path())) old.push_back(entry.path());
  }
  for (const fs::path& file : old) fs::remove(file, none);
}

// A page of an earlier report beside this one would tell of other results: it is made again.
bool is_wanted(const std::string& name, const RendererEntry& renderer, const fs::path& report,
               const ReportChoice& choice) {
  std::error_code none;
  return !renderer.on_request || choice.on_request.contains(name) ||
         (name == "html" && fs::exists(report / "report.html", none));
}

// All chosen renderers at once: JSON is written while the pictures are drawn.
std::set<fs::path> render_all(const ReportContent& content, const fs::path& report, const ReportChoice& choice) {
  std::vector<std::future<std::vector<fs::path>>> renderings;
  for (const auto& [name, renderer] : Registry<RendererEntry>::all()) {
    if (!is_wanted(name, renderer, report, choice)) continue;
    renderings.push_back(std::async(kWhereThreads, renderer.render, std::cref(content), report));
  }
  std::set<fs::path> written;
  for (auto& rendering : renderings) {
    for (const fs::path& file : rendering.get()) written.insert(report / file);
  }
  return written;
}

}  // namespace

ReportOutcome report_folder(const std::vector<fs::path>& folders, const fs::path& out, const ReportChoice& choice) {
  const fs::path report = target_of(folders, out);
  if (out.empty()) expect_no_link(report);
  expect_no_link(report / "fig");
  std::vector<std::string> refused;
  ComparisonInput input = report_input(folders, refused, {choice.sameness, choice.metrics});
  if (!choice.published.empty()) input.published = read_published(choice.published);
  const std::vector<fs::path> files = std::move(input.files);
  Comparison comparison = compare(std::move(input));
  const std::vector<size_t> rows = shown_rows(comparison);
  read_drawn_parts(files, rows, comparison);
  Comparison shown = with_rows(comparison, rows);
  read_likeness(files, shown);
  std::future<size_t> measurements = std::async(kWhereThreads, [&] {
    return write_measurements(comparison.records, (out.empty() ? folders.front() : out) / "measurements.h5");
  });
  const std::set<fs::path> written = render_all({comparison, shown}, report, choice);
  if (out.empty()) remove_old_figures(report, written);
  const auto number = [](size_t size) { return static_cast<int>(size); };
  return {report / "README.md",
          number(comparison.rows.size()),
          number(comparison.records.size()),
          number(comparison.failures.size()),
          number(comparison.not_run.size()),
          number(comparison.superseded.size()),
          number(measurements.get()),
          markdown_of(brief_document(shown)),
          std::move(refused)};
}

}  // namespace sslbench
