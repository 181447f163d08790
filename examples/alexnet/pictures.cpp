#include "pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/files/printable.hpp>
#include "canvas.hpp"
#include "series.hpp"

namespace pictures {
namespace {

constexpr colour paper = grey_level(255), ink = grey_level(34), faint_ink = grey_level(110),
                 grid_ink = grey_level(226);
constexpr colour loss_ink{31, 105, 180}, pale_loss_ink{186, 212, 236};
constexpr colour accuracy_ink{208, 92, 30}, pale_accuracy_ink{246, 211, 189};
constexpr colour right_ink{34, 139, 62}, wrong_ink{200, 38, 38};
constexpr int margin = 20, title_y = 24, title_scale = 3, text_scale = 2;
constexpr double tile_scale = 1.7;

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

void draw_polyline(canvas& page, std::span<const place> curve, double thickness, colour pen) {
  for (std::size_t i = 1; i < curve.size(); ++i)
    page.line(curve[i - 1].x, curve[i - 1].y, curve[i].x, curve[i].y, thickness, pen);
}

/// The axes of one plot and the way from values to pixels.
class plot {
 public:
  plot(canvas& page, double last_step, double largest_loss, bool has_accuracy) : page_(page) {
    const double wanted_steps = std::max(last_step, 1.0);
    const double wanted_loss = largest_loss > 0 ? std::clamp(largest_loss, 1e-9, 1e30) : 1;
    const double step_mark = std::max(mark_distance(wanted_steps, 8), 1.0);
    const double loss_mark = mark_distance(wanted_loss, 5);
    last_step_ = wanted_steps;
    top_loss_ = std::ceil(wanted_loss / loss_mark - 1e-9) * loss_mark;

    for (double loss = 0; loss < top_loss_ + loss_mark / 2; loss += loss_mark) {
      const int y = static_cast<int>(std::lround(y_of(loss / top_loss_)));
      page_.fill(area::left, y, area::right - area::left, 1, grid_ink);
      page_.text(area::left - 10, y - capital_rows, formatted("%.4g", loss), text_scale, loss_ink,
                 align::right);
    }
    for (int percent = 0; has_accuracy && percent <= 100; percent += 20) {
      const int y = static_cast<int>(std::lround(y_of(percent / 100.0)));
      page_.fill(area::right, y, 6, 1, faint_ink);
      page_.text(area::right + 12, y - capital_rows, std::to_string(percent) + "%", text_scale,
                 accuracy_ink);
    }
    for (double step = 0; step < last_step_ + step_mark / 1000; step += step_mark) {
      const int x = static_cast<int>(std::lround(x_of(step)));
      page_.fill(x, area::bottom, 1, 6, faint_ink);
      page_.text(x, area::bottom + 12, formatted("%.7g", step), text_scale, faint_ink,
                 align::centre);
    }
    page_.fill(area::left, area::top, 1, area::bottom - area::top, faint_ink);
    page_.fill(area::right, area::top, 1, area::bottom - area::top, faint_ink);
    page_.fill(area::left, area::bottom, area::right - area::left + 1, 1, faint_ink);
    page_.text((area::left + area::right) / 2, area::bottom + 40, "step", text_scale, faint_ink,
               align::centre);
  }

  /// Draws one curve. `top` is the value at the upper edge.
  template <class Value>
  void curve(std::span<const curve_point> points, Value value, double top, colour pen,
             colour pale_pen) {
    std::vector<place> places;
    for (const curve_point& point : points) {
      if (std::isfinite(value(point)))
        places.push_back({x_of(static_cast<double>(point.step)),
                          y_of(std::clamp(value(point) / top, 0.0, 1.0))});
    }
    const std::size_t reach = places.size() / 40;
    if (reach > 0) {
      draw_polyline(page_, places, 1, pale_pen);
    } else {
      for (const place& point : places) page_.line(point.x, point.y, point.x, point.y, 8, pen);
    }
    draw_polyline(page_, running_mean(places, reach), 3, pen);
  }

  double top_loss() const { return top_loss_; }

 private:
  using area = curve_area;

  double x_of(double step) const {
    return area::left + (area::right - area::left) * step / last_step_;
  }
  /// From a share of the height, 0 at the bottom.
  double y_of(double share) const { return area::bottom - (area::bottom - area::top) * share; }

