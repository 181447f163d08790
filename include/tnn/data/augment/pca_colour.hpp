#pragma once
// The colour augmentation of AlexNet's paper (section 4.1): to every pixel of an image is added
//   sum over i of p_i l_i a_i,  a_i drawn from N(0, deviation) once an image
// where p_i and l_i are the eigenvectors and eigenvalues of the 3 x 3 covariance of the data's RGB
// values in [0, 1] (of 0 to 255 the same deviation would be 255 times as strong). It belongs before
// Normalise, with the components of data that is not normalised.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/extents_text.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/math.hpp>
#include <tnn/data/augment/geometry.hpp>
#include <tnn/data/draws.hpp>
#include <tnn/data/image.hpp>
#include <tnn/data/source.hpp>

namespace tnn {

/// In order of growing eigenvalue; vector[i] is the one of value[i].
struct ColourComponents {
  std::array<double, 3> value{};
  std::array<std::array<double, 3>, 3> vector{};
};

namespace detail {

using matrix3 = std::array<std::array<double, 3>, 3>;

/// Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations: each makes one
/// element off the diagonal 0, and a few sweeps over the three leave none above rounding.
inline ColourComponents components_of(matrix3 a) {
  matrix3 v{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  // columns become the eigenvectors
  for (int sweep = 0; sweep < 30; ++sweep)
    for (const auto& [p, q] : {std::pair<std::size_t, std::size_t>{0, 1}, {0, 2}, {1, 2}}) {
      if (a[p][q] == 0) continue;
      const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
      const double t = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
      const double c = 1 / std::sqrt(t * t + 1), s = t * c;
      for (std::size_t k = 0; k < 3; ++k) {  // a = a R
        const double left = a[k][p], right = a[k][q];
        a[k][p] = c * left - s * right;
        a[k][q] = s * left + c * right;
      }
      for (std::size_t k = 0; k < 3; ++k) {  // a = R^T a, v = v R
        const double upper = a[p][k], lower = a[q][k], left = v[k][p], right = v[k][q];
        a[p][k] = c * upper - s * lower;
        a[q][k] = s * upper + c * lower;
        v[k][p] = c * left - s * right;
        v[k][q] = s * left + c * right;
      }
    }
  std::array<std::size_t, 3> order{0, 1, 2};
  std::sort(order.begin(), order.end(), [&](auto i, auto j) { return a[i][i] < a[j][j]; });
  ColourComponents found;
  for (std::size_t i = 0; i < 3; ++i) {
    found.value[i] = a[order[i]][order[i]];
    for (std::size_t k = 0; k < 3; ++k) found.vector[i][k] = v[k][order[i]];
  }
  return found;
}

}  // namespace detail

/// Of all pixels of (at most `most` samples, evenly chosen, of) a data set of RGB images; of one
/// without random transforms.
template <SampleSource D>
ColourComponents colour_components(const D& data, std::int64_t most = 10'000) {
  const std::vector<int> shape = detail::shape_of(data);
  if (shape.size() != 3 || shape[0] != 3 || data.size() == 0)
    throw error("the samples are " + detail::extents_text(shape, " x ") + ", and there are " +
                std::to_string(data.size()) + "; colours are of images of 3 channels");
  std::vector<float> x(static_cast<std::size_t>(detail::values_of(shape)));
  std::vector<detail::target_of<D, float>> targets(
      static_cast<std::size_t>(detail::targets_of(data)));
  const std::size_t plane = x.size() / 3;
  if (most < 1)
    throw error("colours of at most " + std::to_string(most) + " samples; expected 1 or more");
  const std::int64_t count = detail::least(data.size(), most);
  std::array<double, 3> sum{};
  detail::matrix3 products{};
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t sample = i * data.size() / count;
    Draws draws(0, random_stream::samples, 0, static_cast<std::uint32_t>(sample));
    data.write(sample, draws, std::span(x), std::span(targets));
    for (std::size_t k = 0; k < plane; ++k)
      for (std::size_t c = 0; c < 3; ++c) {
        const double value = static_cast<double>(x[c * plane + k]);
        sum[c] += value;
        for (std::size_t d = 0; d < 3; ++d)
          products[c][d] += value * static_cast<double>(x[d * plane + k]);
      }
  }
  const double n = static_cast<double>(count) * static_cast<double>(plane);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t d = 0; d < 3; ++d)
      products[c][d] = products[c][d] / n - sum[c] / n * sum[d] / n;
  return detail::components_of(products);
}

/// What alpha adds to red, green and blue.
inline std::array<double, 3> colour_shift(const ColourComponents& of,
                                          const std::array<double, 3>& alpha) {
  std::array<double, 3> shift{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t c = 0; c < 3; ++c) shift[c] += of.vector[i][c] * of.value[i] * alpha[i];
  return shift;
}

struct PCAColour {
  ColourComponents components;
  double deviation = 0.1;

  void check(std::span<const int> shape) const {
    detail::makes_size<1, 1>::require_image(shape);
    if (shape[0] != 3)
      throw error("the images have " + std::to_string(shape[0]) +
                  " channels; PCAColour changes images of 3");
    double sum = 0;
    for (const double value : components.value) sum += value;
    if (!(sum > 0 && math::is_finite(sum)))
      throw error("the components of PCAColour have eigenvalues of sum " + detail::exact(sum) +
                  "; colour_components(data) gives those of a data set");
    if (!(deviation >= 0 && deviation < 1e6))
      throw error("the deviation of PCAColour is " + detail::exact(deviation) +
                  "; expected 0 or more");
  }
  template <class T>
  void operator()(Image<T>& image, Draws& draws) const {
    std::array<double, 3> alpha{};
    for (double& a : alpha) {  // Box and Muller (1958); 1 - u is never 0
      const double u = static_cast<double>(draws.uniform()),
                   v = static_cast<double>(draws.uniform());
      a = deviation * std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * std::numbers::pi * v);
    }
    const std::array<double, 3> shift = colour_shift(components, alpha);
    const std::size_t plane = image.plane_size();
    for (std::size_t c = 0; c < 3; ++c)
      for (T& x : std::span(image.values).subspan(c * plane, plane)) x += static_cast<T>(shift[c]);
  }
};

}  // namespace tnn
