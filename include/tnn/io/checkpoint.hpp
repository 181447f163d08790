#pragma once
// A checkpoint: the weights, their momentum, and in __metadata__ where the run stands and what it
// was asked to do. It holds nothing that differs between equal runs: no time, host, thread count
// or path. Numbers are written so that they read back to the same bits.
#include <charconv>
#include <map>
#include <string>

#include <tnn/core/exact.hpp>
#include <tnn/io/weights.hpp>
#include <tnn/train/trainer.hpp>

namespace tnn {

/// What a run was asked to do, by the names of its options: seed, batch, rate, data, ...
using run_options = std::map<std::string, std::string>;

namespace detail {

inline constexpr const char* checkpoint_format = "tnn-checkpoint-1";

/// Walks the fields of a position by name, to write or to read them.
template <class Position, class Field>
void each_field(Position& p, Field field) {
  field("position.epoch", p.epoch);
  field("position.batch", p.batch);
  field("position.step", p.step);
  field("position.loss_sum", p.loss_sum);
  field("position.right", p.right);
  field("position.count", p.count);
  field("position.best_top1", p.best_top1);
  field("position.best_loss", p.best_loss);
  field("schedule.rate", p.schedule.rate);
  field("schedule.best", p.schedule.best);
  field("schedule.epochs", p.schedule.epochs);
  field("schedule.bad_epochs", p.schedule.bad_epochs);
}

template <class T>
bool parses(const std::string& text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, value);
  return failure == std::errc{} && stopped == end;
}
inline void parse(const std::string& text, std::int64_t& value, const std::string& where) {
  if (!parses(text, value) || value < 0)
    throw error(where + " is \"" + text + "\", expected a whole number of 0 or more");
}
inline void parse(const std::string& text, double& value, const std::string& where) {
  if (!parses(text, value) || std::isnan(value))
    throw error(where + " is \"" + text + "\", expected a number");
}

inline const std::string& metadata_entry(const safetensors_file& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end())
    throw error(file.path().string() + ": __metadata__ lacks \"" + key +
                "\", which a checkpoint has");
  return found->second;
}

}  // namespace detail

/// Writes a checkpoint; a failed write leaves the file that was there.
template <class M>
void save_checkpoint(Training<M>& training, const position& at, const run_options& asked,
                     const std::filesystem::path& path) {
  using T = typename M::scalar;
  const auto table = parameters_table<typename M::network>;
  std::vector<tensor_source> tensors;
  detail::add_tensors<T>(tensors, table, "", path, [&](std::string_view name, auto values) {
    training.model().read(name, values);
  });
  detail::add_tensors<T>(
      tensors, table, momentum_prefix, path,
      [&](std::string_view name, auto values) { training.read_momentum(name, values); });
  std::map<std::string, std::string> metadata{{"format", detail::checkpoint_format}};
  detail::each_field(at, [&](const char* name, const auto& value) {
    if constexpr (std::is_same_v<decltype(value), const double&>) {
      metadata[name] = exact(value);
    } else {
      metadata[name] = std::to_string(value);
    }
  });
  for (const auto& [name, value] : asked) metadata["run." + name] = value;
  write_safetensors(path, tensors, metadata);
}

/// Refuses a checkpoint of a run that was asked for something else, naming the first difference.
inline void require_same_run(const safetensors_file& file, const run_options& asked) {
  for (const auto& [name, wanted] : asked) {
    const std::string& was = detail::metadata_entry(file, "run." + name);
    if (was != wanted)
      throw error(file.path().string() + " is of a run with " + name + " " + was +
                  ", but this one asks for " + wanted + ": ask for " + was +
                  " again, or for --override to go on all the same");
  }
}

/// Refuses a file that is not a checkpoint.
inline void require_checkpoint(const safetensors_file& file) {
  const auto format = file.metadata().find("format");
  if (format == file.metadata().end())
    throw error(file.path().string() +
                " holds weights alone; resuming needs a checkpoint, the last.safetensors of a run");
  if (format->second != detail::checkpoint_format)
    throw error(file.path().string() + " is a checkpoint of format \"" + format->second +
                "\", expected \"" + detail::checkpoint_format + "\"");
}

/// Sets weights and momentum from a checkpoint and returns where its run stood. Everything is
/// checked before anything is touched.
template <class M>
position load_checkpoint(Training<M>& training, const safetensors_file& file) {
  using T = typename M::scalar;
  const auto table = parameters_table<typename M::network>;
  require_checkpoint(file);
  detail::check_tensors(file, table, "");
  detail::check_tensors(file, table, momentum_prefix);
  detail::check_no_others(file, table);
  position at;
  detail::each_field(at, [&](const char* name, auto& value) {
    detail::parse(detail::metadata_entry(file, name), value, file.path().string() + ": " + name);
  });
  detail::read_tensors<T>(file, table, "", [](auto, auto) {});
  detail::read_tensors<T>(file, table, momentum_prefix, [](auto, auto) {});
  detail::read_tensors<T>(file, table, "", [&](std::string_view name, auto values) {
    training.model().write(name, values);
  });
  detail::read_tensors<T>(file, table, momentum_prefix, [&](std::string_view name, auto values) {
    training.write_momentum(name, values);
  });
  return at;
}

}  // namespace tnn
