// SPDX-License-Identifier: Apache-2.0
#include "reports/draw/chart.h"

#include <gtest/gtest.h>

#include <cmath>
#include <pugixml.hpp>
#include <set>

#include "reports/draw/chart_axis.h"

namespace sslbench {
namespace {

Chart sample_chart() {
  Chart chart{"accuracy <& cost>", "time, s", "top1, %", {}};
  chart.series.push_back({"a", {0.0}, {17.6}, {15.0}, {20.0}, false, 0});
  chart.series.push_back({"b", {44.0}, {51.9}, {50.0}, {54.0}, false, 1});
  chart.series.push_back({"c", {0, 1, std::nan("")}, {1, 2, 3}, {}, {}, true, 2});
  return chart;
}

TEST(ChartTest, IsWellFormedWithEscapedText) {
  pugi::xml_document document;
  const std::string svg = chart_svg(sample_chart());
  ASSERT_TRUE(document.load_string(svg.c_str())) << svg;
  EXPECT_STREQ(document.child("svg").child("title").text().get(), "accuracy <& cost>");
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(ChartTest, EqualChartsAreEqualBytes) { EXPECT_EQ(chart_svg(sample_chart()), chart_svg(sample_chart())); }

TEST(ChartTest, HasItsOwnGround) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(chart_svg(sample_chart()).c_str()));
  const pugi::xml_node ground = document.child("svg").child("rect");
  EXPECT_STREQ(ground.attribute("fill").value(), "#ffffff");
  EXPECT_STREQ(ground.attribute("width").value(), document.child("svg").attribute("width").value());
}

TEST(ChartTest, EveryTextLiesInsideThePicture) {
  pugi::xml_document document;
  Chart chart = sample_chart();
  chart.series[0].name = std::string(300, 'w');
  ASSERT_TRUE(document.load_string(chart_svg(chart).c_str()));
  const pugi::xml_node svg = document.child("svg");
  for (const pugi::xml_node text : svg.children("text")) {
    const double width = 7.0 * static_cast<double>(std::string(text.text().get()).size());
    const std::string anchor = text.attribute("text-anchor").value();
    const double x = text.attribute("x").as_double();
    if (text.attribute("transform")) continue;
    EXPECT_GE(anchor == "end" ? x - width : x, -1) << text.text().get();
    EXPECT_LE(anchor == "start" ? x + width : x, svg.attribute("width").as_double() + 10) << text.text().get();
  }
}

TEST(ChartTest, AChartWithoutPointsSaysSo) {
  EXPECT_NE(chart_svg({"empty", "x", "y", {}}).find("nothing measured"), std::string::npos);
}

TEST(ChartTest, ColoursOfTheFirstTwentyAreDifferent) {
  std::set<uint32_t> colours;
  for (size_t i = 0; i < 20; ++i) colours.insert(palette_colour(i));
  EXPECT_EQ(colours.size(), 20u);
}

TEST(ChartAxisTest, TicksAreRoundAndCoverTheData) {
  const Axis axis(0.3, 47.2, 0, 500, 6);
  EXPECT_EQ(axis.ticks(), (std::vector<double>{0, 10, 20, 30, 40, 50}));
  EXPECT_EQ(axis.label(20), "20");
  EXPECT_DOUBLE_EQ(axis.pixel(25), 250);
}

TEST(ChartAxisTest, ASingleValueHasRoomAroundIt) {
  const Axis axis(5, 5, 0, 100, 4);
  EXPECT_GT(axis.pixel(5), 10);
  EXPECT_LT(axis.pixel(5), 90);
}

TEST(ChartAxisTest, SmallStepsKeepTheirDigits) {
  const Axis axis(0.001, 0.0042, 0, 100, 4);
  EXPECT_EQ(axis.label(0.002), "0.002");
}

}  // namespace
}  // namespace sslbench
