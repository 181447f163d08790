#pragma once
// A checkpoint: the weights, what the optimizer remembers of each, and in __metadata__ where the
// run stands and what it was asked to do. It holds nothing that differs between equal runs: no
// time, host, thread count or path. Numbers are written so that they read back to the same bits.
#include <charconv>
#include <limits>
#include <map>
#include <string>

#include <tnn/core/exact.hpp>
#include <tnn/core/math.hpp>
#include <tnn/core/type_name.hpp>
#include <tnn/io/weights.hpp>
#include <tnn/train/averaged.hpp>
#include <tnn/train/trainer.hpp>

namespace tnn {

/// What a run was asked to do, by the names of its options: seed, batch, rate, data, ...
using RunOptions = std::map<std::string, std::string>;

namespace detail {

inline constexpr const char* checkpoint_format = "tnn-checkpoint-2";

/// Walks the fields of a position by name, to write or to read them.
template <class Position, class Field>
void each_field(Position& p, Field field) {
  field("position.epoch", p.epoch);
  field("position.batch", p.batch);
  field("position.step", p.step);
  field("position.loss_sum", p.so_far.loss);
  field("position.weight", p.so_far.weight);
  field("position.right", p.so_far.right);
  field("position.labels", p.so_far.labels);
  field("position.count", p.so_far.count);
  field("position.best_accuracy", p.best_accuracy);
  field("position.best_loss", p.best_loss);
  field("schedule.rate", p.schedule.rate);
  field("schedule.best", p.schedule.best);
  field("schedule.epochs", p.schedule.epochs);
  field("schedule.bad_epochs", p.schedule.bad_epochs);
  field("position.best_epoch", p.best_epoch);
  field("position.interval_loss_sum", p.interval.loss);
  field("position.interval_weight", p.interval.weight);
  field("position.interval_right", p.interval.right);
  field("position.interval_labels", p.interval.labels);
  field("position.interval_count", p.interval.count);
}

template <class T>
bool parses(const std::string& text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, value);
  return failure == std::errc{} && stopped == end;
}
inline void parse(const std::string& text, std::int64_t& value, const std::string& where) {
  if (!parses(text, value) || value < 0)
    throw error(where + " is \"" + printable(text) + "\", expected a whole number of 0 or more");
}
inline void parse(const std::string& text, double& value, const std::string& where) {
  if (!parses(text, value) || math::is_nan(value))
    throw error(where + " is \"" + printable(text) + "\", expected a number");
}

template <class O>
std::string optimizer_name() {
  constexpr auto name = type_name<O>();
  return {name.characters, static_cast<std::size_t>(name.length)};
}

/// A number as a checkpoint has it.
inline std::string written(std::int64_t value) { return std::to_string(value); }
inline std::string written(double value) { return exact(value); }

/// Refuses a position that no run reaches, so that nothing that is worked out from one overflows:
/// an epoch has an int's worth of samples at most, a batch at least one.
inline void check_ranges(const RunPosition& at, const std::string& source) {
  const auto require = [&](const char* name, auto value, auto least, auto most) {
    if (value >= least && value <= most) return;
    throw error(source + ": " + name + " is " + written(value) + ", expected " + written(least) +
                " to " + written(most) + "; the checkpoint is damaged");
  };
  constexpr std::int64_t none = 0, most_epochs = 1'000'000'000, most_samples = 0x7fff'ffff;
  constexpr std::int64_t most_labels = std::int64_t{1} << 62;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double largest = std::numeric_limits<double>::max();
  require("position.epoch", at.epoch, none, most_epochs);
  require("position.count", at.so_far.count, none, most_samples);
  require("position.weight", at.so_far.weight, 0.0, largest);
  require("position.labels", at.so_far.labels, none, most_labels);
  require("position.right", at.so_far.right, none, at.so_far.labels);
  require("position.batch", at.batch, none, at.so_far.count);
  require("position.step", at.step, none, (at.epoch + 1) * most_samples);
  require("position.loss_sum", at.so_far.loss, -largest, largest);
  require("position.best_accuracy", at.best_accuracy, -1.0, 1.0);
  require("position.best_loss", at.best_loss, -largest, infinity);
  require("position.best_epoch", at.best_epoch, none, at.epoch);
  require("position.interval_loss_sum", at.interval.loss, -largest, largest);
  require("position.interval_count", at.interval.count, none, at.so_far.count);
  require("position.interval_weight", at.interval.weight, 0.0, at.so_far.weight);
  require("position.interval_labels", at.interval.labels, none, at.so_far.labels);
  require("position.interval_right", at.interval.right, none, at.interval.labels);
  require("schedule.rate", at.schedule.rate, 0.0, largest);
  require("schedule.best", at.schedule.best, -largest, infinity);
  require("schedule.epochs", at.schedule.epochs, none, at.epoch);
  require("schedule.bad_epochs", at.schedule.bad_epochs, none, at.schedule.epochs);
}

inline const std::string& metadata_entry(const SafetensorsFile& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end())
    throw error(printable_path(file.path()) + ": __metadata__ lacks \"" + key +
                "\", which a checkpoint has");
  return found->second;
}

}  // namespace detail

