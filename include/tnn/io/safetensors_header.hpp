#pragma once
// The JSON header of a safetensors file, read strictly:
//   {"__metadata__": {"key": "value"}, "NAME": {"dtype": "F32", "shape": [2, 3],
//    "data_offsets": [begin, end]}}
// Offsets count from the end of the header; together the tensors cover the data exactly, once.
// Anything else is refused: two readers must never see two meanings in one file.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/extents_text.hpp>
#include <tnn/files/printable.hpp>

namespace tnn {

/// Where and what a tensor of a safetensors file is.
struct TensorInfo {
  std::string dtype;  ///< "F32", "BF16", "I64", ...
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  ///< first byte, counted from the end of the header
  std::uint64_t end = 0;    ///< one past the last byte
};

/// A header that passed every check.
struct SafetensorsHeader {
  std::map<std::string, TensorInfo, std::less<>> tensors;
  std::vector<std::string> names;  ///< in the order of their data
  std::map<std::string, std::string> metadata;
};

/// The largest header that safetensors allows, in bytes.
inline constexpr std::uint64_t safetensors_header_limit = 100'000'000;
/// Extents of a tensor, entries of __metadata__ and bytes of one name or text beyond these serve to
/// exhaust memory alone. With them a header of N bytes takes at most max(8 N, 200 MB) to read
/// (tests/io/safetensors_header.cpp measures it).
inline constexpr std::size_t safetensors_rank_limit = 64;
inline constexpr std::size_t safetensors_metadata_limit = 65'536;
inline constexpr std::size_t safetensors_text_limit = std::size_t{16} << 20;

namespace detail {

inline const std::map<std::string, std::uint64_t, std::less<>>& safetensors_dtype_bytes() {
  static const std::map<std::string, std::uint64_t, std::less<>> bytes = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
      {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
      {"U32", 4},  {"F32", 4}, {"F64", 8}, {"I64", 8},     {"U64", 8}};
  return bytes;
}

/// As PyTorch writes it: [96, 1, 11, 11].
template <class Extents>
std::string shape_in_brackets(const Extents& shape) {
  return '[' + extents_text(shape, ", ") + ']';
}

/// Bytes of a tensor, or tnn::error (without the file's name) when they do not fit 64 bits.
inline std::uint64_t tensor_bytes(const std::vector<std::int64_t>& shape,
                                  std::uint64_t element_bytes) {
  std::uint64_t bytes = element_bytes;
  for (const std::int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes))
      throw error("the shape " + shape_in_brackets(shape) + " is negative or too large");
  return bytes;
}

/// Takes the JSON parser's events one by one and keeps the header alone, so that time is linear in
/// its length and no tree of the whole is ever made.
class safetensors_header_reader {
 public:
  safetensors_header_reader(std::uint64_t data_bytes, const std::string& source)
      : data_bytes_(data_bytes), source_(source) {}

  SafetensorsHeader read(std::string_view text) {
    if (text.empty() || text.front() != '{') refuse("the header does not start with '{'");
    // The JSON parser would take a NUL for the end of its input and never see what follows.
    if (text.find('\0') != text.npos) refuse("the header holds a NUL byte");
    require_short_texts(text);
    nlohmann::json::sax_parse(text.data(), text.data() + text.size(), this);
    read_order();
    return std::move(header_);
  }

