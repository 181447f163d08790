// alexnet: trains AlexNet on Fashion-MNIST, evaluates it, measures it and asks it about pictures.
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <tnn/alexnet.hpp>
#include <tnn/core/error.hpp>
#include <tnn/core/summary.hpp>
#include <tnn/files/printable.hpp>

#include "bench_table.hpp"
#include "devices.hpp"
#include "options.hpp"
#include "output.hpp"
#include "roofline.hpp"
#include "run.hpp"
#include "weights_note.hpp"

namespace {

using namespace program;

constexpr std::size_t most_shown_error = 16384;  // bytes: room for two paths of the longest

/// What evaluate and report ask of the test images and of the machine.
template <class Options>
void add_testing(CLI::App* c, Options& o) {
  c->add_option("--limit", o.limit, "Only the first so many test images; 0: all")
      ->check(within(none_or_some))
      ->capture_default_str();
  c->add_option("--batch", o.batch, "Images at once")
      ->check(within(batches))
      ->capture_default_str();
  add_device(c, o.device);
  add_precision(c, o.precision);
  add_threads(c, o.threads);
  add_pixels(c, o.pixels);
}

CLI::App* add_evaluate(CLI::App& app, evaluate_options& o) {
  CLI::App* c = app.add_subcommand("evaluate", "Loss, top-1, top-5, confusion on the test images");
  c->add_option("--weights", o.weights, "A safetensors file: best or last of a run, or PyTorch's")
      ->required();
  CLI::Option* const data = add_data(c, o.data);
  c->add_option("--images", o.images,
                "Instead of them a folder that has a folder of JPEG or PNG files for each class")
      ->excludes(data);
  add_testing(c, o);
  c->add_flag("--json", o.json, "One JSON object: images, loss, top1, top5, confusion");
  return c;
}

CLI::App* add_bench(CLI::App& app, bench_options& o) {
  CLI::App* c = app.add_subcommand("bench", "Speed on random images");
  c->add_option("--mode", o.train, "train or infer; default: a table of all backends, both modes")
      ->transform(one_of<bool>({{"train", true}, {"infer", false}}))
      ->type_name("MODE");
  c->add_option("--batch", o.batch, "Images at once")
      ->check(within(batches))
      ->capture_default_str();
  add_device(c, o.device);
  add_precision(c, o.precision);
  add_threads(c, o.threads);
  c->add_option("--seconds", o.seconds, "How long to measure")
      ->check(positive())
      ->capture_default_str();
  c->add_flag("--json", o.json, "One JSON object");
  c->add_option(
       "--roofline", o.roofline,
       "Measure nothing: a training step on paper, for t4, a100, rtx4090, h100, epyc16, epyc64")
      ->type_name("DEVICE");
  return c;
}

CLI::App* add_predict(CLI::App& app, predict_options& o) {
  CLI::App* c = app.add_subcommand("predict", "The five likeliest classes of pictures");
  c->add_option("--weights", o.weights, "A safetensors file")->required();
  c->add_option("images", o.images,
                "PNG or JPEG files; of grey networks bright things on a dark ground")
      ->required();
  add_device(c, o.device);
  add_precision(c, o.precision);
  add_threads(c, o.threads);
  add_pixels(c, o.pixels);
  return c;
}

CLI::App* add_pictures(CLI::App& app, pictures_options& o) {
  CLI::App* c = app.add_subcommand(
      "pictures", "Draw a run: loss curve, filters, predictions, augmented images");
  c->add_option("--run", o.run, "Folder of a run; the PNG files go there too")->required();
  add_data(c, o.data);
  add_device(c, o.device);
  add_threads(c, o.threads);
  add_pixels(c, o.pixels);
  return c;
}

CLI::App* add_report(CLI::App& app, report_options& o) {
  CLI::App* c = app.add_subcommand("report", "Write report.html: a page on a run and its weights");
  c->add_option("--run", o.run, "Folder of a run; report.html goes there too")->required();
  add_data(c, o.data);
  add_testing(c, o);
  return c;
}

/// The options that the command line names.
std::vector<std::string> given_to(const CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command->get_options())
    if (option->count() > 0) names.push_back(option->get_single_name());
  return names;
}

