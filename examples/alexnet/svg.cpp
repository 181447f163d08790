#include "svg.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include <fmt/format.h>

#include <tnn/core/summary.hpp>
#include <tnn/files/printable.hpp>

namespace svg {
namespace {

constexpr const char* dash = "\u2013";
// A chart in the units of its picture, which the page scales to the room that there is.
constexpr double width = 460, height = 286, left = 50, right = 446, top = 46, bottom = 244;
constexpr std::size_t most_points = 1000, most_dots = 40;
constexpr double largest_drawn = 1e30;

/// One axis: the values at its ends, its marks, and whether it counts in powers of ten.
struct axis {
  double least = 0, most = 1;
  std::vector<double> marks;
  bool logarithmic = false;

  /// From 0 at the least to 1 at the most.
  double share(double value) const {
    if (!logarithmic) return (value - least) / (most - least);
    return (std::log10(value) - std::log10(least)) / (std::log10(most) - std::log10(least));
  }
  void mark_every(double distance) {
    const auto count = static_cast<int>(std::lround((most - least) / distance));
    for (int i = 0; i <= count; ++i) marks.push_back(least + i * distance);
  }
};

axis whole_marks_from_zero(double most, int wanted, double least_distance) {
  const double range = most > 0 ? std::clamp(most, 1e-9, largest_drawn) : 1;
  const double distance = std::max(pictures::mark_distance(range, wanted), least_distance);
  axis a;
  a.most = std::ceil(range / distance - 1e-9) * distance;
  a.mark_every(distance);
  return a;
}

axis steps_axis(double last) {
  axis a;
  a.most = std::clamp(last, 1.0, 1e19);
  const double distance = std::max(pictures::mark_distance(a.most, 5), 1.0);
  for (double mark = 0; mark <= a.most * (1 + 1e-9); mark += distance) a.marks.push_back(mark);
  return a;
}

axis shares_axis(double lowest, double highest) {
  const double low = std::clamp(lowest, 0.0, 0.95), high = std::clamp(highest, low + 0.05, 1.0);
  const double distance = pictures::mark_distance(high - low, 5);
  axis a;
  a.least = std::floor(low / distance + 1e-9) * distance;
  a.most = std::ceil(high / distance - 1e-9) * distance;
  a.mark_every(distance);
  return a;
}

axis powers_axis(double lowest, double highest) {
  axis a;
  a.logarithmic = true;
  const auto power_of = [](double value) {
    return std::log10(std::clamp(value, 1 / largest_drawn, largest_drawn));
  };
  const double first = std::floor(power_of(lowest) + 1e-9);
  const double last = std::max(std::ceil(power_of(highest) - 1e-9), first + 1);
  a.least = std::pow(10, first);
  a.most = std::pow(10, last);
  const double each = std::ceil((last - first) / 6);
  for (double power = first; power <= last; power += each) a.marks.push_back(std::pow(10, power));
  return a;
}

/// The range of the curves' finite values.
struct extremes {
  double last_x = 0, lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
};
extremes extremes_of(const chart& what) {
  extremes found;
  for (const curve& c : what.curves)
    for (const place& p : c.points) {
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
      found.last_x = std::max(found.last_x, p.x);
      found.lowest = std::min(found.lowest, p.y);
      found.highest = std::max(found.highest, p.y);
    }
  return found;
}

axis values_axis(scale how, const extremes& of) {
  if (of.highest < of.lowest) return whole_marks_from_zero(1, 5, 0);
  if (how == scale::share) return shares_axis(of.lowest, of.highest);
  if (how == scale::powers && of.lowest > 0 && of.highest >= 9 * of.lowest)
    return powers_axis(of.lowest, of.highest);
  return whole_marks_from_zero(of.highest, 5, 0);
}

/// The axes of a chart and the way from values to places in the picture.
struct frame {
  axis x, y;
  double x_of(double value) const { return left + (right - left) * x.share(value); }
  double y_of(double value) const {
    return bottom - (bottom - top) * std::clamp(y.share(value), 0.0, 1.0);
  }
  bool shows(const place& p) const {
    return std::isfinite(p.x) && std::isfinite(p.y) && (!y.logarithmic || p.y > 0);
  }
};

std::string drawn_axes(const frame& f, const chart& what) {
  std::string s;
  for (const double mark : f.y.marks) {
    const double y = f.y_of(mark);
    s += fmt::format(R"(<path class="grid" d="M{} {:.1f}H{}"/>)", left, y, right);
    const std::string text = what.how == scale::share ? percent(mark, 0) : short_number(mark);
    s +=
        fmt::format(R"(<text x="{}" y="{:.1f}" class="mark end">{}</text>)", left - 7, y + 4, text);
  }
  for (const double mark : f.x.marks) {
    const double x = f.x_of(mark);
    s += fmt::format(R"(<path class="axis" d="M{:.1f} {}v5"/>)", x, bottom);
    s += fmt::format(R"(<text x="{:.1f}" y="{}" class="mark middle">{}</text>)", x, bottom + 18,
                     short_number(mark));
  }
  s += fmt::format(R"(<path class="axis" d="M{} {}H{}"/>)", left, bottom, right);
  s += fmt::format(R"(<text x="{}" y="{}" class="mark end">{}</text>)", right, bottom + 36,
                   escaped(what.x));
  s += fmt::format(R"(<text x="{}" y="12" class="mark">{}</text>)", 2, escaped(what.y));
  return s;
}

/// A path through the points, begun anew after each gap; a point between two gaps is a dot.
std::string path_of(const frame& f, std::span<const place> points) {
  std::string d;
  bool down = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!f.shows(points[i])) {
      down = false;
      continue;
    }
    d += fmt::format("{}{:.1f} {:.1f}", down ? 'L' : 'M', f.x_of(points[i].x), f.y_of(points[i].y));
    if (!down && (i + 1 == points.size() || !f.shows(points[i + 1]))) d += "h0";
    down = true;
  }
  return d;
}