  // What the parser calls. No object or array that has no place in a header is ever entered.
  bool null() { return unexpected("null"); }
  bool boolean(bool value) { return unexpected(value ? "true" : "false"); }
  bool number_integer(std::int64_t value) { return unexpected(std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) {
    const bool size = value <= std::numeric_limits<std::int64_t>::max();
    if (place_ == place::shape && size) {
      if (tensor_->second.shape.size() == safetensors_rank_limit)
        refuse_tensor("its shape has more than " + std::to_string(safetensors_rank_limit) +
                      " extents");
      tensor_->second.shape.push_back(static_cast<std::int64_t>(value));
    } else if (place_ == place::offsets && size && offsets_ < 2) {
      (offsets_++ == 0 ? tensor_->second.begin : tensor_->second.end) = value;
    } else {
      unexpected(std::to_string(value));
    }
    return true;
  }
  bool number_float(double, const std::string& text) { return unexpected(text); }
  bool binary(const nlohmann::json::binary_t&) { return unexpected("binary data"); }
  bool string(std::string& value) {
    if (place_ == place::metadata) {
      metadata_->second = std::move(value);
    } else if (place_ == place::tensor && field_ == field::dtype &&
               safetensors_dtype_bytes().contains(value)) {
      tensor_->second.dtype = std::move(value);
    } else {
      unexpected('"' + value + '"');
    }
    return true;
  }

  bool start_object(std::size_t) {
    if (place_ == place::outside)
      place_ = place::header;
    else if (place_ == place::header)
      place_ = in_metadata_ ? place::metadata : place::tensor;
    else
      unexpected("an object");
    return true;
  }
  bool key(std::string& name) {
    if (place_ == place::tensor) {
      read_field(name);
    } else if (place_ == place::metadata) {
      if (header_.metadata.size() == safetensors_metadata_limit)
        refuse("__metadata__ has more than " + std::to_string(safetensors_metadata_limit) +
               " entries");
      metadata_ = added(header_.metadata, name);
    } else if ((in_metadata_ = name == "__metadata__")) {
      if (std::exchange(has_metadata_, true)) refuse_twice(name);
    } else {
      tensor_ = added(header_.tensors, name);
      fields_ = offsets_ = 0;
    }
    return true;
  }
  bool end_object() {
    if (place_ == place::tensor) check_tensor();
    place_ = place_ == place::header ? place::outside : place::header;
    return true;
  }

  bool start_array(std::size_t) {
    if (place_ == place::tensor && field_ == field::shape)
      place_ = place::shape;
    else if (place_ == place::tensor && field_ == field::offsets)
      place_ = place::offsets;
    else
      unexpected("an array");
    return true;
  }
  bool end_array() {
    if (place_ == place::offsets && offsets_ != 2)
      refuse_tensor("its data_offsets hold " + std::to_string(offsets_) +
                    " numbers, so they are not [begin, end]");
    if (place_ == place::shape) tensor_->second.shape.shrink_to_fit();
    place_ = place::tensor;
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& failure) {
    refuse("its header is not JSON: " + printable(failure.what()));
  }

 private:
  enum class place { outside, header, metadata, tensor, shape, offsets };
  enum class field : unsigned { dtype = 1, shape = 2, offsets = 4 };
  static constexpr unsigned all_fields = 7;

  [[noreturn]] void refuse(const std::string& why) const {
    throw error(source_ + ": not a valid safetensors file: " + why +
                "; it is damaged or another format: save or download it again");
  }
  [[noreturn]] void refuse_tensor(const std::string& why) const {
    refuse("tensor \"" + printable(tensor_->first) + "\": " + why);
  }
  [[noreturn]] void refuse_twice(const std::string& key) const {
    refuse("the key \"" + printable(key) + "\" appears twice");
  }

  /// Bounds the distance of quotation marks, so of each string and number, before the JSON parser
  /// sees them: it quotes what it cannot understand, in up to eleven copies.
  void require_short_texts(std::string_view text) const {
    bool quoted = false;
    for (std::size_t at = 0, start = 0; at < text.size(); ++at) {
      if (text[at] == '"') {
        quoted = !quoted;
        start = at;
      } else if (quoted && text[at] == '\\') {
        ++at;  // what is escaped may be a quotation mark
      }
      if (at - start > safetensors_text_limit)
        refuse("the text at byte " + std::to_string(start) + " is longer than " +
               std::to_string(safetensors_text_limit) + " bytes");
    }
  }

  /// Refuses a value that does not belong where it was met.
  [[noreturn]] bool unexpected(const std::string& value) const {
    if (place_ == place::metadata)
      refuse("__metadata__ \"" + printable(metadata_->first) + "\" is not a string");
    if (place_ == place::header) {
      if (in_metadata_) refuse("__metadata__ is not an object");
      refuse_tensor(what_an_entry_holds);
    }
    const std::string found = printable(value);
    if (place_ == place::shape) refuse_tensor("its shape holds " + found + ", not a size");
    if (place_ == place::offsets)
      refuse_tensor("its data_offsets hold " + found + ", so they are not [begin, end]");
    switch (field_) {
      case field::dtype:
        refuse_tensor("unknown dtype " + found);
      case field::shape:
        refuse_tensor("its shape is " + found + ", not an array");
      case field::offsets:
        refuse_tensor("its data_offsets are " + found + ", not [begin, end]");
    }
    __builtin_unreachable();
  }

  /// The entry of a new name, which is taken over.
  template <class Map>
  typename Map::iterator added(Map& map, std::string& name) const {
    const auto [entry, is_new] = map.try_emplace(std::move(name));
    if (!is_new) refuse_twice(entry->first);
    return entry;
  }

  void read_field(const std::string& name) {
    if (name == "dtype")
      field_ = field::dtype;
    else if (name == "shape")
      field_ = field::shape;
    else if (name == "data_offsets")
      field_ = field::offsets;
    else
      refuse_tensor(what_an_entry_holds);
    const auto bit = static_cast<unsigned>(field_);
    if (fields_ & bit) refuse_twice(name);
    fields_ |= bit;
  }

  /// Each tensor as soon as it is whole: the bytes are those of its type and shape.
  void check_tensor() const {
    if (fields_ != all_fields) refuse_tensor(what_an_entry_holds);
    const TensorInfo& info = tensor_->second;
    std::uint64_t bytes = 0;
    try {
      bytes = tensor_bytes(info.shape, safetensors_dtype_bytes().find(info.dtype)->second);
    } catch (const error& failure) {
      refuse_tensor(failure.what());
    }
    if (info.end < info.begin || info.end - info.begin != bytes)
      refuse_tensor("its data_offsets [" + std::to_string(info.begin) + ", " +
                    std::to_string(info.end) + "] do not span the " + std::to_string(bytes) +
                    " bytes of " + info.dtype + ' ' + shape_in_brackets(info.shape));
  }

  /// Sorts the names by place and requires that the tensors fill the data without hole or overlap.
  void read_order() {
    std::vector<decltype(tensor_)> order;
    order.reserve(header_.tensors.size());
    for (auto at = header_.tensors.begin(); at != header_.tensors.end(); ++at) order.push_back(at);
    std::sort(order.begin(), order.end(), [](auto a, auto b) {
      return std::tie(a->second.begin, a->second.end, a->first) <
             std::tie(b->second.begin, b->second.end, b->first);
    });

    header_.names.reserve(order.size());
    std::uint64_t reached = 0;
    for (const auto at : order) {
      tensor_ = at;
      if (at->second.begin != reached)
        refuse_tensor("it starts at byte " + std::to_string(at->second.begin) + " and leaves " +
                      (at->second.begin > reached ? "a hole after" : "an overlap before") +
                      " byte " + std::to_string(reached));
      reached = at->second.end;
      header_.names.push_back(at->first);
    }
    if (reached != data_bytes_)
      refuse("its tensors take " + std::to_string(reached) + " bytes, but " +
             std::to_string(data_bytes_) + " follow the header");
  }

  static constexpr const char* what_an_entry_holds =
      "its entry must hold dtype, shape and data_offsets, nothing else";

  std::uint64_t data_bytes_;
  const std::string& source_;
  SafetensorsHeader header_;

  // Where the parser is: in which place, and in which entry, field and array of it.
  place place_ = place::outside;
  bool in_metadata_ = false, has_metadata_ = false;
  decltype(SafetensorsHeader::metadata)::iterator metadata_{};
  decltype(SafetensorsHeader::tensors)::iterator tensor_{};
  field field_ = field::dtype;
  unsigned fields_ = 0, offsets_ = 0;  ///< fields met, offsets read
};

}  // namespace detail

/// Reads the header's text. `data_bytes` is what follows it in the file, `source` the file's name
/// for the tnn::error that refuses it.
inline SafetensorsHeader parse_safetensors_header(std::string_view text, std::uint64_t data_bytes,
                                                  const std::string& source) {
  return detail::safetensors_header_reader(data_bytes, source).read(text);
}

}  // namespace tnn
