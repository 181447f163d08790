#pragma once
// summary<Net>(): the table that teachers draw: layer, output shape, parameters, multiply-adds of
// one sample and the share of them; print_summary<Net>() prints it.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// The table's cells; an empty one stays blank.
class summary_table {
 public:
  static constexpr std::size_t columns = 6, widest = 100;
  using row = std::array<std::string, columns>;

  summary_table() {
    rows_.push_back({"", "layer", "output", "parameters", "multiply-adds", "share"});
  }

  void add(std::string place, std::string_view name, std::string shape, std::int64_t parameters,
           std::int64_t multiply_adds, std::int64_t of) {
    // Rounded to a tenth of a percent in integers.
    const std::int64_t share = of > 0 ? (multiply_adds * 2000 + of) / (2 * of) : 0;
    const std::string percent = std::to_string(share / 10) + "." + std::to_string(share % 10) + "%";
    rows_.push_back({std::move(place), std::string(name), std::move(shape), count(parameters),
                     count(multiply_adds), multiply_adds > 0 ? percent : ""});
  }

  /// Columns as wide as what they hold, names in what is left of 100; longer ones take more lines.
  std::string text() const {
    std::array<std::size_t, columns> width{};
    for (const row& r : rows_)
      for (std::size_t c = 0; c < columns; ++c) width[c] = std::max(width[c], r[c].size());
    std::size_t others = gap * (columns - 1);
    for (std::size_t c = 0; c < columns; ++c) others += c == name_column ? 0 : width[c];
    const std::size_t room = others + least_name < widest ? widest - others : least_name;
    width[name_column] = std::min(width[name_column], room);
    std::string s;
    for (const row& r : rows_) put_row(s, r, width);
    return s;
  }

 private:
  static constexpr std::size_t name_column = 1, gap = 2, least_name = 20;

  static std::string count(std::int64_t n) { return n > 0 ? grouped(n) : std::string(); }

  static void put_row(std::string& s, const row& r, const std::array<std::size_t, columns>& width) {
    std::string_view name = r[name_column];
    std::string_view piece = cut(name, width[name_column]);
    for (std::size_t c = 0; c < columns; ++c) {
      if (c > 0) s.append(gap, ' ');
      const std::string_view cell = c == name_column ? piece : std::string_view(r[c]);
      const std::size_t blank = width[c] - cell.size();
      if (c != name_column) s.append(blank, ' ');
      s.append(cell);
      if (c == name_column) s.append(blank, ' ');
    }
    s.erase(s.find_last_not_of(' ') + 1);
    s.push_back('\n');
    while (!name.empty()) {
      s.append(width[0] + gap + 2, ' ').append(cut(name, width[name_column] - 2)).push_back('\n');
    }
  }

  /// Takes from a name what fits on a line, up to a comma where there is one.
  static std::string_view cut(std::string_view& name, std::size_t room) {
    std::size_t end = name.size();
    if (end > room) {
      const std::size_t comma = name.rfind(", ", room - 1);
      end = comma == std::string_view::npos ? room : comma + 1;
    }
    const std::string_view piece = name.substr(0, end);
    name.remove_prefix(end < name.size() && name[end] == ' ' ? end + 1 : end);
    return piece;
  }

  std::vector<row> rows_;
};

}  // namespace detail

/// The table as text, a line a layer and at most 100 columns wide; nothing is printed.
template <class Net>
[[nodiscard]] std::string summary() {
  using namespace detail;
  summary_table table;
  std::int64_t values = input_t<Net>::size;
  if constexpr (!checked<Net>::is_broken) {
    constexpr std::int64_t all = multiply_adds<Net>;
    table.add("", "Input", shape_text(input_t<Net>{}), 0, 0, all);
    boost::hana::for_each(layer_tuple(layers_t<Net>{}), [&](auto l) {
      using P = decltype(l);
      using bound = typename P::type;
      table.add(place_text(static_cast<typename P::at*>(nullptr)),
                type_name<typename bound::layer>(), shape_text(typename bound::output{}),
                size_of_parameters<typename bound::parameters>, bound::multiply_adds, all);
      values += bound::output::size;
    });
    table.add("", "total", shape_text(output_t<Net>{}), parameter_count<Net>, all, all);
  }
  return table.text() + "as floats: " + grouped(4 * parameter_count<Net>) +
         " bytes of parameters, " + grouped(4 * values) + " bytes of values a sample\n";
}

/// Prints that text.
template <class Net>
void print_summary(std::FILE* to = stdout) {
  std::fputs(summary<Net>().c_str(), to);
}

}  // namespace tnn
