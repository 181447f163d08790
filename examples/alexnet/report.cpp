#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report_style.hpp"
#include "run_log.hpp"
#include "svg.hpp"

namespace program {
namespace {

constexpr const char* needs_test_images =
    "<p>What the weights make of the test images is not looked at in training: "
    "<code>alexnet report --run {}</code> adds it once there are weights, where they are for "
    "Fashion-MNIST; for folders of images <code>alexnet evaluate --images</code> tells it.</p>\n";

std::string section(const char* id, const char* heading, const std::string& content) {
  return fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", id, heading, content);
}

/// A figure of the head: what it is, the number, and a word on it.
std::string figure(const char* name, const std::string& value, const std::string& note) {
  return fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n", name, value, note);
}

std::string head(const report_data& r) {
  const run_curves& c = r.curves;
  const double last = c.validation_top1.empty() ? std::nan("") : c.validation_top1.back().y;
  std::string s =
      "<header><h1>" + svg::escaped(r.network.name) + " on " + svg::escaped(r.data) + "</h1>\n" +
      fmt::format("<p>{} parameters, {} multiply-adds an image</p>\n",
                  svg::grouped(r.network.parameters), svg::grouped(r.network.multiply_adds));
  if (r.live) s += "<p>The run goes on. This page fetches itself anew every 30 seconds.</p>\n";
  s += "<dl class=\"figures\">\n";
  if (r.test) {
    const std::string of = fmt::format("of {} test images", svg::grouped(r.test->images));
    s += figure("test top-1", svg::percent(r.test->top1, 2), of);
    s +=
        figure("test top-5", svg::percent(r.test->top5, 2), "loss " + svg::number(r.test->loss, 4));
  }
  s += figure("validation top-1", svg::percent(last, 2),
              c.best_top1 ? fmt::format("best {} after epoch {}", svg::percent(*c.best_top1, 2),
                                        c.best_epoch)
                          : "nothing validated yet");
  s += figure("epochs", svg::grouped(c.epochs), svg::grouped(c.steps) + " steps");
  s += figure("time of training", svg::duration(c.seconds), "validation not counted");
  s += figure("speed", svg::number(c.images_per_second, 1), "images a second");
  return s + "</dl></header>\n";
}

/// Few values are a curve with dots; of many the running mean is drawn over them, pale.
void add_steps(svg::chart& chart, const curve_values& values) {
  const std::size_t reach = values.size() / 40;
  if (reach > 0) chart.curves.push_back({"training", "pale", values});
  chart.curves.push_back(
      {reach > 0 ? "running mean" : "training", "train", pictures::running_mean(values, reach)});
}

std::string curves(const run_curves& c) {
  const auto drawn = [](const svg::chart& chart) {
    return "<figure><figcaption>" + svg::escaped(chart.title) + "</figcaption>" +
           svg::drawn(chart) + "</figure>\n";
  };
  svg::chart loss{"Loss", "step", "cross-entropy", svg::scale::from_zero, {}};
  add_steps(loss, c.loss);
  loss.curves.push_back({"validation", "held", c.validation_loss});
  svg::chart accuracy{"Accuracy", "step", "share of images", svg::scale::share, {}};
  add_steps(accuracy, c.accuracy);
  accuracy.curves.push_back({"validation", "held", c.validation_top1});
  const svg::chart rate{
      "Learning rate", "step", "rate", svg::scale::powers, {{"", "train", c.rate}}};
  const svg::chart speed{"Speed of training",
                         "step",
                         "images a second, mean of each epoch",
                         svg::scale::from_zero,
                         {{"", "train", c.speed}}};
  return "<div class=\"charts\">\n" + drawn(loss) + drawn(accuracy) + drawn(rate) + drawn(speed) +
         "</div>\n";
}

std::string filters(const report_data& r) {
  if (r.filters.pixels.empty()) return "<p>There are no weights yet.</p>\n";
  return fmt::format(
      "<p>{}: grey is 0, black and white each filter's largest weight.</p>\n"
      "<img class=\"filters\" alt=\"The filters of the first layer\" width=\"{}\" height=\"{}\" "
      "src=\"{}\"/>\n",
      svg::escaped(r.filters_shape), r.filters.width, r.filters.height,
      svg::png_address(pictures::png_bytes(r.filters)));
}

std::string network(const network_facts& n) {
  return "<p>Each box is the value between two layers, of one image: channels to the right, height "
         "up, width away from you. Edges are the cube roots of the extents. Under a box: its "
         "shape, "
         "the parameters of the layers that make it, and their names.</p>\n<div class=\"scroll\">" +
         drawn(n) + "</div>\n<details><summary>Table of layers</summary><div class=\"scroll\">" +
         table_of(n) + "</div></details>\n";
}

std::string facts(const std::map<std::string, std::string>& all) {
  std::string s = "<dl class=\"facts\">\n";
  for (const auto& [name, value] : all)
    s +=
        fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", svg::escaped(name), svg::escaped(value));
  return s + "</dl>\n";
}

std::string run(const report_data& r) {
  std::string s = "<p>Folder <code>" + svg::escaped(r.folder) + "</code></p>\n";
  s += "<h3>Options that decide the weights</h3>\n";
  s += r.options.empty() ? "<p>There is no checkpoint that holds them.</p>\n" : facts(r.options);
  if (r.calls.empty())
    s += "<p>Command line, machine and date are not known: the folder has no run.json.</p>\n";
  for (const run_call& call : r.calls) {
    std::string words;
    for (const std::string& word : call.command) {
      const bool quoted = word.empty() || word.find(' ') != word.npos;
      words += (words.empty() ? "" : " ") + (quoted ? "'" + word + "'" : word);
    }
    s += fmt::format("<h3>{} {}</h3>\n<p>tnn {}</p>\n<pre><code>{}</code></pre>\n",
                     &call == r.calls.data() ? "Begun" : "Called again", svg::escaped(call.began),
                     svg::escaped(call.version), svg::escaped(words));
    s += facts(call.machine);
    s += "<details><summary>All options of this call</summary>" + facts(call.options) +
         "</details>\n";
  }
  return s;
}

/// One of a log's numbers over steps.
class column {
 public:
  column(const tnn::detail::file_place& file, const std::vector<log_line>& lines)
      : file_(file), lines_(lines) {}

