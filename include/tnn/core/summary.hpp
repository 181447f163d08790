#pragma once
// summary<Net>(): the table that teachers draw: layer, output shape, parameters, multiply-adds of
// one sample and the share of them; print_summary<Net>() prints it. The layers of branches are
// indented, and what joins them stands behind them.
#include <cstdio>
#include <string>
#include <string_view>

#include <boost/hana/for_each.hpp>

#include <tnn/core/extents_text.hpp>
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

template <class S>
std::string shape_text() {
  return extents_text(extents_of<S>::values, " x ");
}

/// Takes from a text what stands before the character, and the character.
inline std::string_view take(std::string_view& from, char before) {
  const std::size_t at = from.find(before);
  const std::string_view piece = from.substr(0, at);
  from.remove_prefix(at == std::string_view::npos ? from.size() : at + 1);
  return piece;
}

/// Takes from a name what fits on a line, up to a comma where there is one.
inline std::string_view take_line(std::string_view& name, std::size_t room) {
  std::size_t end = name.size();
  if (end > room) {
    const std::size_t comma = name.rfind(", ", room - 1);
    end = comma == std::string_view::npos ? room : comma + 1;
  }
  const std::string_view piece = name.substr(0, end);
  name.remove_prefix(end < name.size() && name[end] == ' ' ? end + 1 : end);
  return piece;
}

/// The layer's type; what joins branches says what it is called.
template <class L>
std::string summary_name() {
  if constexpr (requires { L::summary_name; }) {
    return L::summary_name;
  } else {
    return std::string(type_name<L>());
  }
}

/// A row a layer. Cells end with a tab, rows with a newline.
class summary_table {
 public:
  void add(const std::string& place, std::string_view name, const std::string& shape,
           std::int64_t parameters, std::int64_t multiply_adds, std::int64_t of) {
    // Rounded to a tenth of a percent in integers.
    const std::int64_t share = of > 0 ? (multiply_adds * 2000 + of) / (2 * of) : 0;
    const std::string percent = std::to_string(share / 10) + "." + std::to_string(share % 10) + "%";
    rows_.append(place).append("\t").append(name).append("\t").append(shape).append("\t");
    rows_.append(parameters > 0 ? grouped(parameters) : "").append("\t");
    rows_.append(multiply_adds > 0 ? grouped(multiply_adds) : "").append("\t");
    rows_.append(multiply_adds > 0 ? percent : "").append("\n");
  }

  /// Columns as wide as what they hold, names in what is left of 100; longer ones take more lines.
  std::string text() const {
    std::size_t width[columns] = {}, all = gap * (columns - 1);
    for (std::string_view rest = rows_; !rest.empty();) {
      std::string_view row = take(rest, '\n');
      for (std::size_t& w : width) {
        const std::size_t size = take(row, '\t').size();
        w = size > w ? size : w;
      }
    }
    for (const std::size_t w : width) all += w;
    if (all > widest) {
      const std::size_t others = all - width[name_column];
      width[name_column] = others + least_name < widest ? widest - others : least_name;
    }
    std::string s;
    for (std::string_view rest = rows_; !rest.empty();) put_row(s, take(rest, '\n'), width);
    return s;
  }

 private:
  static constexpr std::size_t columns = 6, name_column = 1, gap = 2, widest = 100, least_name = 20;

  static void put_row(std::string& s, std::string_view row, const std::size_t (&width)[columns]) {
    std::string_view name;
    for (std::size_t c = 0; c < columns; ++c) {
      std::string_view cell = take(row, '\t');
      if (c == name_column) {
        name = cell;
        cell = take_line(name, width[c]);
      }
      const std::size_t blank = width[c] - cell.size();
      s.append(c > 0 ? gap : 0, ' ').append(c == name_column ? 0 : blank, ' ').append(cell);
      if (c == name_column) s.append(blank, ' ');
    }
    s.erase(s.find_last_not_of(' ') + 1);
    s.push_back('\n');
    while (!name.empty())
      s.append(width[0] + gap + 2, ' ')
          .append(take_line(name, width[name_column] - 2))
          .append("\n");
  }

  std::string rows_ = "\tlayer\toutput\tparameters\tmultiply-adds\tshare\n";
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
    table.add("", "Input", shape_text<input_t<Net>>(), 0, 0, all);
    boost::hana::for_each(layer_tuple(layers_t<Net>{}), [&](auto l) {
      using P = decltype(l);
      using bound = typename P::type;
      table.add(extents_text(std::span(P::at::number, std::size_t{P::at::rank}), "."),
                std::string(2 * std::size_t{P::depth}, ' ') + summary_name<typename bound::layer>(),
                shape_text<typename bound::output>(),
                size_of_parameters<typename bound::parameters>, bound::multiply_adds, all);
      values += bound::output::size;
    });
    table.add("", "total", shape_text<output_t<Net>>(), parameter_count<Net>, all, all);
  }
  std::int64_t frozen = parameter_count<Net>;
  for (const ParameterInfo& p : trained_parameters<Net>) frozen -= p.size;
  return table.text() + "as floats: " + grouped(4 * parameter_count<Net>) +
         " bytes of parameters, " + grouped(4 * values) + " bytes of values a sample\n" +
         (frozen > 0 ? grouped(frozen) + " parameters are frozen\n" : "");
}

/// Prints that text.
template <class Net>
void print_summary(std::FILE* to = stdout) {
  std::fputs(summary<Net>().c_str(), to);
}

}  // namespace tnn
