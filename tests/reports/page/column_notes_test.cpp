// SPDX-License-Identifier: Apache-2.0
#include "reports/page/column_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/page/report_sections.h"
#include "reports/text/document.h"
#include "tests/reports/results_folder.h"

namespace sslbench {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

// What is said about the columns of two rows whose linear probes start from these presets; null: the record has none.
std::string notes(const json& one, const json& other) {
  ComparisonInput input;
  for (const auto& [row, preset] : {std::pair("simclr", one), std::pair("byol", other)}) {
    Record record = sample_record(row, 0, 0.5);
    json& entry = record.effective["protocols"] =
        json::array({{{"row", "linear_probe"}, {"settings", json::object()}}});
    if (!preset.is_null()) entry[0]["preset"] = preset;
    input.planned.push_back({row, 0, record.run});
    input.records.push_back(std::move(record));
  }
  Document document;
  add(document, columns_list(compare(std::move(input))));
  return markdown_of(document);
}

TEST(ColumnNotesTest, NameThePresetThatAllRowsStartFrom) {
  EXPECT_THAT(notes("dinov2", "dinov2"), HasSubstr(" version 1, from preset dinov2"));
}

TEST(ColumnNotesTest, NameNoPresetWhereSomeRowHasNoneOrAnother) {
  EXPECT_THAT(notes("dinov2", nullptr), Not(HasSubstr("preset")));
  EXPECT_THAT(notes("dinov2", "simclr"), Not(HasSubstr("preset")));
  EXPECT_THAT(notes(nullptr, nullptr), Not(HasSubstr("preset")));
}

}  // namespace
}  // namespace sslbench
