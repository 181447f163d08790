// alexnet: trains AlexNet on Fashion-MNIST, evaluates it, measures it and asks it about pictures.
#include <cmath>
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <tnn/alexnet.hpp>
#include <tnn/core/error.hpp>
#include <tnn/core/summary.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/files/printable.hpp>

#include "bench_table.hpp"
#include "devices.hpp"
#include "output.hpp"
#include "roofline.hpp"
#include "run.hpp"

namespace {

using namespace program;

constexpr std::size_t most_shown_error = 16384;  // bytes: room for two paths of the longest

/// CLI11's checks of numbers compare, and nothing that is compared with a NaN is out of range.
const CLI::Validator finite{[](std::string& word) {
                              double value = 0;
                              const bool good =
                                  !CLI::detail::lexical_cast(word, value) || std::isfinite(value);
                              return good ? std::string() : "Number must be finite: " + word;
                            },
                            ""};
const CLI::Validator positive = CLI::PositiveNumber & finite;
const CLI::Validator non_negative = CLI::NonNegativeNumber & finite;
CLI::Validator within(range<int> r) { return CLI::Range(r.least, r.most); }
CLI::Validator within(range<double> r) { return CLI::Range(r.least, r.most) & finite; }

/// Takes one of these words, and says which where it gets another.
template <class T>
CLI::Validator one_of(const std::map<std::string, T>& words) {
  return {[words](std::string& word) {
            const auto found = words.find(word);
            if (found != words.end()) {
              word = std::to_string(static_cast<int>(found->second));
              return std::string();
            }
            std::string all;
            for (const auto& [known, value] : words) all += (all.empty() ? "" : ", ") + known;
            return "'" + word + "' is none of: " + all;
          },
          ""};
}

void add_threads(CLI::App* command, int& threads) {
  command->add_option("--threads", threads, "Threads; 0: all cores")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
}

void add_device(CLI::App* command, std::string& device) {
  command
      ->add_option("--device", device, "cpu; where built in, cuda and thrust-omp (or -cpp, -tbb)")
      ->capture_default_str();
}

void add_precision(CLI::App* command, precision_kind& precision) {
  command
      ->add_option("--precision", precision,
                   "cuda: fp32, or tf32 or bf16 on tensor cores; default fp32")
      ->transform(one_of<precision_kind>({{"fp32", precision_kind::fp32},
                                          {"tf32", precision_kind::tf32},
                                          {"bf16", precision_kind::bf16}}))
      ->type_name("NAME");
}

void add_data(CLI::App* command, fs::path& data) {
  data = tnn::fashion_mnist_default_dir;
  command->add_option("--data", data, "Folder of Fashion-MNIST's IDX files, plain or .gz")
      ->capture_default_str();
}

void add_pixels(CLI::App* command, float& mean, float& deviation) {
  command->add_option("--mean", mean, "Taken from each pixel, which is in [0, 1]")
      ->check(finite)
      ->capture_default_str();
  command->add_option("--std", deviation, "Each pixel is divided by it")
      ->check(positive)
      ->capture_default_str();
}

CLI::App* add_train(CLI::App& app, train_options& o) {
  CLI::App* c = app.add_subcommand("train", "Train from scratch, or go on with --resume");
  add_data(c, o.data);
  c->add_option("--out", o.out, "Folder of the run: checkpoint, best weights, metrics")->required();
  CLI::Option* epochs = c->add_option("--epochs", o.epochs, "Epochs in all, resumed ones included")
                            ->check(within(some))
                            ->capture_default_str();
  c->add_option("--minutes", o.minutes, "Stop after so many minutes instead")
      ->check(positive)
      ->excludes(epochs);
  c->add_option("--batch", o.batch, "Images a step")->check(within(batches))->capture_default_str();
  c->add_option("--micro-batch", o.micro_batch,
                "Images worked on at a time, to fit small memory; 0: the whole batch")
      ->check(within(none_or_some))
      ->capture_default_str();
  c->add_option("--lr", o.schedule.rate, "Learning rate at the start")
      ->check(positive)
      ->capture_default_str();
  c->add_option("--momentum", o.momentum, "Momentum of SGD")
      ->check(within(momenta))
      ->capture_default_str();
  c->add_option("--weight-decay", o.weight_decay, "Weight decay of SGD")
      ->check(non_negative)
      ->capture_default_str();
  o.schedule.kind = tnn::ScheduleKind::plateau;
  c->add_option("--schedule", o.schedule.kind,
                "plateau (by validation loss), step or constant; default plateau")
      ->transform(one_of(schedule_names))
      ->type_name("NAME");
  c->add_option("--factor", o.schedule.factor, "The schedule multiplies the rate by it")
      ->check(within(factors))
      ->capture_default_str();
  c->add_option("--patience", o.schedule.patience, "plateau: epochs without progress let pass")
      ->check(within(none_or_some))
      ->capture_default_str();
  c->add_option("--threshold", o.schedule.threshold, "plateau: relative progress that counts")
      ->check(within(thresholds))
      ->capture_default_str();
  c->add_option("--floor", o.schedule.floor, "The rate never goes below it")
      ->check(non_negative)
      ->capture_default_str();
  c->add_option("--step-epochs", o.schedule.every, "step: epochs between reductions")
      ->check(within(some))
      ->capture_default_str();
  c->add_option("--seed", o.seed, "Of weights, shuffles and Dropout")->capture_default_str();
  add_device(c, o.device);
  add_precision(c, o.precision);
  add_threads(c, o.threads);
  c->add_option("--validation", o.validation,
                "The last so many training images are held out; default a twelfth")
      ->check(within(none_or_some));
  c->add_option("--limit", o.limit, "Only the first so many training images; 0: all")
      ->check(within(none_or_some))
      ->capture_default_str();
  add_pixels(c, o.mean, o.deviation);
  c->add_option("--flip", o.augment.flip, "Probability that an image is mirrored")
      ->check(within(probabilities))
      ->capture_default_str();
  c->add_option(
       "--crop", o.augment.crop,
       "Train on random parts, resized, of at least this share of the area; 1: whole images")
      ->check(within(areas))
      ->capture_default_str();
  c->add_option("--erase", o.augment.erase, "Probability that a random rectangle is erased")
      ->check(within(probabilities))
      ->capture_default_str();
  c->add_option("--save-minutes", o.save_minutes, "Minutes between checkpoints in mid-epoch")
      ->check(positive)
      ->capture_default_str();
  CLI::Option* from = c->add_option("--from", o.from, "Begin with the weights of this file");
  c->add_option("--except", o.except,
                "With --from: layers that begin anew, such as 20, the last; more than one if asked")
      ->needs(from);
  CLI::Option* resume =
      c->add_flag("--resume", o.resume, "Go on from --out's last.safetensors")->excludes(from);
  c->add_flag("--previous", o.previous,
              "With --resume: go back to previous.safetensors, kept from before a divergence")
      ->needs(resume);
  c->add_flag("--live", o.live, "Write report.html at each epoch's end");
  c->add_flag("--override", o.override_run, "Resume even with other options or data");
  return c;
}

CLI::App* add_evaluate(CLI::App& app, evaluate_options& o) {
  CLI::App* c = app.add_subcommand("evaluate", "Loss, top-1, top-5, confusion on the test images");
  c->add_option("--weights", o.weights, "A safetensors file: best or last of a run, or PyTorch's")
      ->required();
  add_data(c, o.data);
  c->add_option("--limit", o.limit, "Only the first so many test images; 0: all")
      ->check(within(none_or_some))
      ->capture_default_str();
  c->add_option("--batch", o.batch, "Images at once")
      ->check(within(batches))
      ->capture_default_str();
  add_device(c, o.device);
  add_precision(c, o.precision);
  add_threads(c, o.threads);
  add_pixels(c, o.mean, o.deviation);
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
      ->check(positive)
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
  c->add_option("images", o.images, "PNG, JPEG or PGM files, bright things on a dark ground")
      ->required();
  add_device(c, o.device);
  add_precision(c, o.precision);
  add_threads(c, o.threads);
  add_pixels(c, o.mean, o.deviation);
  return c;
}

CLI::App* add_pictures(CLI::App& app, pictures_options& o) {
  CLI::App* c = app.add_subcommand(
      "pictures", "Draw a run: loss curve, filters, predictions, augmented images");
  c->add_option("--run", o.run, "Folder of a run; the PNG files go there too")->required();
  add_data(c, o.data);
  add_device(c, o.device);
  add_threads(c, o.threads);
  add_pixels(c, o.mean, o.deviation);
  return c;
}

CLI::App* add_report(CLI::App& app, report_options& o) {
  CLI::App* c = app.add_subcommand("report", "Write report.html: a page on a run and its weights");
  c->add_option("--run", o.run, "Folder of a run; report.html goes there too")->required();
  add_data(c, o.data);
  c->add_option("--limit", o.limit, "Only the first so many test images; 0: all")
      ->check(within(none_or_some))
      ->capture_default_str();
  c->add_option("--batch", o.batch, "Images at once")
      ->check(within(batches))
      ->capture_default_str();
  add_device(c, o.device);
  add_precision(c, o.precision);
  add_threads(c, o.threads);
  add_pixels(c, o.mean, o.deviation);
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
  if (d.train == nullptr) throw tnn::error("--device " + name + " only serves `alexnet bench`");
  return d;
}

/// The exit status. Training's result is files; the other commands' is what they print.
int run(int argc, char** argv) {
  CLI::App app{"AlexNet on Fashion-MNIST: shapes proved by the compiler, then trained"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("tnn ") + version);
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
    if (train.minutes > 0) train.epochs = some.most;
    const device d = asked_for(train.device, train.precision);
    return d.train(std::move(train));
  }
  if (*evaluate_command) asked_for(evaluate.device, evaluate.precision).evaluate(evaluate);
  if (*bench_command) {
    if (bench.roofline.empty())
      print_bench(bench, bench_command->count("--mode") > 0);
    else
      print_roofline(bench.roofline, bench.batch);
  }
  if (*predict_command) asked_for(predict.device, predict.precision).predict(predict);
  if (*pictures_command) asked_for(pictures.device).pictures(pictures);
  if (*report_command) {
    report.given = given_to(report_command);
    asked_for(report.device, report.precision).report(report);
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
