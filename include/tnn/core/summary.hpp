#pragma once
// summary<Net>(): the table that teachers draw: layer, output shape, parameters, multiply-adds,
// share of them, bytes of parameters and of one sample's output (4-byte floats).
#include <string>
#include <string_view>

#include <tnn/core/parameters.hpp>

namespace tnn {

namespace detail {

/// The name of a type as the compiler writes it, without tnn::.
template <class T>
constexpr std::string_view raw_type_name() {
#if defined(__clang__)
  constexpr std::string_view before = "T = ", after = "]";
#else
  constexpr std::string_view before = "with T = ", after = "; std::string_view";
#endif
  const std::string_view all = __PRETTY_FUNCTION__;
  const std::size_t first = all.find(before) + before.size();
  return all.substr(first, all.rfind(after) - first);
}

template <class T>
std::string type_name() {
  std::string s(raw_type_name<T>());
  for (std::size_t at; (at = s.find("tnn::")) != std::string::npos;) s.erase(at, 5);
  for (std::size_t at; (at = s.find("> >")) != std::string::npos;) s.erase(at + 1, 1);
  // GCC writes Kernel<11, 11> for Kernel<11>.
  for (const char* square : {"Kernel<", "Stride<", "Padding<", "AdaptiveAvgPool2d<"})
    for (std::size_t at = 0; (at = s.find(square, at)) != std::string::npos;) {
      at += std::string_view(square).size();
      const std::size_t comma = s.find(", ", at), end = s.find('>', at);
      if (comma < end && s.substr(at, comma - at) == s.substr(comma + 2, end - comma - 2))
        s.erase(comma, end - comma);
    }
  return s;
}

inline std::string grouped(std::int64_t n) {
  const std::string digits = std::to_string(n);
  std::string s;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) s.push_back(',');
    s.push_back(digits[i]);
  }
  return s;
}

inline std::string left(std::string s, std::size_t width) {
  s.resize(s.size() < width ? width : s.size(), ' ');
  return s;
}
inline std::string right(const std::string& s, std::size_t width) {
  return (s.size() < width ? std::string(width - s.size(), ' ') : "") + s;
}

template <int... E>
std::string shape_text(Shape<E...>) {
  std::string s;
  (s.append(s.empty() ? "" : " x ").append(std::to_string(E)), ...);
  return s;
}

template <int... Number>
std::string place_text(layer<Number...>*) {
  std::string s;
  (s.append(s.empty() ? "" : ".").append(std::to_string(Number)), ...);
  return s;
}

inline std::string summary_row(const std::string& number, const std::string& name,
                               const std::string& shape, std::int64_t parameters,
                               std::int64_t multiply_adds, std::int64_t of,
                               std::int64_t output_values) {
  // Rounded to a tenth of a percent in integers.
  const std::int64_t share = of > 0 ? (multiply_adds * 2000 + of) / (2 * of) : 0;
  const std::string percent =
      multiply_adds > 0 ? std::to_string(share / 10) + "." + std::to_string(share % 10) + "%" : "";
  const auto count = [](std::int64_t n) { return n > 0 ? grouped(n) : std::string(); };
  return right(number, 5) + "  " + left(name, 48) + right(shape, 16) +
         right(count(parameters), 13) + right(count(multiply_adds), 15) + right(percent, 8) +
         right(count(parameters * 4), 14) + right(grouped(output_values * 4), 12) + "\n";
}

}  // namespace detail

template <class Net>
std::string summary() {
  using namespace detail;
  std::string s = right("", 5) + "  " + left("layer", 48) + right("output", 16) +
                  right("parameters", 13) + right("multiply-adds", 15) + right("share", 8) +
                  right("weight bytes", 14) + right("out bytes", 12) + "\n";
  if constexpr (!checked<Net>::is_broken) {
    constexpr std::int64_t all = multiply_adds<Net>;
    s += summary_row("", "Input", shape_text(input_t<Net>{}), 0, 0, all, input_t<Net>::size);
    std::int64_t outputs = input_t<Net>::size;
    boost::hana::for_each(layer_tuple(layers_t<Net>{}), [&](auto l) {
      using P = decltype(l);
      using bound = typename P::type;
      s += summary_row(place_text(static_cast<typename P::at*>(nullptr)),
                       type_name<typename bound::layer>(), shape_text(typename bound::output{}),
                       size_of_parameters<typename bound::parameters>, bound::multiply_adds, all,
                       bound::output::size);
      outputs += bound::output::size;
    });
    s += summary_row("", "total (of one sample)", shape_text(output_t<Net>{}), parameter_count<Net>,
                     all, all, outputs);
  }
  return s;
}

}  // namespace tnn
