#include "network_picture.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "svg.hpp"

namespace program {
namespace {

// In the units of the picture, which the page scales to the room that there is.
constexpr double unit = 11, gap = 8, margin = 4, least_column = 75, line = 15;
constexpr double slant_x = 0.42, slant_y = 0.42;  // of an edge that goes away from the viewer

double edge(int extent) { return unit * std::cbrt(extent); }

/// A value, and what is written under it.
struct box {
  std::vector<int> shape;
  std::vector<std::string> names{};  ///< of the layers that make it
  std::int64_t parameters = 0;

  double channels() const { return shape.size() == 3 ? edge(shape[0]) : unit; }
  double height() const { return shape.size() == 3 ? edge(shape[1]) : edge(shape[0]); }
  double depth() const { return shape.size() == 3 ? edge(shape[2]) : unit; }
  double width() const { return channels() + slant_x * depth(); }
  double top_to_bottom() const { return height() + slant_y * depth(); }
  double column() const { return std::max(least_column, width()); }
};

/// A type without its options.
std::string kind_of(const std::string& type) { return type.substr(0, type.find('<')); }

std::vector<box> boxes_of(const network_facts& network) {
  std::vector<box> boxes{{network.input, {"Input"}}};
  for (const layer_facts& layer : network.layers) {
    if (layer.parameters > 0 || layer.shape != boxes.back().shape) boxes.push_back({layer.shape});
    boxes.back().names.push_back(layer.place + " " + kind_of(layer.type));
    boxes.back().parameters += layer.parameters;
  }
  return boxes;
}

std::string text_at(double x, double y, const char* style, const std::string& text) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="{} middle">{}</text>)", x, y, style,
                     svg::escaped(text));
}

/// The three faces that are seen, the lower left front corner at (x, y).
std::string faces(const box& b, double x, double y) {
  const double w = b.channels(), h = b.height();
  const double dx = slant_x * b.depth(), dy = slant_y * b.depth();
  return fmt::format(
      R"(<path class="front" d="M{0:.1f} {1:.1f}h{2:.1f}v{3:.1f}h{4:.1f}z"/>)"
      R"(<path class="side" d="M{5:.1f} {1:.1f}l{6:.1f} {7:.1f}v{3:.1f}l{8:.1f} {9:.1f}z"/>)"
      R"(<path class="top" d="M{0:.1f} {10:.1f}l{6:.1f} {7:.1f}h{2:.1f}l{8:.1f} {9:.1f}z"/>)",
      x, y, w, -h, -w, x + w, dx, -dy, -dx, dy, y - h);
}

}  // namespace

std::string shape_text(const std::vector<int>& shape) {
  return tnn::detail::extents_text(shape, "\u00d7");
}

std::string drawn(const network_facts& network) {
  const std::vector<box> boxes = boxes_of(network);
  double width = margin, tallest = 0;
  std::size_t lines = 0;
  for (const box& b : boxes) {
    width += b.column() + gap;
    tallest = std::max(tallest, b.top_to_bottom());
    lines = std::max(lines, b.names.size());
  }
  const double floor = margin + tallest, under = floor + 20;
  const double height = under + line * static_cast<double>(lines + 1) + margin;
  std::string s = fmt::format(
      R"(<svg class="network" viewBox="0 0 {0:.0f} {1:.0f}" style="min-width:{0:.0f}px" role="img">)"
      R"(<title>{2}: the values between its layers as boxes</title>)",
      width, height, svg::escaped(network.name));
  double x = margin;
  for (const box& b : boxes) {
    const double middle = x + b.column() / 2;
    s += "<g><title>";
    for (const std::string& name : b.names) s += svg::escaped(name) + ", ";
    s += shape_text(b.shape) + "</title>";
    s += faces(b, middle - b.width() / 2, floor);
    s += text_at(middle, under, "shape", shape_text(b.shape));
    double y = under + line;
    if (b.parameters > 0) s += text_at(middle, y, "count", svg::grouped(b.parameters));
    for (const std::string& name : b.names) s += text_at(middle, y += line, "mark", name);
    s += "</g>\n";
    x += b.column() + gap;
  }
  return s + "</svg>\n";
}

std::string table_of(const network_facts& network) {
  const auto count = [](std::int64_t n) { return n > 0 ? svg::grouped(n) : std::string(); };
  const auto row = [&](const char* cell, const std::string& place, const std::string& type,
                       const std::vector<int>& shape, std::int64_t parameters,
                       std::int64_t multiply_adds) {
    return fmt::format(
        "<tr><{0}>{1}</{0}><{0}>{2}</{0}><{0} class=\"n\">{3}</{0}><{0} class=\"n\">{4}</{0}>"
        "<{0} class=\"n\">{5}</{0}></tr>\n",
        cell, svg::escaped(place), svg::escaped(type), shape_text(shape), count(parameters),
        count(multiply_adds));
  };
  std::string s =
      "<table><thead><tr><th></th><th>layer</th><th class=\"n\">output</th>"
      "<th class=\"n\">parameters</th><th class=\"n\">multiply-adds</th></tr></thead><tbody>\n";
  s += row("td", "", "Input", network.input, 0, 0);
  for (const layer_facts& l : network.layers)
    s += row("td", l.place, l.type, l.shape, l.parameters, l.multiply_adds);
  s += row("th", "", "total", network.layers.empty() ? network.input : network.layers.back().shape,
           network.parameters, network.multiply_adds);
  return s + "</tbody></table>\n";
}

}  // namespace program
