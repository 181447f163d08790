// The report's sections on the test images: confusion, accuracy by class, the worst mistakes.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "report.hpp"
#include "svg.hpp"

namespace program {
namespace {

std::string class_name(const std::vector<std::string>& classes, std::size_t label) {
  return svg::escaped(label < classes.size() ? classes[label] : std::to_string(label));
}

std::int64_t total_of(const std::vector<std::int64_t>& row) {
  return std::accumulate(row.begin(), row.end(), std::int64_t{0});
}

double share_of(std::int64_t count, std::int64_t all) {
  return all > 0 ? static_cast<double>(count) / static_cast<double>(all) : std::nan("");
}

/// A row a class, a column a class that it was taken for. The shade is the root of the share, so
/// that few mistakes are seen too.
std::string confusion_matrix(const std::vector<std::string>& classes,
                             const std::vector<std::vector<std::int64_t>>& confusion) {
  constexpr double cell = 36, left = 92, top = 82, right = 34;
  const double side = cell * static_cast<double>(confusion.size());
  std::string s = fmt::format(
      R"(<svg class="matrix" viewBox="0 0 {} {}" role="img">)"
      R"(<title>Confusion matrix: rows are what the images are, columns what they were taken for)"
      "</title>\n",
      left + side + right, top + side + 6);
  for (std::size_t k = 0; k < confusion.size(); ++k) {
    const double at = cell * (static_cast<double>(k) + 0.5);
    s += fmt::format(R"(<text x="{}" y="{}" class="mark end">{}</text>)", left - 8, top + at + 4,
                     class_name(classes, k));
    s += fmt::format(R"-(<text transform="translate({} {}) rotate(-45)" class="mark">{}</text>)-",
                     left + at + 2, top - 8, class_name(classes, k));
  }
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    const std::int64_t all = total_of(confusion[label]);
    for (std::size_t taken = 0; taken < confusion[label].size(); ++taken) {
      const std::int64_t count = confusion[label][taken];
      const double share = all > 0 ? share_of(count, all) : 0, shade = std::sqrt(share);
      const double x = left + cell * static_cast<double>(taken);
      const double y = top + cell * static_cast<double>(label);
      s += fmt::format(
          R"(<g><title>{} taken for {}: {}</title>)"
          R"(<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill-opacity="{:.3f}"/>)",
          class_name(classes, label), class_name(classes, taken), count,
          label == taken ? "right" : "wrong", x, y, cell - 1, cell - 1, shade);
      s += fmt::format(R"(<text x="{}" y="{}" class="cell middle{}">{}</text></g>)",
                       x + (cell - 1) / 2, y + cell / 2 + 4,
                       count == 0 ? " none" : (shade > 0.6 ? " on" : ""), count);
    }
    s += '\n';
  }
  return s + "</svg>\n";
}

/// The best class first.
std::string accuracy_bars(const std::vector<std::string>& classes,
                          const std::vector<std::vector<std::int64_t>>& confusion) {
  struct bar {
    std::size_t label;
    std::int64_t images;
    double share;
  };
  std::vector<bar> bars;
  for (std::size_t k = 0; k < confusion.size(); ++k) {
    const std::int64_t all = total_of(confusion[k]);
    bars.push_back({k, all, share_of(confusion[k][k], all)});
  }
  std::stable_sort(bars.begin(), bars.end(), [](const bar& a, const bar& b) {
    return a.images > 0 && (b.images == 0 || a.share > b.share);
  });
  constexpr double row = 30, left = 92, length = 270, right = 64, top = 8;
  const double height = top + row * static_cast<double>(bars.size()) + 24;
  std::string s = fmt::format(
      R"(<svg class="bars" viewBox="0 0 {} {}" role="img"><title>Accuracy by class</title>)",
      left + length + right, height);
  for (int mark = 0; mark <= 100; mark += 25) {
    const double x = left + length * mark / 100;
    s += fmt::format(R"(<path class="grid" d="M{0} {1}V{2}"/>)", x, top, height - 20);
    s += fmt::format(R"(<text x="{}" y="{}" class="mark middle">{}%</text>)", x, height - 5, mark);
  }
  double y = top;
  for (const bar& b : bars) {
    s += fmt::format(R"(<g><title>{} images</title><text x="{}" y="{}" class="mark end">{}</text>)",
                     b.images, left - 8, y + 19, class_name(classes, b.label));
    s += fmt::format(R"(<rect class="right" x="{}" y="{}" width="{:.1f}" height="{}"/>)", left,
                     y + 5, b.images > 0 ? length * b.share : 0, row - 10);
    s += fmt::format(R"(<text x="{:.1f}" y="{}" class="count">{}</text></g>)",
                     left + (b.images > 0 ? length * b.share : 0) + 6, y + 19,
                     svg::percent(b.share));
    y += row;
  }
  return s + "</svg>\n";
}

}  // namespace

std::string confusion_section(const std::vector<std::string>& classes, const test_result& test) {
  return "<div class=\"pair\"><figure><figcaption>Row: what it is; column: what it was taken for"
         "</figcaption><div class=\"scroll\">" +
         confusion_matrix(classes, test.confusion) +
         "</div></figure>\n<figure><figcaption>Accuracy by class</figcaption>" +
         accuracy_bars(classes, test.confusion) + "</figure></div>\n";
}

std::string mistakes_section(const std::vector<std::string>& classes, const test_result& test) {
  if (test.worst.empty()) return "<p>No test image was taken for another class.</p>\n";
  std::string s = "<ol class=\"tiles\">\n";
  for (const mistake& m : test.worst) {
    const std::string predicted = class_name(classes, static_cast<std::size_t>(m.predicted));
    const std::string truth = class_name(classes, static_cast<std::size_t>(m.truth));
    s += fmt::format(
        R"(<li><figure><img alt="{1}, taken for {0}" width="112" height="112" src="{3}"/>)"
        "<figcaption><strong>{0}</strong> {2}<br/>is {1}</figcaption></figure></li>\n",
        predicted, truth, svg::percent(m.probability),
        svg::png_address(pictures::png_bytes(m.image)));
  }
  return s + "</ol>\n";
}

}  // namespace program