  curve_values operator()(const char* key) const {
    curve_values values;
    for (const log_line& line : lines_) values.push_back({of(line, "step"), of(line, key)});
    return values;
  }
  double of(const log_line& line, const char* key) const {
    const auto value = line.values.find(key);
    if (value == line.values.end() || value->is_null())
      return std::numeric_limits<double>::quiet_NaN();
    if (value->is_number()) return value->get<double>();
    throw tnn::error(fmt::format("{}: the line of {} has \"{}\" {}, expected a number: remove it",
                                 file_.string(), line.count, key,
                                 tnn::detail::printable(value->dump())));
  }

 private:
  const tnn::detail::file_place& file_;
  const std::vector<log_line>& lines_;
};

}  // namespace

run_curves read_curves(const tnn::detail::file_place& metrics,
                       const tnn::detail::file_place& steps) {
  run_curves c;
  const std::vector<log_line> every_epoch = read_log(metrics, "epoch");
  const std::vector<log_line> every_few = read_log(steps, "step");
  const column epochs(metrics, every_epoch), few(steps, every_few);
  c.loss = few("loss");
  c.accuracy = few("accuracy");
  c.rate = few("learning_rate");
  c.validation_loss = epochs("validation_loss");
  c.validation_top1 = epochs("validation_top1");
  c.speed = epochs("images_per_second");
  if (!every_few.empty()) c.steps = every_few.back().count;
  double images = 0;
  for (const log_line& line : every_epoch) {
    c.epochs = line.count;
    const double seconds = epochs.of(line, "seconds");
    const double rate = epochs.of(line, "images_per_second");
    if (std::isfinite(seconds * rate)) {
      c.seconds += seconds;
      images += seconds * rate;
    }
    const double top1 = epochs.of(line, "validation_top1");
    if (std::isfinite(top1) && top1 > c.best_top1.value_or(-1)) {
      c.best_top1 = top1;
      c.best_epoch = line.count;
    }
  }
  c.images_per_second = images / c.seconds;
  return c;
}

std::string report_page(const report_data& r) {
  const std::string needs = fmt::format(fmt::runtime(needs_test_images), svg::escaped(r.folder));
  std::string s =
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>"
      "<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  if (r.live) s += "<meta http-equiv=\"refresh\" content=\"30\"/>\n";
  s += "<title>" + svg::escaped(r.network.name) + " on " + svg::escaped(r.data) +
       ": report</title>\n";
  s += std::string("<style>") + report_style + "</style></head>\n<body>\n" + head(r) + "<main>\n";
  s += section("curves", "Training", curves(r.curves));
  s += section("confusion", "What is taken for what",
               r.test ? confusion_section(r.classes, *r.test) : needs);
  s += section("filters", "First-layer filters", filters(r));
  s += section("mistakes", "The worst mistakes",
               r.test ? mistakes_section(r.classes, *r.test) : needs);
  s += section("network", "The network, to scale", network(r.network));
  s += section("run", "The run", run(r));
  return s + "</main></body></html>\n";
}

}  // namespace program
