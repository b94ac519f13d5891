// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/published_figures.h"

#include <cmath>
#include <cstdlib>
#include <map>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/csv.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

class Line {
 public:
  Line(const std::map<std::string, std::string>& fields, std::string where)
      : fields_(fields), where_(std::move(where)) {}

  std::string text(const std::string& key) const {
    const auto found = fields_.find(key);
    if (found == fields_.end()) throw UserError(where_ + ": no column '" + key + "'");
    return found->second;
  }
  double number(const std::string& key) const {
    const std::string written = text(key);
    if (written.empty()) return 0;
    char* end = nullptr;
    const double value = std::strtod(written.c_str(), &end);
    if (*end != '\0' || !std::isfinite(value)) {
      throw UserError(where_ + ": " + key + " is '" + written + "', expected a number");
    }
    return value;
  }

 private:
  const std::map<std::string, std::string>& fields_;
  std::string where_;
};

PublishedFigure figure_of(const Line& line) {
  return {line.text("method"),
          line.text("dataset"),
          line.text("backbone"),
          static_cast<int64_t>(line.number("epochs")),
          static_cast<int64_t>(line.number("batch_size")),
          line.text("protocol"),
          line.text("metric"),
          line.number("value"),
          line.text("selection"),
          line.text("source"),
          line.text("notes")};
}

std::vector<CsvRow> rows_of(const std::string& text, const std::filesystem::path& file) {
  try {
    return parse_csv(text);
  } catch (const BadCsv& mistake) {
    throw UserError(file.string() + ": " + mistake.what());
  }
}

}  // namespace

std::vector<PublishedFigure> read_published(const std::filesystem::path& file) {
  std::string text;
  try {
    text = read_file(file);
  } catch (const std::system_error& error) {
    throw UserError(file.string() + " cannot be read: " + error.code().message());
  }
  std::vector<PublishedFigure> out;
  std::vector<std::string> names;
  for (const auto& [number, fields] : rows_of(text, file)) {
    if (fields[0].starts_with('#')) continue;
    if (names.empty()) {
      names = fields;
      continue;
    }
    const std::string where = file.string() + ":" + std::to_string(number);
    if (fields.size() != names.size()) {
      throw UserError(where + ": " + std::to_string(fields.size()) + " fields, expected " +
                      std::to_string(names.size()));
    }
    std::map<std::string, std::string> by_name;
    for (size_t i = 0; i < names.size(); ++i) by_name[names[i]] = fields[i];
    out.push_back(figure_of(Line(by_name, where)));
  }
  return out;
}

}  // namespace sslbench
