// SPDX-License-Identifier: Apache-2.0
#include "reports/text/document.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(DocumentTableTest, DropsColumnsInWhichNoRowHasANumber) {
  DocumentTable table({"row", "energy", "images/s", "memory"}, 1);
  table.add({"random_init", "–", "–", "–"});
  table.add({"simclr", "–", TableCell(Text("7"), 7), TableCell(Text("failed"))});
  table.drop_columns_without_numbers();
  ASSERT_EQ(table.header().size(), 2u);
  EXPECT_EQ(table.header()[1].spans()[0].text, "images/s");
  EXPECT_EQ(table.rows()[1][1].text.spans()[0].text, "7");
}

TEST(DocumentTableTest, KeepsColumnsOfTexts) {
  DocumentTable table({"row", "budget", "energy"}, 2);
  table.add({"random_init", "none", "–"});
  table.drop_columns_without_numbers();
  EXPECT_EQ(table.header().size(), 2u);
}

}  // namespace
}  // namespace sslbench