std::string drawn_curve(const frame& f, const curve& c) {
  const std::vector<place> points = pictures::thinned(c.points, most_points);
  const std::string d = path_of(f, points);
  if (d.empty()) return {};
  std::string s = fmt::format(R"(<path class="curve {}" d="{}"/>)", c.style, d);
  if (points.size() > most_dots) return s;
  for (const place& p : points)
    if (f.shows(p))
      s += fmt::format(R"(<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="3.2"/>)", c.style,
                       f.x_of(p.x), f.y_of(p.y));
  return s;
}

std::string drawn_legend(const chart& what) {
  std::string s;
  double x = left;
  for (const curve& c : what.curves) {
    if (c.name.empty() || c.points.empty()) continue;
    s += fmt::format(R"(<path class="curve {}" d="M{:.1f} 28h24"/>)", c.style, x);
    s += fmt::format(R"(<text x="{:.1f}" y="32" class="mark">{}</text>)", x + 30, escaped(c.name));
    x += 30 + 7.2 * static_cast<double>(c.name.size()) + 18;
  }
  return s;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string s;
  for (const char c : tnn::detail::printable(text, 4096)) {
    switch (c) {
      case '&':
        s += "&amp;";
        break;
      case '<':
        s += "&lt;";
        break;
      case '>':
        s += "&gt;";
        break;
      case '"':
        s += "&quot;";
        break;
      case '\'':
        s += "&#39;";
        break;
      default:
        s += c;
    }
  }
  return s;
}

std::string number(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : dash;
}

std::string percent(double share, int decimals) {
  return std::isfinite(share) ? number(100 * share, decimals) + "%" : dash;
}

std::string grouped(std::int64_t count) { return tnn::detail::grouped(count); }

std::string short_number(double value) {
  if (!std::isfinite(value)) return dash;
  const double size = std::abs(value);
  if (size >= 1e15) return fmt::format("{:.3g}", value);
  if (size >= 1e9) return fmt::format("{:.4g}G", value / 1e9);
  if (size >= 1e6) return fmt::format("{:.4g}M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:.4g}k", value / 1e3);
  return fmt::format("{:.4g}", value);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e15) return dash;
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02} h", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string png_address(std::string_view png) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string s = "data:image/png;base64,";
  for (std::size_t i = 0; i < png.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = i; k < i + 3; ++k)
      three = three << 8 | (k < png.size() ? static_cast<unsigned char>(png[k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      s += i + k <= png.size() ? digits[three >> (18 - 6 * k) & 63] : '=';
  }
  return s;
}

std::string drawn(const chart& what) {
  const extremes range = extremes_of(what);
  const frame f{steps_axis(range.last_x), values_axis(what.how, range)};
  std::string s =
      fmt::format(R"(<svg class="chart" viewBox="0 0 {} {}" role="img"><title>{}</title>)", width,
                  height, escaped(what.title));
  s += drawn_axes(f, what);
  for (const curve& c : what.curves) s += drawn_curve(f, c);
  if (range.highest < range.lowest)
    s += fmt::format(R"(<text x="{}" y="{}" class="mark middle">nothing yet</text>)",
                     (left + right) / 2, (top + bottom) / 2);
  return s + drawn_legend(what) + "</svg>\n";
}

}  // namespace svg