  canvas& page_;
  double last_step_, top_loss_;
};

/// The most of a text that fits, its end replaced by dots where it doesn't.
std::string fitted(std::string text, double width) {
  if (canvas::text_width(text, tile_scale) <= width) return text;
  while (!text.empty() && canvas::text_width(text + "..", tile_scale) > width) text.pop_back();
  return text + "..";
}

void draw_image(canvas& page, const grey_image& image, int x, int y, int size) {
  for (int v = 0; v < size; ++v) {
    for (int u = 0; u < size; ++u) {
      const auto row = static_cast<std::size_t>(v * image.height / size);
      const auto column = static_cast<std::size_t>(u * image.width / size);
      page.fill(x + u, y + v, 1, 1,
                grey_level(image.pixels[row * static_cast<std::size_t>(image.width) + column]));
    }
  }
}

/// Of a sheet half as wide again as high.
int filter_columns(int filters) {
  return std::min(filters, static_cast<int>(std::ceil(std::sqrt(filters * 1.5))));
}

/// tnn::error unless a tile has as many pixels as its size says.
void require_whole(const grey_image& image, std::size_t tile, const std::filesystem::path& path) {
  if (image.width >= 1 && image.height >= 1 &&
      image.pixels.size() ==
          static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height))
    return;
  throw tnn::error("cannot draw tile " + std::to_string(tile) + " in " +
                   tnn::detail::printable_path(path) + ": " + std::to_string(image.width) + " x " +
                   std::to_string(image.height) + " is not its " +
                   std::to_string(image.pixels.size()) + " pixels");
}

}  // namespace

void draw_loss_curve(const std::filesystem::path& path, std::span<const curve_point> points,
                     std::string_view title) {
  for (std::size_t i = 0; i < points.size(); ++i)  // else what is drawn would not stay on the page
    if (points[i].step < (i == 0 ? 0 : points[i - 1].step))
      throw tnn::error("cannot draw " + tnn::detail::printable_path(path) + ": step " +
                       std::to_string(points[i].step) + " is negative or follows a later one");
  canvas page(1000, 560, paper);
  double largest_loss = 0;
  bool has_accuracy = false;
  for (const curve_point& point : points) {
    if (std::isfinite(point.loss)) largest_loss = std::max(largest_loss, point.loss);
    has_accuracy = has_accuracy || std::isfinite(point.accuracy);
  }
  plot axes(page, points.empty() ? 0 : static_cast<double>(points.back().step), largest_loss,
            has_accuracy);
  axes.curve(
      points, [](const curve_point& point) { return point.accuracy; }, 1.0, accuracy_ink,
      pale_accuracy_ink);
  axes.curve(
      points, [](const curve_point& point) { return point.loss; }, axes.top_loss(), loss_ink,
      pale_loss_ink);

  page.text(curve_area::left, title_y, title, title_scale, ink);
  const auto legend = [&](int x, std::string_view name, colour pen) {
    page.line(x, 77, x + 28, 77, 3, pen);
    page.text(x + 38, 70, name, text_scale, pen);
  };
  legend(curve_area::left, "loss", loss_ink);
  if (has_accuracy) legend(curve_area::left + 120, "accuracy", accuracy_ink);
  write_png(path, page.image());
}

std::vector<rgb_image> filter_tiles(std::span<const float> weights, int filters, int channels,
                                    int kernel_h, int kernel_w) {
  const auto plane = static_cast<std::size_t>(kernel_h) * static_cast<std::size_t>(kernel_w);
  const std::size_t filter_size = plane * static_cast<std::size_t>(channels);
  if (filters < 1 || channels < 1 || kernel_h < 1 || kernel_w < 1 ||
      weights.size() != filter_size * static_cast<std::size_t>(filters))
    throw tnn::error("cannot draw " + std::to_string(weights.size()) + " weights as " +
                     std::to_string(filters) + " filters of " + std::to_string(channels) + " x " +
                     std::to_string(kernel_h) + " x " + std::to_string(kernel_w));
  std::vector<rgb_image> tiles;
  for (; !weights.empty(); weights = weights.subspan(filter_size)) {
    // Three planes are red, green and blue; else one plane of means.
    std::vector<float> drawn(weights.begin(), weights.begin() + std::ptrdiff_t(filter_size));
    if (channels != 3) {
      drawn.assign(plane, 0);
      for (std::size_t i = 0; i < filter_size; ++i)
        drawn[i % plane] += weights[i] / static_cast<float>(channels);
    }
    float largest = 0;
    for (const float value : drawn) largest = std::max(largest, std::abs(value));
    rgb_image tile{kernel_w, kernel_h, {}};
    for (std::size_t i = 0; i < plane; ++i)
      for (std::size_t c = 0; c < 3; ++c) {
        const float share = drawn[channels == 3 ? c * plane + i : i] / largest;
        tile.pixels.push_back(static_cast<std::uint8_t>(
            std::lround(127.5f + 127.5f * (std::isfinite(share) ? share : 0))));
      }
    tiles.push_back(std::move(tile));
  }
  return tiles;
}

