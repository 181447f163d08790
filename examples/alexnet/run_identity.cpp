#include "run_identity.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace program {

namespace {

std::string text(double x) { return fmt::format("{}", x); }
std::string text(int x) { return fmt::format("{}", x); }
std::string text(std::int64_t x) { return fmt::format("{}", x); }
std::string text(std::uint64_t x) { return fmt::format("{}", x); }
std::string text(const std::vector<double>& all) { return fmt::format("{}", fmt::join(all, ",")); }
std::string text(tnn::ScheduleKind kind) {
  for (const auto& [name, known] : schedule_names)
    if (known == kind) return name;
  return {};
}

/// What the command line takes of other numbers.
constexpr range<double> any{-std::numeric_limits<double>::max(),
                            std::numeric_limits<double>::max()};
constexpr range<double> non_negative{0, any.most};
constexpr range<double> positive{std::numeric_limits<double>::denorm_min(), any.most};

template <class T, class Bound>
bool parse(const std::string& from, T& to, range<Bound> allowed) {
  T value{};
  const bool good = tnn::detail::parses(from, value) &&
                    static_cast<double>(value) >= static_cast<double>(allowed.least) &&
                    static_cast<double>(value) <= static_cast<double>(allowed.most);
  if (good) to = value;
  return good;
}
template <class Bound>
bool parse(const std::string& from, std::vector<double>& to, range<Bound> allowed) {
  std::vector<double> all;
  for (std::size_t begin = 0; begin <= from.size();) {
    const std::size_t end = std::min(from.find(',', begin), from.size());
    if (!parse(from.substr(begin, end - begin), all.emplace_back(), allowed)) return false;
    begin = end + 1;
  }
  to = all;
  return true;
}
template <class Bound>
bool parse(const std::string& from, tnn::ScheduleKind& to, range<Bound>) {
  const auto found = schedule_names.find(from);
  if (found != schedule_names.end()) to = found->second;
  return found != schedule_names.end();
}

/// Calls f(name on the command line, option, its range) for each option that decides the weights.
template <class Options, class F>
void each_option(Options& o, F f) {
  f("batch", o.batch, batches);
  f("micro-batch", o.micro_batch, none_or_some);
  f("seed", o.seed, non_negative);
  f("limit", o.limit, none_or_some);
  f("validation", o.validation, none_or_some);
  f("lr", o.schedule.rate, positive);
  f("momentum", o.momentum, momenta);
  f("weight-decay", o.weight_decay, non_negative);
  f("label-smoothing", o.label_smoothing, smoothings);
  f("schedule", o.schedule.kind, any);
  f("factor", o.schedule.factor, factors);
  f("patience", o.schedule.patience, none_or_some);
  f("threshold", o.schedule.threshold, thresholds);
  f("floor", o.schedule.floor, non_negative);
  f("step-epochs", o.schedule.every, some);
  f("warm-up", o.schedule.warm_up, none_or_some);
  f("epochs", o.schedule.epochs, none_or_some);
  f("mean", o.pixels.mean, means);
  f("std", o.pixels.deviation, deviations);
  f("flip", o.augment.flip, probabilities);
  f("crop", o.augment.crop, areas);
  f("erase", o.augment.erase, probabilities);
  f("pca", o.augment.pca, shifts);
}

bool is_given(const train_options& options, const char* name) {
  return std::find(options.given.begin(), options.given.end(), name) != options.given.end();
}

}  // namespace

int checked_split(const train_options& options, const data_facts& data) {
  require_limit(options.limit, data.name, data.size);
  const int count = options.limit > 0 ? options.limit : static_cast<int>(data.size);
  const int held_out = options.validation < 0 ? count / 12 : options.validation;
  if (held_out >= count)
    throw tnn::error(
        fmt::format("--validation {} leaves none of the {} images to train on: ask for fewer",
                    held_out, count));
  return held_out;
}

