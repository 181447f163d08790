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

/// What load() does beyond reading all there is.
struct LoadOptions {
  /// Places whose tensors stay as they are, whatever the file has there: "20" leaves 20.weight and
  /// 20.bias, "20.bias" that alone, "classifier" all of its layers. The layers of another task
  /// begin anew so.
  std::vector<std::string> except{};
};

namespace detail {

/// Whether a tensor lies at one of the places.
inline bool is_at(std::string_view name, std::span<const std::string> places) {
  return std::any_of(places.begin(), places.end(), [&](const std::string& place) {
    return name == place ||
           (name.size() > place.size() && name.starts_with(place) && name[place.size()] == '.');
  });
}

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
void check_no_others(const SafetensorsFile& file, const LoadOptions& options = {}) {
  const auto table = parameters_table<Net>;
  const auto counters = counters_table<Net>;
  for (const std::string& name : file.names()) {
    const bool known = is_at(name, options.except) || is_at(without_state(name), options.except) ||
                       is_in(table, name) || is_in(table, without_state(name)) ||
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

/// The tensors of a table, and the counters, that are read. tnn::error for a place to be left that
/// has no tensor.
inline std::vector<ParameterInfo> asked_of(std::span<const ParameterInfo> table,
                                           const LoadOptions& options) {
  std::vector<ParameterInfo> all;
  for (const ParameterInfo& p : table)
    if (!is_at(p.name, options.except)) all.push_back(p);
  return all;
}
template <class Net>
std::vector<std::string_view> counters_asked_of(const LoadOptions& options) {
  std::vector<std::string_view> all;
  for (const std::string_view name : counters_table<Net>)
    if (!is_at(name, options.except)) all.push_back(name);
  return all;
}
template <class Net>
void check_places(const LoadOptions& options) {
  for (const std::string& place : options.except) {
    const auto has = [&](std::span<const ParameterInfo> table) {
      return std::any_of(table.begin(), table.end(), [&](const ParameterInfo& p) {
        return is_at(p.name, std::span(&place, 1));
      });
    };
    if (!has(parameters_table<Net>) && !has(buffers_table<Net>))
      throw error(
          "no layer or tensor of this network is called \"" + printable(place) +
          "\", so it cannot be left out; the last tensor is \"" +
          std::string(parameters_table<Net>.empty() ? "" : parameters_table<Net>.back().name) +
          "\"");
  }
}

/// Refuses a file that lacks a tensor of the network's, or has one of another shape.
template <class Net>
void check_state(const SafetensorsFile& file, const LoadOptions& options = {}) {
  check_places<Net>(options);
  check_tensors(file, asked_of(parameters_table<Net>, options), "");
  check_tensors(file, asked_of(buffers_table<Net>, options), "");
  check_counters(file, counters_asked_of<Net>(options));
}

/// Reads all of a model's tensors, and sets them where `model` is given.
template <class M>
void read_state(const SafetensorsFile& file, M* model, const LoadOptions& options = {}) {
  using Net = typename M::network;
  for (const auto table : {parameters_table<Net>, buffers_table<Net>})
    read_tensors<typename M::scalar>(file, asked_of(table, options), "",
                                     [&](std::string_view name, auto values) {
                                       if (model != nullptr) model->write(name, values);
                                     });
  if (model == nullptr) return;
  std::size_t i = 0;
  for (std::int64_t& counter : model->counters()) {
    const std::string_view name = counters_table<Net>[i++];
    if (!is_at(name, options.except)) counter = file.read_integer(name);
  }
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
/// checkpoint. Strict: every tensor must be there with its shape, and nothing else, but for the
/// places that the options except. The file's names, shapes and values are checked before the model
/// is touched.
template <class M>
void load(M& model, const std::filesystem::path& path, const LoadOptions& options = {}) {
  const SafetensorsFile file(path);
  detail::check_state<typename M::network>(file, options);
  detail::check_no_others<typename M::network>(file, options);
  detail::read_state<M>(file, nullptr, options);
  detail::read_state(file, &model, options);
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
