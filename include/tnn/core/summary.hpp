#pragma once
// summary<Net>(): the table that teachers draw: layer, output shape, parameters, multiply-adds,
// share of them, bytes of parameters and of one sample's output (4-byte floats).
#include <string>
#include <string_view>

#include <tnn/core/parameters.hpp>
#include <tnn/core/type_name.hpp>

namespace tnn {

namespace detail {

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

inline std::string summary_row(const std::string& number, std::string_view name,
                               const std::string& shape, std::int64_t parameters,
                               std::int64_t multiply_adds, std::int64_t of,
                               std::int64_t output_values) {
  // Rounded to a tenth of a percent in integers.
  const std::int64_t share = of > 0 ? (multiply_adds * 2000 + of) / (2 * of) : 0;
  const std::string percent =
      multiply_adds > 0 ? std::to_string(share / 10) + "." + std::to_string(share % 10) + "%" : "";
  const auto count = [](std::int64_t n) { return n > 0 ? grouped(n) : std::string(); };
  return right(number, 5) + "  " + left(std::string(name), 48) + right(shape, 16) +
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
