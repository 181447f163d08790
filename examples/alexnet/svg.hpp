#pragma once
// Parts of a page in well-formed XHTML: escaped text, numbers, images in the page itself, and
// charts as SVG. Colours and dashes are classes that the page's style sheet knows. A value that is
// no finite number is shown as a dash, and leaves a gap in a curve.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "series.hpp"

namespace svg {

using pictures::place;

/// Any text as XML shows it: markup escaped, what nobody can see written as \xNN, and at most some
/// 4,000 bytes of it.
std::string escaped(std::string_view text);

/// A number to so many decimals, or a dash.
std::string number(double value, int decimals);
/// A share from 0 to 1 as a percentage, or a dash.
std::string percent(double share, int decimals = 1);
/// 46,764,746.
std::string grouped(std::int64_t count);
/// As short as on an axis: 0.05, 20, 500k, 1M.
std::string short_number(double value);
/// Seconds as people read them: 4.2 s, 4:07 min, 1:05:09 h.
std::string duration(double seconds);

/// The address of an image that holds the bytes of a PNG file itself.
std::string png_address(std::string_view png);

/// One curve of a chart. A curve of few points has a dot at each.
struct curve {
  std::string name;   ///< in the legend; empty: not there
  std::string style;  ///< the class of the page's style sheet
  std::vector<place> points;
};

/// From 0 up; shares of 1 as percentages; or powers of ten where the values span one.
enum class scale { from_zero, share, powers };

struct chart {
  std::string title;  ///< what a reader who sees no picture is told
  std::string x, y;   ///< what the axes measure
  scale how = scale::from_zero;
  std::vector<curve> curves;
};

/// The chart as an <svg> element. Curves of any length are thinned to what can be seen.
std::string drawn(const chart& what);

}  // namespace svg
