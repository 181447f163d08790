#include "weights_note.hpp"

#include <fmt/format.h>

#include <tnn/core/exact.hpp>
#include <tnn/io/checkpoint.hpp>

#include "output.hpp"

namespace program {

namespace {

constexpr const char* step_key = "position.step";
constexpr const char* top1_key = "validation.top1";

using metadata = std::map<std::string, std::string>;

metadata metadata_of(const tnn::detail::file_place& file) {
  try {
    return tnn::safetensors_file(file).metadata();
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

}  // namespace

metadata origin_metadata(const tnn::position& at, std::optional<double> top1) {
  metadata origin{{step_key, std::to_string(at.step)}};
  if (top1) origin[top1_key] = tnn::detail::exact(*top1);
  return origin;
}

std::optional<std::int64_t> step_of(const tnn::detail::file_place& weights) {
  return number<std::int64_t>(metadata_of(weights), step_key);
}

std::optional<double> top1_of(const tnn::detail::file_place& weights) {
  return number<double>(metadata_of(weights), top1_key);
}

void note_origin(const std::filesystem::path& weights) {
  const metadata origin = metadata_of(weights);
  const auto step = number<std::int64_t>(origin, step_key);
  if (!step || origin.contains("format")) return;
  const auto top1 = number<double>(origin, top1_key);
  std::string note = fmt::format("note: {} holds the weights after step {} of its run, {}",
                                 tnn::detail::printable_path(weights), *step,
                                 top1 ? fmt::format("of validation top-1 {:.2f}%", 100 * *top1)
                                      : std::string("never validated"));
  const auto last = step_of(weights.parent_path() / "last.safetensors");
  if (last && *last > *step)
    note += fmt::format("; last.safetensors beside it stands after step {}", *last);
  complain(note + '\n');
}

}  // namespace program