void draw_filters(const std::filesystem::path& path, std::span<const float> weights, int filters,
                  int channels, int kernel_h, int kernel_w, std::string_view title) {
  const auto tiles = filter_tiles(weights, filters, channels, kernel_h, kernel_w);
  constexpr int gap = 6, width = 1000, top = 66;
  const int columns = filter_columns(filters);
  const int rows = (filters + columns - 1) / columns;
  const double room = (width - 2.0 * margin + gap) / columns - gap;
  const int dot = std::max(1, static_cast<int>(std::lround(room / kernel_w)));
  const int cell_w = dot * kernel_w + gap, cell_h = dot * kernel_h + gap;
  canvas page(columns * cell_w - gap + 2 * margin, top + rows * cell_h - gap + margin, paper);
  page.text(margin, title_y, title, title_scale, ink);
  for (int filter = 0; filter < filters; ++filter)
    page.put(tiles[static_cast<std::size_t>(filter)], margin + filter % columns * cell_w,
             top + filter / columns * cell_h, dot);
  write_png(path, page.image());
}

rgb_image filter_sheet(std::span<const float> weights, int filters, int channels, int kernel_h,
                       int kernel_w) {
  const auto tiles = filter_tiles(weights, filters, channels, kernel_h, kernel_w);
  const int columns = filter_columns(filters);
  const int rows = (filters + columns - 1) / columns;
  canvas page(columns * (kernel_w + 1) + 1, rows * (kernel_h + 1) + 1, paper);
  for (int filter = 0; filter < filters; ++filter)
    page.put(tiles[static_cast<std::size_t>(filter)], 1 + filter % columns * (kernel_w + 1),
             1 + filter / columns * (kernel_h + 1), 1);
  return page.image();
}

void draw_contact_sheet(const std::filesystem::path& path, std::span<const grey_image> tiles,
                        int columns, std::string_view title) {
  constexpr int picture = 112, cell = 118, top = 66;
  if (columns < 1) throw tnn::error("a contact sheet has rows of at least one image");
  const int rows = std::max(1, (static_cast<int>(tiles.size()) + columns - 1) / columns);
  canvas page(columns * cell - (cell - picture) + 2 * margin, top + rows * cell + margin / 2,
              paper);
  page.text(margin, title_y, title, title_scale, ink);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    require_whole(tiles[i], i, path);
    draw_image(page, tiles[i], margin + static_cast<int>(i) % columns * cell,
               top + static_cast<int>(i) / columns * cell, picture);
  }
  write_png(path, page.image());
}

void draw_predictions(const std::filesystem::path& path, std::span<const prediction_tile> tiles,
                      std::string_view title) {
  constexpr int columns = 6, picture = 140, border = 4, cell_w = 164, cell_h = 208, top = 70;
  const int rows = std::max(1, (static_cast<int>(tiles.size()) + columns - 1) / columns);
  canvas page(columns * cell_w + 2 * margin - (cell_w - picture - 2 * border),
              top + rows * cell_h + margin / 2, paper);
  page.text(margin, title_y, title, title_scale, ink);

  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const prediction_tile& tile = tiles[i];
    require_whole(tile.image, i, path);
    const int x = margin + static_cast<int>(i) % columns * cell_w;
    const int y = top + static_cast<int>(i) / columns * cell_h;
    const colour verdict = tile.predicted == tile.truth ? right_ink : wrong_ink;
    constexpr int outer = picture + 2 * border;
    page.frame(x, y, outer, outer, border, verdict);
    draw_image(page, tile.image, x + border, y + border, picture);
    const std::string percent = formatted("%.0f%%", 100 * tile.probability);
    const double name_width = outer - canvas::text_width(percent, tile_scale) - 6;
    page.text(x, y + outer + 9, fitted(tile.predicted, name_width), tile_scale, verdict);
    page.text(x + outer, y + outer + 9, percent, tile_scale, faint_ink, align::right);
    page.text(x, y + outer + 29, fitted("is " + tile.truth, outer), tile_scale, faint_ink);
  }
  write_png(path, page.image());
}

}  // namespace pictures
