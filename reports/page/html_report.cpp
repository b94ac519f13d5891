// SPDX-License-Identifier: Apache-2.0
// report.html: the same document as README.md in one file.
#include "reports/page/renderer.h"
#include "reports/text/document.h"
#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {

std::vector<std::filesystem::path> render(const ReportContent& content, const std::filesystem::path& report_folder) {
  write_atomically(report_folder / "report.html", html_page(content.document(), content.comparison.suite));
  return {"report.html"};
}

}  // namespace

const bool registered_html =
    Registry<RendererEntry>::add({"html", "report.html: one page that needs no other file", render, true});

}  // namespace sslbench
