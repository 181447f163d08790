#pragma once
// safetensors files, read and written: u64 little-endian N, N bytes of JSON header, data.
// The reader holds the header alone and fetches a tensor when asked; the writer streams tensor
// after tensor, so neither needs memory for the whole file.
#include <array>
#include <bit>
#include <cstring>
#include <filesystem>
#include <functional>
#include <span>

#include <tnn/core/integers.hpp>
#include <tnn/files/atomic_file.hpp>
#include <tnn/io/half.hpp>
#include <tnn/io/safetensors_header.hpp>

namespace tnn {

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

/// A safetensors file, opened and checked. Reads are const and may come from several threads.
class SafetensorsFile {
 public:
  /// Throws tnn::error when the file is missing or breaks any rule of the format.
  explicit SafetensorsFile(const detail::file_place& place) : file_(place) {
    const std::string name = detail::printable_path(file_.path());
    std::uint64_t header_bytes = 0;
    if (file_.size() < sizeof header_bytes)
      throw error(name + ": not a safetensors file: it holds " + std::to_string(file_.size()) +
                  " bytes, fewer than the 8 of a header's length");
    file_.read(0, std::as_writable_bytes(std::span(&header_bytes, 1)));
    const std::uint64_t rest = file_.size() - sizeof header_bytes;
    if (header_bytes > std::min(safetensors_header_limit, rest))
      throw error(name + ": not a safetensors file, or cut short: its header would take " +
                  std::to_string(header_bytes) + " bytes, " +
                  (header_bytes > rest
                       ? std::to_string(rest) + " are left in the file"
                       : "the format allows " + std::to_string(safetensors_header_limit)) +
                  "; save or download it again");
    std::string text(header_bytes, ' ');
    file_.read(sizeof header_bytes, std::as_writable_bytes(std::span(text)));
    header_ = parse_safetensors_header(text, rest - header_bytes, name);
    data_start_ = sizeof header_bytes + header_bytes;
  }

  const std::filesystem::path& path() const { return file_.path(); }
  /// The tensors' names in the order of their data.
  const std::vector<std::string>& names() const { return header_.names; }
  const std::map<std::string, std::string>& metadata() const { return header_.metadata; }
  [[nodiscard]] bool contains(std::string_view name) const {
    return header_.tensors.find(name) != header_.tensors.end();
  }

  /// dtype and shape of a tensor; tnn::error when the file has none of that name.
  const TensorInfo& info(std::string_view name) const {
    const auto found = header_.tensors.find(name);
    if (found != header_.tensors.end()) return found->second;
    std::string text = detail::printable_path(path()) + ": no tensor \"" + detail::printable(name) +
                       "\"; it holds " + std::to_string(names().size()) + " tensors";
    const std::size_t shown = std::min<std::size_t>(names().size(), 8);
    for (std::size_t i = 0; i < shown; ++i)
      text += (i == 0 ? ": " : ", ") + detail::printable(names()[i]);
    if (shown < names().size()) text += ", ...";
    throw error(text);
  }

  /// Reads a tensor of F32, F64, F16 or BF16 into `values`, which must have its number of
  /// elements. Widening is exact; F64 to float rounds to nearest, beyond its range to infinity.
  void read(std::string_view name, std::span<float> values) const { read_as(name, values); }
  void read(std::string_view name, std::span<double> values) const { read_as(name, values); }

  /// The one integer of an I64 without extents, or with one of 1.
  [[nodiscard]] std::int64_t read_integer(std::string_view name) const {
    const TensorInfo& tensor = info(name);
    if (tensor.dtype != "I64" || tensor.end - tensor.begin != sizeof(std::int64_t))
      throw error(detail::printable_path(path()) + ": tensor \"" + detail::printable(name) +
                  "\" is " + tensor.dtype + ' ' + detail::shape_in_brackets(tensor.shape) +
                  "; expected one integer, I64 []");
    std::int64_t value = 0;
    file_.read(data_start_ + tensor.begin, std::as_writable_bytes(std::span(&value, 1)));
    return value;
  }

