#pragma once
// A model's parameters, buffers and counters as safetensors, by PyTorch's names: what load() reads
// may come from a PyTorch state_dict of the same nn.Sequential, and what save() writes loads there,
// strict.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <tnn/core/math.hpp>
#include <tnn/core/model.hpp>
#include <tnn/io/safetensors.hpp>

namespace tnn {

namespace detail {

/// In a checkpoint what the optimizer remembers of parameter NAME is called optimizer.STATE.NAME.
inline const std::string optimizer_prefix = "optimizer.";

/// What precedes NAME for what the optimizer calls `state`.
inline std::string state_prefix(std::string_view state) {
  return optimizer_prefix + std::string(state) + '.';
}

/// NAME of optimizer.STATE.NAME; empty of other names. No STATE has a dot.
inline std::string_view without_state(std::string_view name) {
  if (!name.starts_with(optimizer_prefix)) return {};
  const std::size_t dot = name.find('.', optimizer_prefix.size());
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

/// Refuses a file that lacks one of the tensors prefix + NAME, or has one of another shape.
inline void check_tensors(const SafetensorsFile& file, std::span<const ParameterInfo> table,
                          const std::string& prefix) {
  for (const ParameterInfo& p : table) {
    const std::string name = prefix + std::string(p.name);
    if (!file.contains(name))
      throw error(printable_path(file.path()) + ": no tensor \"" + name +
                  "\" (expected, of shape " + shape_in_brackets(p.shape) +
                  "); the file is another network's, or cut");
    const std::vector<std::int64_t>& found = file.info(name).shape;
    if (!std::equal(found.begin(), found.end(), p.shape.begin(), p.shape.end()))
      throw error(printable_path(file.path()) + ": tensor \"" + name + "\" has the shape " +
                  shape_in_brackets(found) + ", expected " + shape_in_brackets(p.shape));
  }
}

/// Refuses a file that lacks one of the counters, or has something else by its name.
inline void check_counters(const SafetensorsFile& file, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (!file.contains(name))
      throw error(printable_path(file.path()) + ": no tensor \"" + std::string(name) +
                  "\" (expected, an integer); the file is another network's, or cut");
    (void)file.read_integer(name);
  }
}

/// Refuses tensors that neither a model nor its checkpoint has: a strict load.
template <class Net>
void check_no_others(const SafetensorsFile& file) {
  const auto table = parameters_table<Net>;
  const auto counters = counters_table<Net>;
  for (const std::string& name : file.names()) {
    const bool known = is_in(table, name) || is_in(table, without_state(name)) ||
                       is_in(buffers_table<Net>, name) ||
                       std::find(counters.begin(), counters.end(), name) != counters.end();
    if (!known)
      throw error(printable_path(file.path()) + ": tensor \"" + printable(name) +
                  "\" belongs to no parameter of this network; it has " +
                  std::to_string(table.size()) + " parameters, of which the last is \"" +
                  std::string(table.empty() ? "" : table.back().name) + "\"");
  }
}

/// A file of weights that are no numbers would be of use to nobody: neither written nor read.
template <class T>
void require_finite(std::span<const T> values, const std::string& whose) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!math::is_finite(values[i]))
      throw divergence(
          whose + " holds " + std::to_string(values[i]) + " at element " + std::to_string(i) +
          "; expected finite numbers: the training has diverged, and a smaller learning "
          "rate may help");
}

/// Reads tensor prefix + NAME for each parameter; `use(name, values)` gets it if all is finite.
template <class T, class Use>
void read_tensors(const SafetensorsFile& file, std::span<const ParameterInfo> table,
                  const std::string& prefix, Use use) {
  std::vector<T> values;
  for (const ParameterInfo& p : table) {
    const std::string name = prefix + std::string(p.name);
    values.resize(static_cast<std::size_t>(p.size));
    file.read(name, std::span<T>(values));
    require_finite(std::span<const T>(values),
                   printable_path(file.path()) + ": tensor \"" + name + '"');
    use(p.name, std::span<const T>(values));
  }
}

/// The tensors of one arena, read through `read(name, values)`, for a file at `path`.
template <class T, class Read>
void add_tensors(std::vector<TensorSource>& to, std::span<const ParameterInfo> table,
                 const std::string& prefix, const file_place& path, Read read) {
  for (const ParameterInfo& p : table)
    to.push_back({prefix + std::string(p.name),
                  {p.shape.begin(), p.shape.end()},
                  [read, name = p.name,
                   whose = "cannot write " + path.string() + ": tensor \"" + prefix +
                           std::string(p.name) + '"'](std::span<float> values) {
                    if constexpr (std::is_same_v<T, float>) {
                      read(name, values);
                    } else {
                      std::vector<T> wide(values.size());
                      read(name, std::span<T>(wide));
                      for (std::size_t i = 0; i < wide.size(); ++i)
                        values[i] = static_cast<float>(wide[i]);
                    }
                    require_finite(std::span<const float>(values), whose);
                  }});
}

/// Refuses a file that lacks a tensor of the network's, or has one of another shape.
template <class Net>
void check_state(const SafetensorsFile& file) {
  check_tensors(file, parameters_table<Net>, "");
  check_tensors(file, buffers_table<Net>, "");
  check_counters(file, counters_table<Net>);
}

/// Reads all of a model's tensors, and sets them where `model` is given.
template <class M>
void read_state(const SafetensorsFile& file, M* model) {
  using Net = typename M::network;
  for (const auto table : {parameters_table<Net>, buffers_table<Net>})
    read_tensors<typename M::scalar>(file, table, "", [&](std::string_view name, auto values) {
      if (model != nullptr) model->write(name, values);
    });
  if (model == nullptr) return;
  std::size_t i = 0;
  for (std::int64_t& counter : model->counters())
    counter = file.read_integer(counters_table<Net>[i++]);
}

/// All of a model's tensors, for a file at `path`: integers first, which want addresses of 8 bytes.
template <class M>
void add_state(std::vector<TensorSource>& to, const M& model, const file_place& path) {
  using Net = typename M::network;
  std::size_t i = 0;
  for (const std::int64_t counter : model.counters())
    to.push_back({std::string(counters_table<Net>[i++]), {}, nullptr, counter});
  for (const auto table : {parameters_table<Net>, buffers_table<Net>})
    add_tensors<typename M::scalar>(
        to, table, "", path,
        [&model](std::string_view name, auto values) { model.read(name, values); });
}

}  // namespace detail

/// Sets all parameters, buffers and counters from a safetensors file: weights alone, or a
/// checkpoint. Strict: every tensor must be there with its shape, and nothing else. The file's
/// names, shapes and values are checked before the model is touched.
template <class M>
void load(M& model, const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  detail::check_state<typename M::network>(file);
  detail::check_no_others<typename M::network>(file);
  detail::read_state<M>(file, nullptr);
  detail::read_state(file, &model);
}

/// Writes all parameters and buffers as float32, counters as integers, and what is to be known of
/// them. A failed write leaves the file that was there, and so does a value that is not finite.
template <class M>
void save(const M& model, const detail::file_place& path,
          const std::map<std::string, std::string>& metadata = {}) {
  std::vector<TensorSource> tensors;
  detail::add_state(tensors, model, path);
  write_safetensors(path, tensors, metadata);
}

}  // namespace tnn