/// Writes a checkpoint; a failed write leaves the file that was there.
template <class M, LossFunction L, UpdateRule O>
void save_checkpoint(Training<M, L, O>& training, const RunPosition& at, const RunOptions& asked,
                     const detail::file_place& path) {
  using T = typename M::scalar;
  const detail::averaged_in_place trained(training, false);
  const auto table = trained_parameters<typename M::network>;
  std::vector<TensorSource> tensors;
  detail::add_state(tensors, training.model(), path);
  for (const std::string_view state : O::state)
    detail::add_tensors<T>(tensors, table, detail::state_prefix(state), path,
                           [&training, state](std::string_view name, auto values) {
                             training.read_state(state, name, values);
                           });
  std::map<std::string, std::string> metadata{{"format", detail::checkpoint_format},
                                              {"optimizer", detail::optimizer_name<O>()}};
  detail::each_field(
      at, [&](const char* name, const auto& value) { metadata[name] = detail::written(value); });
  for (const auto& [name, value] : asked) metadata["run." + name] = value;
  write_safetensors(path, tensors, metadata);
}

/// Refuses a checkpoint of a run that was asked for something else, naming the first difference.
inline void require_same_run(const SafetensorsFile& file, const RunOptions& asked) {
  for (const auto& [name, wanted] : asked) {
    const std::string& was = detail::metadata_entry(file, "run." + name);
    if (was != wanted)
      throw error(detail::printable_path(file.path()) + " is of a run with " + name + " " +
                  detail::printable(was) + ", but this one asks for " + wanted + ": ask for " +
                  detail::printable(was) + " again");
  }
}

/// Refuses a file that is not a checkpoint.
inline void require_checkpoint(const SafetensorsFile& file) {
  const auto format = file.metadata().find("format");
  if (format == file.metadata().end())
    throw error(detail::printable_path(file.path()) +
                " holds weights alone; resuming needs a checkpoint, the last.safetensors of a run");
  if (format->second != detail::checkpoint_format)
    throw error(detail::printable_path(file.path()) + " is a checkpoint of format \"" +
                detail::printable(format->second) + "\", expected \"" + detail::checkpoint_format +
                "\"");
}

/// Sets weights and the optimizer's state from a checkpoint and returns where its run stood.
/// Everything is checked before anything is touched.
template <class M, LossFunction L, UpdateRule O>
RunPosition load_checkpoint(Training<M, L, O>& training, const SafetensorsFile& file) {
  using T = typename M::scalar;
  const auto table = trained_parameters<typename M::network>;
  require_checkpoint(file);
  const std::string& optimizer = detail::metadata_entry(file, "optimizer");
  if (optimizer != detail::optimizer_name<O>())
    throw error(detail::printable_path(file.path()) + " is of a run with the optimizer \"" +
                detail::printable(optimizer) + "\", but this one has " +
                detail::optimizer_name<O>());
  detail::check_state<typename M::network>(file);
  for (const std::string_view state : O::state)
    detail::check_tensors(file, table, detail::state_prefix(state));
  detail::check_no_others<typename M::network>(file);
  RunPosition at;
  detail::each_field(at, [&](const char* name, auto& value) {
    detail::parse(detail::metadata_entry(file, name), value,
                  detail::printable_path(file.path()) + ": " + name);
  });
  detail::check_ranges(at, detail::printable_path(file.path()));
  detail::read_state<M>(file, nullptr);
  for (const std::string_view state : O::state)
    detail::read_tensors<T>(file, table, detail::state_prefix(state), [](auto, auto) {});
  if constexpr (detail::averages<O>)
    if (training.averaged()) training.swap_averaged();
  detail::read_state(file, &training.model());
  training.set_steps(at.step);
  for (const std::string_view state : O::state)
    detail::read_tensors<T>(
        file, table, detail::state_prefix(state),
        [&](std::string_view name, auto values) { training.write_state(state, name, values); });
  return at;
}

}  // namespace tnn