tnn::RunOptions run_identity(const train_options& options, const data_facts& data) {
  // However they were asked for: 5,000 of 60,000 are the default twelfth, a limit of 60,000 is
  // none; so is a micro-batch of the whole batch.
  train_options o = options;
  o.validation = static_cast<int>(data.held_out);
  if (o.micro_batch >= o.batch) o.micro_batch = 0;
  if (o.limit == data.size) o.limit = 0;
  const tnn::Normalise pixels = normalise(o.pixels, o.images.empty() ? 1 : 3);
  o.pixels = {pixels.mean, pixels.deviation};
  tnn::RunOptions run;
  each_option(o, [&](const char* name, const auto& value, auto) { run[name] = text(value); });
  run["data"] = data.checksum;
  if (!ends_with_the_run(o.schedule.kind)) run.erase("epochs");  // they decide no step
  if (!o.images.empty()) run["classes"] = text_of_classes(data.class_names);
  return run;
}

void settle_epochs(train_options& o) {
  if (!ends_with_the_run(o.schedule.kind)) {
    o.schedule.epochs = 0;
    if (o.minutes > 0) o.epochs = some.most;
    return;
  }
  if (o.minutes > 0)
    throw tnn::error(
        "a cosine or one-cycle schedule ends with the run: give --epochs instead of --minutes");
  if (o.schedule.epochs > 0 && !is_given(o, "epochs")) o.epochs = o.schedule.epochs;
  o.schedule.epochs = static_cast<int>(o.epochs);
}

void require_run_of(const tnn::SafetensorsFile& checkpoint, tnn::RunOptions asked) {
  // A run from before these options did what they do when they are not given; and of another
  // schedule, which is said, there are no epochs.
  const auto said = [&](const char* name) {
    const auto found = checkpoint.metadata().find(std::string("run.") + name);
    return found == checkpoint.metadata().end() ? nullptr : &found->second;
  };
  for (const auto& [name, unasked] :
       {std::pair{"micro-batch", "0"}, std::pair{"flip", "0"}, std::pair{"crop", "1"},
        std::pair{"erase", "0"}, std::pair{"label-smoothing", "0"}, std::pair{"warm-up", "0"},
        std::pair{"pca", "0"}})
    if (said(name) == nullptr && asked[name] == unasked) asked.erase(name);
  if (said("epochs") == nullptr) asked.erase("epochs");
  const std::string file = tnn::detail::printable_path(checkpoint.path());
  if (said("data") != nullptr && *said("data") != asked["data"])
    throw tnn::error(fmt::format(
        "{} is of a run with data of checksum {}, but these have {}: name the same images (and "
        "--skip-broken where some were left out), or --override to go on all the same",
        file, tnn::detail::printable(*said("data")), asked["data"]));
  try {
    tnn::require_same_run(checkpoint, asked);
  } catch (const tnn::error& other) {
    throw tnn::error(std::string(other.what()) + ", or for --override to go on all the same");
  }
}

void require_same_images(const train_options& options, const tnn::SafetensorsFile& checkpoint) {
  const bool of_folder = checkpoint.metadata().contains("run.classes");
  if (of_folder == options.images.empty())
    throw tnn::error(tnn::detail::printable_path(checkpoint.path()) +
                     (of_folder ? " is of a run on a folder of images: name it again with --images"
                                : " is of a run on Fashion-MNIST: leave out --images"));
}

pixel_options pixels_of(const pixel_options& given, const fs::path& weights) {
  if (!fs::exists(weights)) return given;  // whoever loads them will say so
  train_options of_run;
  of_run.pixels = given;
  if (!given.mean.empty()) of_run.given.emplace_back("mean");
  if (!given.deviation.empty()) of_run.given.emplace_back("std");
  adopt_run_options(of_run, tnn::SafetensorsFile(weights));
  return of_run.pixels;
}

void adopt_run_options(train_options& options, const tnn::SafetensorsFile& checkpoint) {
  each_option(options, [&](const char* name, auto& value, auto allowed) {
    if (is_given(options, name)) return;
    const auto found = checkpoint.metadata().find(std::string("run.") + name);
    if (found == checkpoint.metadata().end()) return;
    if (!parse(found->second, value, allowed))
      throw tnn::error(fmt::format("{}: run.{} is \"{}\", which --{} does not take",
                                   tnn::detail::printable_path(checkpoint.path()), name,
                                   tnn::detail::printable(found->second), name));
  });
}

}  // namespace program