 private:
  template <class T>
  void read_as(std::string_view name, std::span<T> values) const {
    const TensorInfo& tensor = info(name);
    const std::uint64_t element_bytes = detail::safetensors_dtype_bytes().at(tensor.dtype);
    const std::uint64_t count = (tensor.end - tensor.begin) / element_bytes;
    if (count != values.size())
      throw error(detail::printable_path(path()) + ": tensor \"" + detail::printable(name) +
                  "\" has the shape " + detail::shape_in_brackets(tensor.shape) + ", " +
                  std::to_string(count) + " elements; expected " + std::to_string(values.size()));
    if (tensor.dtype == "F32")
      convert<float>(tensor.begin, values, [](float x) { return static_cast<T>(x); });
    else if (tensor.dtype == "F64")
      convert<double>(tensor.begin, values, [](double x) { return static_cast<T>(x); });
    else if (tensor.dtype == "F16")
      convert<std::uint16_t>(tensor.begin, values,
                             [](std::uint16_t x) { return static_cast<T>(float_from_half(x)); });
    else if (tensor.dtype == "BF16")
      convert<std::uint16_t>(tensor.begin, values, [](std::uint16_t x) {
        return static_cast<T>(float_from_bfloat16(x));
      });
    else
      throw error(detail::printable_path(path()) + ": tensor \"" + detail::printable(name) +
                  "\" is " + tensor.dtype +
                  "; only F32, F64, F16 and BF16 can be read as numbers here: convert it first");
  }

  template <class Stored, class T, class Convert>
  void convert(std::uint64_t begin, std::span<T> values, Convert from_stored) const {
    std::uint64_t offset = data_start_ + begin;
    if constexpr (std::is_same_v<Stored, T>) {
      file_.read(offset, std::as_writable_bytes(values));
    } else {
      std::array<Stored, 4096> chunk;
      while (!values.empty()) {
        const std::size_t n = std::min(chunk.size(), values.size());
        const std::span<Stored> stored(chunk.data(), n);
        file_.read(offset, std::as_writable_bytes(stored));
        std::transform(stored.begin(), stored.end(), values.begin(), from_stored);
        values = values.subspan(n);
        offset += stored.size_bytes();
      }
    }
  }

  detail::input_file file_;
  SafetensorsHeader header_;
  std::uint64_t data_start_ = 0;
};

/// A tensor to be written: `fill` puts its elements into the span, in PyTorch's order. Without it,
/// one integer.
struct TensorSource {
  std::string name;
  std::vector<std::int64_t> shape;
  std::function<void(std::span<float>)> fill;
  std::int64_t integer = 0;
};

/// Writes the tensors as F32, integers as I64, in the order given, through an AtomicFile. Equal
/// arguments give equal bytes. Throws tnn::error for two tensors of one name, a bad shape, text
/// that is not UTF-8 or a failed write; the file that was there is then untouched.
inline void write_safetensors(const detail::file_place& path, std::span<const TensorSource> tensors,
                              const std::map<std::string, std::string>& metadata = {}) {
  std::string header = "{";
  std::uint64_t reached = 0;
  std::size_t largest = 0;
  try {
    if (!metadata.empty()) header += "\"__metadata__\":" + nlohmann::json(metadata).dump();
    for (const TensorSource& tensor : tensors) {
      const std::uint64_t begin = reached;
      const bool floats = tensor.fill != nullptr;
      const std::uint64_t bytes =
          detail::tensor_bytes(tensor.shape, floats ? sizeof(float) : sizeof(std::int64_t));
      if (__builtin_add_overflow(begin, bytes, &reached)) throw error("too many bytes");
      if (floats) largest = std::max<std::size_t>(largest, bytes / sizeof(float));
      if (header.size() > 1) header += ',';
      header += nlohmann::json(tensor.name).dump();
      header += floats ? R"(:{"dtype":"F32","shape":)" : R"(:{"dtype":"I64","shape":)";
      header += nlohmann::json(tensor.shape).dump();
      header += R"(,"data_offsets":)" + nlohmann::json({begin, reached}).dump() + '}';
    }
    header += '}';
    header.resize(detail::round_up(header.size(), std::size_t{8}), ' ');
    if (header.size() > safetensors_header_limit) throw error("the header is too large");
    parse_safetensors_header(header, reached, "its header");  // writes nothing it would not read
  } catch (const std::exception& failure) {
    throw error("cannot write " + path.string() + ": " + failure.what());
  }

  AtomicFile file(path);
  const std::uint64_t header_bytes = header.size();
  file.write(std::as_bytes(std::span(&header_bytes, 1)));
  file.write(std::as_bytes(std::span(header)));
  std::vector<float> values;
  values.reserve(largest);
  for (const TensorSource& tensor : tensors) {
    if (tensor.fill == nullptr) {
      file.write(std::as_bytes(std::span(&tensor.integer, 1)));
      continue;
    }
    values.assign(detail::tensor_bytes(tensor.shape, sizeof(float)) / sizeof(float), 0.0f);
    tensor.fill(values);
    file.write(std::as_bytes(std::span(values)));
  }
  file.commit();
}

}  // namespace tnn
