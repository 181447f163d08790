#include "run_identity.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace program {

namespace {

struct schedule_name {
  tnn::schedule_kind kind;
  const char* name;
};
constexpr schedule_name schedule_names[] = {{tnn::schedule_kind::constant, "constant"},
                                            {tnn::schedule_kind::step, "step"},
                                            {tnn::schedule_kind::plateau, "plateau"}};

std::string text(double x) { return fmt::format("{}", x); }
std::string text(float x) { return fmt::format("{}", x); }
std::string text(int x) { return fmt::format("{}", x); }
std::string text(std::uint64_t x) { return fmt::format("{}", x); }
std::string text(tnn::schedule_kind kind) {
  for (const schedule_name& s : schedule_names)
    if (s.kind == kind) return s.name;
  return {};
}

void parse(const std::string& from, double& to) { to = std::stod(from); }
void parse(const std::string& from, float& to) { to = std::stof(from); }
void parse(const std::string& from, int& to) { to = std::stoi(from); }
void parse(const std::string& from, std::uint64_t& to) { to = std::stoull(from); }
void parse(const std::string& from, tnn::schedule_kind& to) {
  for (const schedule_name& s : schedule_names)
    if (s.name == from) {
      to = s.kind;
      return;
    }
  throw std::invalid_argument("schedule");
}

/// Calls f(name on the command line, option) for each option that decides the weights.
template <class Options, class F>
void each_option(Options& o, F f) {
  f("batch", o.batch);
  f("seed", o.seed);
  f("limit", o.limit);
  f("validation", o.validation);
  f("lr", o.schedule.rate);
  f("momentum", o.momentum);
  f("weight-decay", o.weight_decay);
  f("schedule", o.schedule.kind);
  f("factor", o.schedule.factor);
  f("patience", o.schedule.patience);
  f("threshold", o.schedule.threshold);
  f("floor", o.schedule.floor);
  f("step-epochs", o.schedule.every);
  f("mean", o.mean);
  f("std", o.deviation);
}

}  // namespace

int checked_split(const train_options& options, const tnn::labelled_images& data) {
  if (options.limit > data.count())
    throw tnn::error(fmt::format("--limit {} asks for more than the {} images of {}", options.limit,
                                 data.count(), data.name()));
  const int count = options.limit > 0 ? options.limit : data.count();
  const int held_out = options.validation < 0 ? count / 12 : options.validation;
  if (held_out >= count)
    throw tnn::error(
        fmt::format("--validation {} leaves none of the {} images to train on: ask for fewer",
                    held_out, count));
  return held_out;
}

tnn::run_options run_identity(const train_options& options, const tnn::labelled_images& data) {
  // However they were asked for: 5,000 of 60,000 are the default twelfth, a limit of 60,000 is
  // none.
  train_options o = options;
  o.validation = checked_split(options, data);
  if (o.limit == data.count()) o.limit = 0;
  tnn::run_options run;
  each_option(o, [&](const char* name, const auto& value) { run[name] = text(value); });
  run["data"] = fmt::format("{:08x}", data.checksum());
  return run;
}

void adopt_run_options(train_options& options, const std::map<std::string, std::string>& metadata) {
  each_option(options, [&](const char* name, auto& value) {
    const auto& given = options.given;
    if (std::find(given.begin(), given.end(), name) != given.end()) return;
    const auto found = metadata.find(std::string("run.") + name);
    if (found == metadata.end()) return;
    try {
      parse(found->second, value);
    } catch (const std::exception&) {
      throw tnn::error(fmt::format("the checkpoint's run.{} is \"{}\", which --{} does not take",
                                   name, found->second, name));
    }
  });
}

}  // namespace program
