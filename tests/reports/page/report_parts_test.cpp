// SPDX-License-Identifier: Apache-2.0
// The parts that a report is made of: document, front, rank stability, published numbers.
#include <gtest/gtest.h>

#include <cmath>
#include <pugixml.hpp>

#include "reports/comparison/cost_front.h"
#include "reports/comparison/findings/rank_stability.h"
#include "reports/comparison/published_figures.h"
#include "reports/draw/chart.h"
#include "reports/page/report_sections.h"
#include "reports/text/document.h"
#include "suites/ground/error.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

TEST(DocumentTest, MarkdownAndHtmlEscapeWhatIsForeignAndKeepWhatIsOurs) {
  Document document;
  add(document, Heading{2, "A title"});
  add(document, Paragraph{Text(std::string("<b>|x")) + " [1, 2] " + Text::name("a_b") + " " + Text::strong("50.0")});
  DocumentTable table({"row", "value"});
  table.add({Text::name("a"), TableCell(Text::own("1.5"), 1.5)});
  add(document, std::move(table));
  EXPECT_EQ(markdown_of(document),
            "## A title\n\n&lt;b&gt;\\|x [1, 2] `a_b` **50.0**\n\n| row | value |\n|---|---:|\n| `a` | 1.5 |\n\n");
  const std::string html = html_page(document, "t");
  EXPECT_NE(html.find("<p>&lt;b&gt;|x [1, 2] <code>a_b</code> <strong>50.0</strong></p>"), std::string::npos);
  EXPECT_NE(html.find("<td class=\"number\" data-order=\"1.5\">1.5</td>"), std::string::npos);
}

TEST(DocumentTest, ContentsLeadToTheHeadingsBehindThem) {
  Document document;
  add(document, Heading{2, "Before"});
  add(document, Heading{2, "What it costs, in CPU time"});
  add(document, Heading{3, "A part"});
  add(document, Heading{2, Text("Curves of ") + Text::name("a_b")});
  document.insert(document.begin() + 1, Block{contents_of(document, 1)});
  EXPECT_EQ(markdown_of(document).substr(11, 95),
            "[What it costs, in CPU time](#what-it-costs-in-cpu-time) · [Curves of `a_b`](#curves-of-a_b)\n\n");
  const std::string html = html_page(document, "t");
  EXPECT_NE(html.find("<a href=\"#curves-of-a_b\">Curves of <code>a_b</code></a>"), std::string::npos);
  EXPECT_NE(html.find("<h2 id=\"curves-of-a_b\">"), std::string::npos);
}

