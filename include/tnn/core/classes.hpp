#pragma once
// What the outputs of a network that tells classes apart say: probabilities, and the likeliest.
//   softmax(z)[k] = exp(z[k] - m) / sum over j of exp(z[j] - m),  m = max z
#include <cstdint>
#include <span>
#include <vector>

#include <tnn/core/math.hpp>

namespace tnn {

namespace detail {

/// Whether class a comes before class b: the higher output first, of equals the smaller number;
/// what is NaN comes last.
template <class T>
constexpr bool likelier(std::span<T> z, std::int32_t a, std::int32_t b) {
  const auto of_a = z[static_cast<std::size_t>(a)], of_b = z[static_cast<std::size_t>(b)];
  if (math::is_nan(of_a) || math::is_nan(of_b))
    return math::is_nan(of_a) == math::is_nan(of_b) ? a < b : math::is_nan(of_b);
  return of_a != of_b ? of_a > of_b : a < b;
}

/// The likeliest class.
template <class T>
[[nodiscard]] constexpr std::int32_t highest_of(std::span<T> z) {
  std::int32_t best = 0;
  for (std::int32_t k = 1; k < static_cast<std::int32_t>(z.size()); ++k)
    if (likelier(z, k, best)) best = k;
  return best;
}

}  // namespace detail

/// The k likeliest classes, the likeliest first; all of them where there are no more.
template <class T>
[[nodiscard]] constexpr std::vector<std::int32_t> top_k(std::span<T> z, int k) {
  std::vector<std::int32_t> best;
  for (std::int32_t c = 0; c < static_cast<std::int32_t>(z.size()); ++c) {
    auto at = best.begin();
    while (at != best.end() && detail::likelier(z, *at, c)) ++at;
    best.insert(at, c);
    if (static_cast<int>(best.size()) > k) best.pop_back();
  }
  return best;
}

template <class T>
[[nodiscard]] constexpr std::vector<std::int32_t> top_k(const std::vector<T>& z, int k) {
  return top_k(std::span(z), k);
}

/// The probability of each class.
template <class T>
[[nodiscard]] constexpr std::vector<double> softmax(std::span<T> z) {
  std::vector<double> p(z.size(), 0.0);
  if (z.empty()) return p;
  const double highest = static_cast<double>(z[static_cast<std::size_t>(detail::highest_of(z))]);
  double sum = 0;
  for (std::size_t k = 0; k < z.size(); ++k) {
    p[k] = math::exp(static_cast<double>(z[k]) - highest);
    sum += p[k];
  }
  for (double& x : p) x /= sum;
  return p;
}
template <class T>
[[nodiscard]] constexpr std::vector<double> softmax(const std::vector<T>& z) {
  return softmax(std::span(z));
}

}  // namespace tnn
