// SPDX-License-Identifier: Apache-2.0
// Renderer: writes one form of a report. A new one is one file that registers a RendererEntry on its last line.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "reports/comparison/comparison.h"
#include "reports/text/document.h"
#include "suites/ground/registry.h"

namespace sslbench {

// What there is to render; several renderers may read it at once.
class ReportContent {
 public:
  // `shown`: the part of it that pages show (shown_rows.h).
  ReportContent(const Comparison& of, const Comparison& shown) : comparison(of), shown(shown) {}
  const Comparison &comparison, &shown;
  // What is shown as people read it; made for the first that asks.
  const Document& document() const;

 private:
  mutable std::once_flag once_;
  mutable Document document_;
};

struct RendererEntry {
  static constexpr const char* kind() { return "renderer"; }
  std::string name;
  std::string summary;  // one line
  // Writes its files below `report_folder` and returns their paths in it; the same content gives the same bytes.
  // RunFailure(storage) when it cannot.
  std::function<std::vector<std::filesystem::path>(const ReportContent&, const std::filesystem::path& report_folder)>
      render;
  bool on_request = false;  // written only when it is asked for by name
};

}  // namespace sslbench
