// SPDX-License-Identifier: Apache-2.0
// README.md and its pictures below fig/.
#include "reports/page/renderer.h"
#include "reports/text/document.h"
#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> render(const ReportContent& content, const fs::path& report_folder) {
  std::vector<fs::path> written;
  for (const Figure* figure : figures_of(content.document())) {
    written.push_back(fs::path("fig") / figure->file);
    write_atomically(report_folder / written.back(), figure->bytes);
  }
  write_atomically(report_folder / "README.md", markdown_of(content.document()));
  written.emplace_back("README.md");
  return written;
}

}  // namespace

const bool registered_markdown =
    Registry<RendererEntry>::add({"markdown", "README.md with tables and pictures, for GitHub", render});

}  // namespace sslbench
