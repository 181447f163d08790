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
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <tnn/core/error.hpp>

namespace tnn {

/// Where and what a tensor of a safetensors file is.
struct tensor_info {
  std::string dtype;  ///< "F32", "BF16", "I64", ...
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  ///< first byte, counted from the end of the header
  std::uint64_t end = 0;    ///< one past the last byte
};

/// A header that passed every check.
struct safetensors_header {
  std::map<std::string, tensor_info, std::less<>> tensors;
  std::vector<std::string> names;  ///< in the order of their data
  std::map<std::string, std::string> metadata;
};

/// The largest header that safetensors allows, in bytes.
inline constexpr std::uint64_t safetensors_header_limit = 100'000'000;

namespace detail {

inline const std::map<std::string, std::uint64_t, std::less<>>& safetensors_dtype_bytes() {
  static const std::map<std::string, std::uint64_t, std::less<>> bytes = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
      {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
      {"U32", 4},  {"F32", 4}, {"F64", 8}, {"I64", 8},     {"U64", 8}};
  return bytes;
}

inline std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text + ']';
}

/// Bytes of a tensor, or tnn::error (without the file's name) when they do not fit 64 bits.
inline std::uint64_t tensor_bytes(const std::vector<std::int64_t>& shape,
                                  std::uint64_t element_bytes) {
  std::uint64_t bytes = element_bytes;
  for (const std::int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes))
      throw error("the shape " + shape_text(shape) + " is negative or too large");
  return bytes;
}

class safetensors_header_parser {
 public:
  safetensors_header_parser(std::uint64_t data_bytes, const std::string& source)
      : data_bytes_(data_bytes), source_(source) {}

  safetensors_header parse(std::string_view text) {
    if (text.empty() || text.front() != '{') refuse("the header does not start with '{'");
    // The JSON parser would take a NUL for the end of its input and never see what follows.
    if (text.find('\0') != text.npos) refuse("the header holds a NUL byte");
    const json entries = parse_json(text);
    for (const auto& [name, entry] : entries.items()) {
      if (name == "__metadata__")
        read_metadata(entry);
      else
        header_.tensors.emplace(name, read_entry(name, entry));
    }
    read_order();
    return std::move(header_);
  }

 private:
  using json = nlohmann::json;

  [[noreturn]] void refuse(const std::string& why) const {
    throw error(source_ + ": not a valid safetensors file: " + why +
                "; it is damaged or another format: save or download it again");
  }

  /// Parses, refusing what a parsed value no longer shows: duplicate keys, and depth that only
  /// serves to exhaust memory.
  json parse_json(std::string_view text) const {
    std::vector<std::set<std::string>> keys;  // of the objects that are open here
    const auto check = [&](int depth, json::parse_event_t event, const json& value) {
      using at = json::parse_event_t;
      if ((event == at::object_start || event == at::array_start) && depth > 2)
        refuse("the header is nested too deeply");
      if (event == at::object_start) keys.emplace_back();
      if (event == at::object_end) keys.pop_back();
      if (event == at::key && !keys.back().insert(value.get<std::string>()).second)
        refuse("the key " + value.dump() + " appears twice");
      return true;
    };
    try {
      return json::parse(text, check);
    } catch (const json::exception& failure) {
      refuse("its header is not JSON: " + std::string(failure.what()));
    }
  }

  void read_metadata(const json& metadata) {
    if (!metadata.is_object()) refuse("__metadata__ is not an object");
    for (const auto& [key, value] : metadata.items()) {
      if (!value.is_string()) refuse("__metadata__ \"" + key + "\" is not a string");
      header_.metadata.emplace(key, value.get<std::string>());
    }
  }

  tensor_info read_entry(const std::string& name, const json& entry) const {
    const auto refuse_entry = [&](const std::string& why) {
      refuse("tensor \"" + name + "\": " + why);
    };
    if (!entry.is_object() || entry.size() != 3 || !entry.contains("dtype") ||
        !entry.contains("shape") || !entry.contains("data_offsets"))
      refuse_entry("its entry must hold dtype, shape and data_offsets, nothing else");

    const json& dtype = entry["dtype"];
    if (!dtype.is_string() || !safetensors_dtype_bytes().contains(dtype.get<std::string>()))
      refuse_entry("unknown dtype " + dtype.dump());
    tensor_info info;
    info.dtype = dtype.get<std::string>();

    const json& shape = entry["shape"];
    if (!shape.is_array()) refuse_entry("its shape is not an array");
    for (const json& extent : shape) {
      if (!is_size(extent)) refuse_entry("its shape holds " + extent.dump() + ", not a size");
      info.shape.push_back(extent.get<std::int64_t>());
    }

    const json& offsets = entry["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !is_size(offsets[0]) || !is_size(offsets[1]))
      refuse_entry("data_offsets " + offsets.dump() + " are not [begin, end]");
    info.begin = offsets[0].get<std::uint64_t>();
    info.end = offsets[1].get<std::uint64_t>();

    std::uint64_t bytes = 0;
    try {
      bytes = tensor_bytes(info.shape, safetensors_dtype_bytes().at(info.dtype));
    } catch (const error& failure) {
      refuse_entry(failure.what());
    }
    if (info.end < info.begin || info.end - info.begin != bytes)
      refuse_entry("data_offsets " + offsets.dump() + " do not span the " + std::to_string(bytes) +
                   " bytes of " + info.dtype + ' ' + shape_text(info.shape));
    return info;
  }

  /// A JSON integer from 0 to the largest int64.
  static bool is_size(const json& value) {
    return value.is_number_unsigned() &&
           value.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
  }

  /// Sorts the names by place and requires that the tensors fill the data without hole or overlap.
  void read_order() {
    for (const auto& [name, info] : header_.tensors) header_.names.push_back(name);
    const auto place = [&](const std::string& name) {
      const tensor_info& info = header_.tensors.find(name)->second;
      return std::tuple(info.begin, info.end);
    };
    std::stable_sort(
        header_.names.begin(), header_.names.end(),
        [&](const std::string& a, const std::string& b) { return place(a) < place(b); });

    std::uint64_t reached = 0;
    for (const std::string& name : header_.names) {
      const auto [begin, end] = place(name);
      if (begin != reached)
        refuse("tensor \"" + name + "\" starts at byte " + std::to_string(begin) + " and leaves " +
               (begin > reached ? "a hole after" : "an overlap before") + " byte " +
               std::to_string(reached));
      reached = end;
    }
    if (reached != data_bytes_)
      refuse("its tensors take " + std::to_string(reached) + " bytes, but " +
             std::to_string(data_bytes_) + " follow the header");
  }

  std::uint64_t data_bytes_;
  const std::string& source_;
  safetensors_header header_;
};

}  // namespace detail

/// Reads the header's text. `data_bytes` is what follows it in the file, `source` the file's name
/// for the tnn::error that refuses it.
inline safetensors_header parse_safetensors_header(std::string_view text, std::uint64_t data_bytes,
                                                   const std::string& source) {
  return detail::safetensors_header_parser(data_bytes, source).parse(text);
}

}  // namespace tnn