TEST(DocumentTest, ThePageHoldsItsPicturesAndAsksForNothingElse) {
  Document document;
  add(document, Figure{"a.svg", "chart", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"});
  add(document, Figure{"b.png", "picture", std::string("ab\0d", 4)});
  const std::string html = html_page(document, "t");
  EXPECT_NE(html.find("src=\"data:image/png;base64,YWIAZA==\""), std::string::npos);
  for (const char* outside : {"src=\"http", "href=\"http", "url(", "@import", "fig/"}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
}

TEST(DocumentTest, NarrowColumnsMayBreakBeforeAnIntervalAndBehindAProtocol) {
  DocumentTable table({"row", Text::name("knn.top1")});
  table.add({Text::name("a.b [c]"), Text::own("1.5 [1.0, 2.0]")});
  table.add({Text::name("b"), Text::own("1.5 ± 0.2 (n = 3)")});
  Document document;
  add(document, std::move(table));
  const std::string html = html_page(document, "t");
  for (const char* part :
       {"<code>knn.<wbr>top1</code>", "<code>a.b [c]</code>", "1.5 <wbr>[1.0, 2.0]", "0.2 <wbr>(n = 3)"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
}

Comparison small_comparison(const std::vector<std::pair<std::string, std::vector<double>>>& rows) {
  ComparisonInput input;
  for (const auto& [name, values] : rows) {
    for (size_t seed = 0; seed < values.size(); ++seed) {
      input.records.push_back(sample_record(name, static_cast<int64_t>(seed), values[seed]));
      input.records.back().stages[0].cpu_seconds = 100 * values[seed];
      input.planned.push_back({name, static_cast<int64_t>(seed), input.records.back().run});
    }
  }
  return compare(std::move(input));
}

TEST(ResultsTest, WhetherWeightsFromElsewhereSawLabelsIsNotKnown) {
  const auto results = [](bool elsewhere) {
    ComparisonInput input;
    input.records.push_back(sample_record("theirs", 0, 0.5));
    input.records.back().facts["pretrained_elsewhere"] = elsewhere;
    input.planned.push_back({"theirs", 0, input.records.back().run});
    Document document;
    add_results(compare(std::move(input)), document);
    return markdown_of(document);
  };
  EXPECT_NE(results(true).find("| not known |"), std::string::npos) << results(true);
  EXPECT_EQ(results(false).find("not known"), std::string::npos);
}

TEST(FurtherNumbersTest, HaveALineForEachMetricWhereMetricsAreMany) {
  const auto further = [](const std::vector<std::string>& classes) {
    ComparisonInput input;
    for (const char* row : {"a", "b"}) {
      input.records.push_back(sample_record(row, 0, 0.5));
      std::vector<Measurement>& measured = input.records.back().stages.back().measurements;
      for (const std::string& name : classes) {
        measured.push_back(measured.front());
        measured.back().metric = "iou/" + name;
      }
      input.planned.push_back({row, 0, input.records.back().run});
    }
    Document document;
    add_further_numbers(compare(std::move(input)), document);
    return markdown_of(document);
  };
  EXPECT_EQ(further({}), "");
  EXPECT_NE(further({"x"}).find("| row |"), std::string::npos);
  const std::string many = further({"x", "y", "z"});
  EXPECT_NE(many.find("| metric | `a` | `b` |"), std::string::npos) << many;
}

TEST(CostFrontTest, HoldsWhatNothingBeatsAtALowerCost) {
  Comparison comparison = small_comparison({{"cheap", {0.2}}, {"good", {0.6}}, {"worse", {0.4}}});
  CostAxis cost = cost_axis(comparison);
  EXPECT_EQ(cost.label, "CPU time of pretraining, s");
  EXPECT_EQ(cost_front(comparison, 0, cost), (std::vector<size_t>{0, 2, 1}));
  cost.by_row[2] = 1000;
  EXPECT_EQ(cost_front(comparison, 0, cost), (std::vector<size_t>{0, 1}));
}

TEST(RankStabilityTest, SharesAddUpAndFollowTheSeeds) {
  const auto clear = rank_stability(small_comparison({{"a", {0.2, 0.21, 0.22}}, {"b", {0.6, 0.61, 0.62}}}), 0);
  ASSERT_TRUE(clear);
  EXPECT_TRUE(clear->over_seeds);
  EXPECT_NEAR(clear->best[1], 1, 1e-9);
  const auto open = rank_stability(small_comparison({{"a", {0.2, 0.4, 0.6}}, {"b", {0.21, 0.39, 0.6}}}), 0);
  ASSERT_TRUE(open);
  EXPECT_NEAR(open->best[0] + open->best[1], 1, 1e-9);
  EXPECT_GT(open->best[0], 0.2);
  EXPECT_LT(open->best[0], 0.8);
}

TEST(RankStabilityTest, RowsThatAreEqualShareTheFirstPlace) {
  const auto shared = rank_stability(small_comparison({{"a", {0.5}}, {"b", {0.5}}, {"c", {0.1}}}), 0);
  ASSERT_TRUE(shared);
  EXPECT_NEAR(shared->best[0], 0.5, 1e-9);
  EXPECT_NEAR(shared->best[1], 0.5, 1e-9);
  EXPECT_EQ(shared->best[2], 0);
}

TEST(RankStabilityTest, OneSeedResamplesTestImagesAndAMixtureIsRefused) {
  const auto images = rank_stability(small_comparison({{"a", {0.5}}, {"b", {0.51}}}), 0);
  ASSERT_TRUE(images);
  EXPECT_FALSE(images->over_seeds);
  EXPECT_FALSE(rank_stability(small_comparison({{"a", {0.5}}, {"b", {0.5, 0.6}}}), 0));
  EXPECT_FALSE(rank_stability(small_comparison({{"a", {0.5, 0.6}}}), 0));
}

// Every seed of fixed weights says the same: only test images tell how firm the ranks are.
TEST(RankStabilityTest, SeedsThatAgreeLeaveTheTestImages) {
  ComparisonInput input;
  for (const int64_t seed : {0, 1, 2}) {
    for (const auto& [row, top1] : {std::pair{"a", 0.5}, {"b", 0.505}}) {
      Record record = sample_record(row, seed, top1);
      auto& replicates = record.stages[1].replicates["top1"].own();
      if (row[0] == 'b') std::reverse(replicates.begin(), replicates.end());
      input.planned.push_back({row, seed, record.run});
      input.records.push_back(std::move(record));
    }
  }
  const Comparison comparison = compare(std::move(input));
  const auto stability = rank_stability(comparison, 0);
  ASSERT_TRUE(stability);
  EXPECT_TRUE(stability->over_seeds);
  EXPECT_NEAR(stability->best[1], 0.5625, 0.01) << "a is ahead where its replicates, -2 to +2 points, are above b's";
}

TEST(PublishedFiguresTest, TheShippedFileIsReadWhole) {
  const auto all = read_published(fs::path(SSLBENCH_SOURCE_DIR) / "reports/published.csv");
  EXPECT_GT(all.size(), 100u);
  for (const PublishedFigure& figure : all) EXPECT_TRUE(figure.value > 0 && figure.value <= 1) << figure.method;
}

TEST(PublishedFiguresTest, AMistakeNamesFileAndLine) {
  const ScratchFolder folder;
  const fs::path file = folder.path() / "p.csv";
  const std::string head = "method,dataset,backbone,epochs,batch_size,protocol,metric,value,selection,source,notes\n";
  for (const char* line : {"a,b,c\n", "a,b,c,1,1,knn,top1,high,x,y,z\n"}) {
    write_atomically(file, "# comment\n" + head + line);
    try {
      read_published(file);
      FAIL() << line;
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find("p.csv:3"), std::string::npos) << error.what();
    }
  }
}

TEST(CellTextTest, TiesAreMarkedAndTheIntervalIsWiderThanStudents) {
  const Comparison comparison = small_comparison({{"a", {0.50, 0.51, 0.52}}, {"b", {0.51, 0.50, 0.53}}});
  EXPECT_TRUE(comparison.rows[0].cells[0].tied && comparison.rows[1].cells[0].tied);
  EXPECT_FALSE(comparison.rows[1].cells[0].best);
  // Over seeds alone t(0.975, 2) sd / sqrt(3) = 0.024841; of the images, replicates of deviation 0.0116 add to it.
  EXPECT_NEAR(comparison.rows[0].cells[0].interval.high - 0.51, 0.0254, 1e-4);
}

TEST(RowChartTest, FortyLongNamesStayInsideAndApart) {
  RowChart chart{"title", "x", {}};
  for (size_t i = 0; i < 40; ++i) {
    chart.rows.push_back({"a_row_with_a_very_long_name_that_ends_in_" + std::to_string(i),
                          1.0 + static_cast<double>(i),
                          0.5,
                          50,
                          {},
                          i});
  }
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(row_chart_svg(chart).c_str()));
  double before = -100;
  for (const pugi::xml_node text : document.child("svg").children("text")) {
    const std::string anchor = text.attribute("text-anchor").value();
    if (anchor != "end") continue;
    const double y = text.attribute("y").as_double();
    EXPECT_GE(y - before, 14) << "labels overlap";
    before = y;
    EXPECT_GE(text.attribute("x").as_double() - 7 * 28, 0) << text.text().get();
    EXPECT_LT(y, document.child("svg").attribute("height").as_double());
  }
  EXPECT_NE(row_chart_svg(chart).find("_39<"), std::string::npos) << "the end of a long name tells rows apart";
}

}  // namespace
}  // namespace sslbench
