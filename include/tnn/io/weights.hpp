#pragma once
// A model's parameters as safetensors, by PyTorch's names: what load() reads may come from a
// PyTorch state_dict of the same nn.Sequential, and what save() writes loads there, strict.
#include <map>
#include <string>
#include <vector>

#include <tnn/core/math.hpp>
#include <tnn/core/model.hpp>
#include <tnn/io/safetensors.hpp>

namespace tnn {

/// In a checkpoint the momentum of parameter NAME is called optimizer.momentum.NAME.
inline const std::string momentum_prefix = "optimizer.momentum.";

namespace detail {

inline std::string shape_text(std::span<const int> shape) {
  return shape_text(std::vector<std::int64_t>(shape.begin(), shape.end()));
}

/// Refuses a file that lacks one of the tensors prefix + NAME, or has one of another shape.
inline void check_tensors(const safetensors_file& file, std::span<const parameter_info> table,
                          const std::string& prefix) {
  for (const parameter_info& p : table) {
    const std::string name = prefix + std::string(p.name);
    if (!file.contains(name))
      throw error(printable_path(file.path()) + ": no tensor \"" + name +
                  "\" (expected, of shape " + shape_text(p.shape) +
                  "); the file is another network's, or cut");
    const std::vector<std::int64_t>& found = file.info(name).shape;
    if (!std::equal(found.begin(), found.end(), p.shape.begin(), p.shape.end()))
      throw error(printable_path(file.path()) + ": tensor \"" + name + "\" has the shape " +
                  shape_text(found) + ", expected " + shape_text(p.shape));
  }
}

/// Refuses tensors that neither a model nor its checkpoint has: a strict load.
inline void check_no_others(const safetensors_file& file, std::span<const parameter_info> table) {
  for (const std::string& name : file.names()) {
    const bool momentum = name.starts_with(momentum_prefix);
    const std::string_view bare =
        momentum ? std::string_view(name).substr(momentum_prefix.size()) : std::string_view(name);
    if (find_parameter(table, bare) == table.size())
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
void read_tensors(const safetensors_file& file, std::span<const parameter_info> table,
                  const std::string& prefix, Use use) {
  std::vector<T> values;
  for (const parameter_info& p : table) {
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
void add_tensors(std::vector<tensor_source>& to, std::span<const parameter_info> table,
                 const std::string& prefix, const file_place& path, Read read) {
  for (const parameter_info& p : table)
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

}  // namespace detail

/// Sets all parameters from a safetensors file: weights alone, or a checkpoint. Strict: every
/// parameter must be there with its shape, and nothing else. The file's names, shapes and values
/// are checked before the model is touched.
template <class M>
void load(M& model, const std::filesystem::path& path) {
  using T = typename M::scalar;
  const auto table = parameters_table<typename M::network>;
  const safetensors_file file(path);
  detail::check_tensors(file, table, "");
  detail::check_no_others(file, table);
  detail::read_tensors<T>(file, table, "", [](auto, auto) {});
  detail::read_tensors<T>(file, table, "",
                          [&](std::string_view name, auto values) { model.write(name, values); });
}

/// Writes all parameters, as float32, and what is to be known of them. A failed write leaves the
/// file that was there, and so does a parameter that is not finite.
template <class M>
void save(const M& model, const detail::file_place& path,
          const std::map<std::string, std::string>& metadata = {}) {
  std::vector<tensor_source> tensors;
  detail::add_tensors<typename M::scalar>(
      tensors, parameters_table<typename M::network>, "", path,
      [&model](std::string_view name, auto values) { model.read(name, values); });
  write_safetensors(path, tensors, metadata);
}

}  // namespace tnn
