#pragma once
// A picture to draw on: rectangles, smooth lines and text. What falls outside is cut off. A line's
// coordinates are those of pixel centres.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "font.hpp"
#include "image.hpp"

namespace pictures {

struct colour {
  std::uint8_t red, green, blue;
};

constexpr colour grey_level(std::uint8_t level) { return {level, level, level}; }

enum class align { left, centre, right };

class canvas {
 public:
  canvas(int width, int height, colour background) : image_{width, height, {}} {
    image_.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    fill(0, 0, width, height, background);
  }

  const rgb_image& image() const { return image_; }

  /// The rectangle with (x, y) at its upper left.
  void fill(int x, int y, int width, int height, colour ink) {
    for (int v = y; v < y + height; ++v) {
      for (int u = x; u < x + width; ++u) blend(u, v, ink, 1);
    }
  }

  /// A frame of `thickness`, inside the rectangle.
  void frame(int x, int y, int width, int height, int thickness, colour ink) {
    fill(x, y, width, thickness, ink);
    fill(x, y + height - thickness, width, thickness, ink);
    fill(x, y, thickness, height, ink);
    fill(x + width - thickness, y, thickness, height, ink);
  }

  /// An image with (x, y) at its upper left, each of its pixels a square of `dot`.
  void put(const rgb_image& tile, int x, int y, int dot) {
    const std::uint8_t* pixel = tile.pixels.data();
    for (int v = 0; v < tile.height; ++v)
      for (int u = 0; u < tile.width; ++u, pixel += 3)
        fill(x + u * dot, y + v * dot, dot, dot, {pixel[0], pixel[1], pixel[2]});
  }

  /// A line with round ends, its edges smoothed.
  void line(double x0, double y0, double x1, double y1, double thickness, colour ink) {
    const double reach = thickness / 2 + 1, dx = x1 - x0, dy = y1 - y0;
    const double length_squared = std::max(dx * dx + dy * dy, 1e-12);
    const int left = static_cast<int>(std::max(std::min(x0, x1) - reach, 0.0));
    const int top = static_cast<int>(std::max(std::min(y0, y1) - reach, 0.0));
    const int right =
        static_cast<int>(std::min<double>(std::max(x0, x1) + reach, image_.width - 1));
    const int bottom =
        static_cast<int>(std::min<double>(std::max(y0, y1) + reach, image_.height - 1));
    for (int y = top; y <= bottom; ++y) {
      for (int x = left; x <= right; ++x) {
        const double along = std::clamp(((x - x0) * dx + (y - y0) * dy) / length_squared, 0.0, 1.0);
        const double distance = std::hypot(x - x0 - along * dx, y - y0 - along * dy);
        blend(x, y, ink, thickness / 2 + 0.5 - distance);
      }
    }
  }

  /// A line of text whose capitals are 7 * scale high, their tops at y. Returns its width.
  double text(double x, double y, std::string_view words, double scale, colour ink,
              align side = align::left) {
    const double width = text_width(words, scale);
    if (side == align::centre) x -= width / 2;
    if (side == align::right) x -= width;
    for (const char c : words) {
      const glyph_box box = box_of(c);
      draw_glyph(box.dots, x - box.left * scale, y, scale, ink);
      x += (box.width + 1.2) * scale;
    }
    return width;
  }

  static double text_width(std::string_view words, double scale) {
    double width = 0;
    for (const char c : words) width += (box_of(c).width + 1.2) * scale;
    return std::max(width - 1.2 * scale, 0.0);
  }

 private:
  struct glyph_box {
    glyph dots;
    int left, width;
  };

  /// Digits are all five dots wide, so that numbers line up; letters as wide as their dots.
  static glyph_box box_of(char c) {
    if (c == ' ') return {{}, 0, 3};
    const glyph dots = font[c > ' ' && c <= '~' ? c - '!' : '?' - '!'];
    if (c >= '0' && c <= '9') return {dots, 0, 5};
    int used = 0;
    for (const std::uint8_t row : dots.rows) used |= row;
    const int left = std::countl_zero(static_cast<std::uint8_t>(used << 3));
    return {dots, left, 5 - left - std::countr_zero(static_cast<std::uint8_t>(used))};
  }

  /// Strokes between neighbouring dots, which look smoother than the dots themselves. A diagonal
  /// is drawn only where the strokes beside it would leave a gap.
  void draw_glyph(const glyph& dots, double x, double y, double scale, colour ink) {
    const auto lit = [&](int row, int column) {
      return row < glyph_rows && column >= 0 && column < 5 &&
             (dots.rows[row] >> (4 - column) & 1) != 0;
    };
    for (int row = 0; row < glyph_rows; ++row) {
      for (int column = 0; column < 5; ++column) {
        if (!lit(row, column)) continue;
        const auto stroke_to = [&](int to_row, int to_column) {
          line(x + (column + 0.5) * scale, y + (row + 0.5) * scale, x + (to_column + 0.5) * scale,
               y + (to_row + 0.5) * scale, 0.9 * scale, ink);
        };
        const bool right = lit(row, column + 1), below = lit(row + 1, column);
        const bool left = lit(row, column - 1);
        if (right) stroke_to(row, column + 1);
        if (below) stroke_to(row + 1, column);
        if (!below && !right && lit(row + 1, column + 1)) stroke_to(row + 1, column + 1);
        if (!below && !left && lit(row + 1, column - 1)) stroke_to(row + 1, column - 1);
        if (!below && !right && !left) stroke_to(row, column);
      }
    }
  }

  void blend(int x, int y, colour ink, double opacity) {
    if (x < 0 || y < 0 || x >= image_.width || y >= image_.height || opacity <= 0) return;
    std::uint8_t* pixel =
        &image_.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image_.width) +
                        static_cast<std::size_t>(x)) *
                       3];
    const double share = std::min(opacity, 1.0);
    const auto mix = [&](std::uint8_t& under, std::uint8_t over) {
      under = static_cast<std::uint8_t>(under + (over - under) * share + 0.5);
    };
    mix(pixel[0], ink.red);
    mix(pixel[1], ink.green);
    mix(pixel[2], ink.blue);
  }

  rgb_image image_;
};

}  // namespace pictures
