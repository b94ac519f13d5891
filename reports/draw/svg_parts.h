// SPDX-License-Identifier: Apache-2.0
// Pieces that all charts are drawn with. Numbers have one decimal, so that equal charts give equal bytes. The page of
// the HTML report recolours ink, ground and faint lines on a dark screen: every chart uses these three.
#pragma once

#include <string>

namespace sslbench::svg {

inline constexpr const char* kInk = "#24292f";
inline constexpr const char* kFaint = "#d0d7de";
inline constexpr const char* kGround = "#ffffff";
inline constexpr double kCharacter = 7;  // widest average of a 12 px sans-serif letter
inline constexpr size_t kLongestName = 28;

std::string number(double value);
// "#rrggbb" of style or class `index` (palette_colour).
std::string colour(size_t index);
// Escaped text of at most `longest` characters; what is cut is the middle, since long names often differ at the end.
std::string shortened(const std::string& name, size_t longest = kLongestName);
// Pixels of a name as `shortened` leaves it.
double name_width(const std::string& name, size_t longest = kLongestName);

// `escaped` text; `more` are further attributes.
std::string text_at(double x, double y, const std::string& escaped, const char* anchor, int size = 12,
                    const std::string& more = "");
std::string line_between(double x0, double y0, double x1, double y1, const std::string& stroke, double width);
// Circle, square, triangle, diamond and their turned or crossed kin, by style.
std::string marker(double x, double y, size_t style);

// The whole picture on its own ground.
std::string document(double width, double height, const std::string& title, const std::string& content);

}  // namespace sslbench::svg
