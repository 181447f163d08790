// Text, numbers and charts of a page: whatever they are of, the page stays well-formed and shows no
// number that is none.
#include "alexnet/svg.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/xhtml.hpp"

using pictures::place;
using pictures::thinned;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(),
                 unknown = std::numeric_limits<double>::quiet_NaN();

std::size_t count(const std::string& text, std::string_view words) {
  std::size_t found = 0;
  for (std::size_t at = text.find(words); at != text.npos; at = text.find(words, at + 1)) ++found;
  return found;
}

std::string chart_of(std::vector<place> points, svg::scale how = svg::scale::from_zero) {
  return svg::drawn({"A <title>", "step", "y & z", how, {{"a \"name\"", "train", points}}});
}

/// The chart's `d` of the curve.
std::string path_in(const std::string& chart) {
  const std::string start = "<path class=\"curve train\" d=\"";
  const std::size_t at = chart.find(start);
  return at == chart.npos ? ""
                          : chart.substr(at + start.size(),
                                         chart.find('"', at + start.size()) - at - start.size());
}

}  // namespace

TEST_CASE("text is escaped, and what nobody can see is written down") {
  CHECK(svg::escaped("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c&#39;");
  CHECK(svg::escaped("\x1b[31m\xff") == "\\x1b[31m\\xff");
  CHECK(svg::escaped("Caf\u00e9") == "Caf\u00e9");
  CHECK(svg::escaped(std::string(100'000, '<')).size() < 20'000);
}

TEST_CASE("numbers are as people write them, and none is a dash") {
  CHECK(svg::number(1.25, 1) == "1.2");
  CHECK(svg::percent(0.83) == "83.0%");
  for (const double none : {inf, -inf, unknown})
    for (const std::string& text :
         {svg::number(none, 2), svg::percent(none), svg::short_number(none), svg::duration(none)})
      CHECK(text == "\u2013");
  CHECK(svg::short_number(0.005) == "0.005");
  CHECK(svg::short_number(5000) == "5000");
  CHECK(svg::short_number(500'000) == "500k");
  CHECK(svg::short_number(2.5e6) == "2.5M");
  CHECK(svg::duration(4.21) == "4.2 s");
  CHECK(svg::duration(247) == "4:07 min");
  CHECK(svg::duration(3909.4) == "1:05:09 h");
  CHECK(svg::grouped(46'764'746) == "46,764,746");
}

TEST_CASE("an image's address holds its bytes") {  // RFC 4648's examples
  const auto encoded = [](std::string_view bytes) {
    return svg::png_address(bytes).substr(std::string_view("data:image/png;base64,").size());
  };
  CHECK(encoded("").empty());
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded("\xff\xfe\xfd") == "//79");
}

TEST_CASE("a thinned series keeps its extremes, its order and its gaps") {
  std::vector<place> points;
  for (int i = 0; i < 1'000'000; ++i) points.push_back({double(i), std::sin(i * 0.001)});
  points[345'678].y = 50;
  points[345'679].y = -50;
  for (std::size_t i = 600'000; i < 700'000; ++i) points[i].y = unknown;
  const auto few = thinned(points, 1000);
  CHECK(few.size() <= 1000);
  CHECK(few.size() > 800);
  double lowest = 0, highest = 0, gap = 0;
  for (std::size_t i = 0; i < few.size(); ++i) {
    if (i > 0) CHECK(few[i].x > few[i - 1].x);
    if (std::isnan(few[i].y)) ++gap;
    lowest = std::min(lowest, few[i].y);
    highest = std::max(highest, few[i].y);
  }
  CHECK(lowest == -50);
  CHECK(highest == 50);
  CHECK(gap == 50);
  CHECK(thinned(std::span(points).first(1000), 1000).size() == 1000);
  CHECK(thinned({}, 1000).empty());
}

TEST_CASE("a running mean is over the values that are known") {
  const std::vector<place> points{{0, 1}, {1, unknown}, {2, 3}, {3, 5}};
  const auto means = pictures::running_mean(points, 1);
  CHECK(means[0].y == 1);
  CHECK(std::isnan(means[1].y));
  CHECK(means[2].y == 4);
  CHECK(means[3].y == 4);
}

TEST_CASE("a curve goes through its points, from 0 on the left to the last step on the right") {
  const std::string chart = chart_of({{0, 2}, {50, 1}, {100, 0}});
  CHECK(fault_of(chart) == "");
  CHECK(path_in(chart) == "M50.0 46.0L248.0 145.0L446.0 244.0");
  CHECK(count(chart, "<circle") == 3);
  for (const char* mark : {">0<", ">0.5<", ">2<", ">20<", ">100<", ">y &amp; z<", ">step<"})
    CHECK(chart.find(mark) != chart.npos);
  CHECK(chart.find("<title>A &lt;title&gt;</title>") != chart.npos);
}

TEST_CASE("what is no number leaves a gap, and a point between two is a dot") {
  const std::string path = path_in(chart_of({{0, 1}, {25, unknown}, {50, 1}, {75, inf}, {100, 1}}));
  CHECK(path == "M50.0 46.0h0M248.0 46.0h0M446.0 46.0h0");
}

TEST_CASE("every chart is drawn, whatever its values are") {
  std::vector<place> many;
  for (int i = 0; i < 1'000'000; ++i) many.push_back({10.0 * i, i % 7 == 0 ? unknown : i * 1e-7});
  for (const svg::scale how : {svg::scale::from_zero, svg::scale::share, svg::scale::powers})
    for (const std::vector<place>& points : {std::vector<place>{},
                                             {{0, 0}},
                                             {{7, 1}},
                                             {{1, unknown}},
                                             {{1, 1e308}, {2, -1e308}},
                                             {{1, 1e-320}, {2, 1e308}},
                                             {{1, 0.5}, {9e18, 0.5}},
                                             {{1, 1e-3}, {2, 1e-2}, {3, 0}},
                                             many}) {
      const std::string chart = chart_of(points, how);
      CHECK(fault_of(chart) == "");
      CHECK(chart.size() < 30'000);
      CHECK(chart.find("nan") == chart.npos);
      CHECK(chart.find("inf") == chart.npos);
    }
  CHECK(chart_of({}).find("nothing yet") != std::string::npos);
}

TEST_CASE("rates that span a power of ten have an axis of powers") {
  const std::string chart = chart_of({{1, 0.01}, {2, 0.001}, {3, 0.0001}}, svg::scale::powers);
  CHECK(path_in(chart) == "M182.0 46.0L314.0 145.0L446.0 244.0");
  for (const char* mark : {">0.01<", ">0.001<", ">0.0001<"}) CHECK(count(chart, mark) == 1);
  CHECK(chart_of({{1, 0.01}, {2, 0.02}}, svg::scale::powers).find(">0.015<") != std::string::npos);
}

TEST_CASE("the check of pages sees what is wrong") {
  CHECK(fault_of("<a b=\"c\"><d/>&lt;</a>") == "");
  for (const char* wrong : {"<a>", "</a>", "<a></b>", "<a b=c/>", "<a b=\"1\" b=\"2\"/>", "a & b",
                            "<a b=\"<\"/>", "1 < 2", "&nbsp;", "<a b=\"", "<a"})
    CHECK(fault_of(wrong) != "");
  CHECK(text_of("<style>a</style><b>c</b>d") == "  c d");
}
