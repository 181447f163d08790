#include "weights_note.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <tnn/core/exact.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/files/printable.hpp>
#include <tnn/io/checkpoint.hpp>

#include "net.hpp"
#include "output.hpp"

namespace program {

namespace {

constexpr const char* step_key = "position.step";
constexpr const char* top1_key = "validation.top1";
constexpr const char* classes_key = "run.classes";  // a JSON array of their names, of a folder

using metadata = std::map<std::string, std::string>;

metadata metadata_of(const tnn::detail::file_place& file) {
  try {
    return tnn::SafetensorsFile(file).metadata();
  } catch (const tnn::error&) {
    return {};  // whoever reads its tensors says what is wrong with it
  }
}

template <class T>
std::optional<T> number(const metadata& from, const char* key) {
  const auto found = from.find(key);
  T value{};
  if (found == from.end() || !tnn::detail::parses(found->second, value)) return std::nullopt;
  return value;
}

/// None where the file names none.
std::vector<std::string> classes_said_by(const std::filesystem::path& weights) {
  const metadata all = metadata_of(weights);
  const auto found = all.find(classes_key);
  return found == all.end() ? std::vector<std::string>{} : classes_from(found->second);
}

weights_origin origin_in(const metadata& from) {
  return {number<std::int64_t>(from, step_key), number<double>(from, top1_key)};
}

}  // namespace

metadata origin_metadata(const tnn::RunPosition& at, std::optional<double> top1,
                         const tnn::RunOptions& asked) {
  metadata origin{{step_key, std::to_string(at.step)}};
  for (const auto& [name, value] : asked) origin["run." + name] = value;
  if (top1) origin[top1_key] = tnn::detail::exact(*top1);
  return origin;
}

weights_origin origin_of(const tnn::detail::file_place& weights) {
  return origin_in(metadata_of(weights));
}

std::vector<std::string> classes_of(const std::filesystem::path& weights, int channels,
                                    std::size_t classes) {
  std::vector<std::string> said = classes_said_by(weights);
  if (said.size() == classes) return said;
  const auto& fashion = tnn::fashion_mnist_class_names;
  if (channels == 1 && classes == fashion.size()) return {fashion.begin(), fashion.end()};
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < classes; ++i) numbers.push_back("class " + std::to_string(i));
  return numbers;
}

void require_classes(const std::filesystem::path& weights, std::size_t classes,
                     const test_data& data) {
  const std::string file = tnn::detail::printable_path(weights);
  if (data.class_names.size() != classes)
    throw tnn::error(
        fmt::format("{} tells {} classes apart, but {} has {}: give it images of the "
                    "same classes",
                    file, classes, data.name, data.class_names.size()));
  const std::vector<std::string> said = classes_said_by(weights);
  const std::vector<std::string> given = classes_from(text_of_classes(data.class_names));
  for (std::size_t i = 0; i < std::min(said.size(), classes); ++i)
    if (said[i] != given[i])
      throw tnn::error(fmt::format(
          "{} was trained to call class {} \"{}\", but in {} it is \"{}\": give it images of "
          "the same classes",
          file, i, tnn::detail::printable(said[i]), data.name, tnn::detail::printable(given[i])));
}

std::pair<int, int> network_in(const std::filesystem::path& weights) {
  std::pair<int, int> found{tnn::input_t<GreyNet>::extent(0), tnn::output_t<GreyNet>::extent(0)};
  try {
    const tnn::SafetensorsFile file(weights);
    const auto take = [&](const char* tensor, std::size_t rank, std::size_t axis, int& extent) {
      if (file.contains(tensor) && file.info(tensor).shape.size() == rank)
        extent = tnn::detail::least(file.info(tensor).shape[axis], std::numeric_limits<int>::max());
    };
    take("0.weight", 4, 1, found.first);
    take("20.weight", 2, 0, found.second);
  } catch (const tnn::error&) {
  }
  return found;
}

void note_origin(const std::filesystem::path& weights) {
  const metadata all = metadata_of(weights);
  const auto [step, top1] = origin_in(all);
  if (!step || all.contains("format")) return;
  std::string note = fmt::format("note: {} holds the weights after step {} of its run, {}",
                                 tnn::detail::printable_path(weights), *step,
                                 top1 ? fmt::format("of validation top-1 {:.2f}%", 100 * *top1)
                                      : std::string("never validated"));
  const auto last = origin_of(weights.parent_path() / "last.safetensors").step;
  if (last && *last > *step)
    note += fmt::format("; last.safetensors beside it stands after step {}", *last);
  complain(note + '\n');
}

}  // namespace program