/// A device that can train; Reference is too slow for anything but to be measured.
device asked_for(const std::string& name, precision_kind precision = precision_kind::fp32) {
  device d = device_called(name);
  require_precision(d, precision);
  if (d.networks.empty()) throw tnn::error("--device " + name + " only serves `alexnet bench`");
  return d;
}

/// The device's network of such images. tnn::error where the program was built without.
network_commands for_images(const device& d, int channels, int classes, const fs::path& named_by) {
  std::string known;
  bool has_channels = false;
  for (const network_commands& n : d.networks) {
    if (n.channels == channels && n.classes == classes) return n;
    known += (known.empty() ? "" : ", ") +
             fmt::format("{} of {} channel{}", n.classes, n.channels, n.channels == 1 ? "" : "s");
    has_channels = has_channels || n.channels == channels;
  }
  const std::string asked =
      fmt::format("{} asks for a network of {} classes and {} channels; this program has on {}: {}",
                  tnn::detail::printable_path(named_by), classes, channels, d.name, known);
  throw tnn::error(
      channels == 3 && has_channels
          ? fmt::format("{}. Build one: cmake --preset release -DALEXNET_CLASSES={} && cmake "
                        "--build --preset release --target alexnet",
                        asked, classes)
          : asked);
}
network_commands for_weights(const device& d, const fs::path& weights) {
  const auto [channels, classes] = network_in(weights);
  return for_images(d, channels, classes, weights);
}

/// The exit status. Training's result is files; the other commands' is what they print.
int run(int argc, char** argv) {
  CLI::App app{"AlexNet on Fashion-MNIST: shapes proved by the compiler, then trained"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("tnn ") + version);
  app.set_config("--config", "", "Options from a file: lines such as epochs = 20, below [train]");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.fallthrough();
  train_options train;
  evaluate_options evaluate;
  bench_options bench;
  predict_options predict;
  pictures_options pictures;
  report_options report;
  CLI::App* const summary = app.add_subcommand("summary", "The table of layers");
  CLI::App* const train_command = add_train(app, train);
  CLI::App* const evaluate_command = add_evaluate(app, evaluate);
  CLI::App* const bench_command = add_bench(app, bench);
  CLI::App* const predict_command = add_predict(app, predict);
  CLI::App* const pictures_command = add_pictures(app, pictures);
  CLI::App* const report_command = add_report(app, report);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& asked) {  // --help and --version too
    const int status = app.exit(asked);
    require_printed();
    return status;
  }
  if (*summary) fmt::print("{}", tnn::summary<tnn::AlexNet<>>());
  if (*train_command) {
    train.given = given_to(train_command);
    train.command.assign(argv, argv + argc);
    const device d = asked_for(train.device, train.precision);
    const network_commands n = train.images.empty()
                                   ? d.networks.front()
                                   : for_images(d, 3, classes_in(train.images), train.images);
    return n.train(std::move(train));
  }
  if (*evaluate_command)
    for_weights(asked_for(evaluate.device, evaluate.precision), evaluate.weights)
        .evaluate(evaluate);
  if (*bench_command) {
    if (bench.roofline.empty())
      print_bench(bench, bench_command->count("--mode") > 0);
    else
      print_roofline(bench.roofline, bench.batch);
  }
  if (*predict_command)
    for_weights(asked_for(predict.device, predict.precision), predict.weights).predict(predict);
  if (*pictures_command) asked_for(pictures.device).pictures(pictures);
  if (*report_command) {
    report.given = given_to(report_command);
    const device d = asked_for(report.device, report.precision);
    const fs::path best = report.run / "best.safetensors", last = report.run / "last.safetensors";
    for_weights(d, fs::exists(best) ? best : last).report(report);
  }
  require_printed();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    complain("alexnet: not enough memory; a smaller --batch needs less\n");
  } catch (const std::exception& failure) {
    complain("alexnet: " + tnn::detail::printable(failure.what(), most_shown_error) + '\n');
  }
  return 1;
}
