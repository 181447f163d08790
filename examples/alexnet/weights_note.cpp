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

weights_origin origin_in(const metadata& from) {
  return {number<std::int64_t>(from, step_key), number<double>(from, top1_key)};
}

}  // namespace

metadata origin_metadata(const tnn::RunPosition& at, std::optional<double> top1) {
  metadata origin{{step_key, std::to_string(at.step)}};
  if (top1) origin[top1_key] = tnn::detail::exact(*top1);
  return origin;
}

weights_origin origin_of(const tnn::detail::file_place& weights) {
  return origin_in(metadata_of(weights));
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
