// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/output_place.h"

#include <system_error>

#include "datasets/install/file_manifest.h"
#include "datasets/readers/data_text.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"

namespace sslbench {

namespace fs = std::filesystem;

std::string why_not_written(const std::string& place) {
  std::error_code error;
  const fs::path whole = fs::absolute(place, error);
  if (error) return "";
  const fs::path real = fs::weakly_canonical(whole, error);
  if (error) return "";  // who writes there says what is wrong
  for (fs::path at = real;; at = at.parent_path()) {
    if (fs::is_regular_file(at / kFactsName, error) && fs::is_regular_file(at / kManifestName, error)) {
      return "'" + place + "' lies in the dataset that is installed in " + at.string() + "; name a place outside of it";
    }
    if (!at.has_relative_path()) return "";
  }
}

void expect_writable_place(const fs::path& place) {
  const std::string reason = why_not_written(place.string());
  if (!reason.empty()) throw UserError(reason);
}

void expect_utf8(const fs::path& path) {
  if (first_not_utf8(path.string()) == std::string::npos) return;
  throw UserError("the path '" + printable(path.string()) + "' is not UTF-8; rename it");
}

}  // namespace sslbench
