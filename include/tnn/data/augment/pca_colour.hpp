#pragma once
// The colour augmentation of AlexNet's paper (section 4.1): to every pixel of an image is added
//   sum over i of p_i l_i a_i,  a_i drawn from N(0, deviation) once an image
// where p_i and l_i are the eigenvectors and eigenvalues of the 3 x 3 covariance of the data's RGB
// values. (The paper's covariance is of pixels from 0 to 255; here, as all values, of 0 to 1.)
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Eigenvalues>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/core/extents_text.hpp>
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

/// Of all pixels of (at most `most` samples, evenly chosen, of) a data set of RGB images.
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
  const std::int64_t count = std::min<std::int64_t>(data.size(), most);
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  Eigen::Matrix3d products = Eigen::Matrix3d::Zero();
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t sample = i * data.size() / count;
    Draws draws(0, random_stream::samples, 0, static_cast<std::uint32_t>(sample));
    data.write(sample, draws, std::span(x), std::span(targets));
    for (std::size_t k = 0; k < plane; ++k) {
      const Eigen::Vector3d rgb(x[k], x[plane + k], x[2 * plane + k]);
      sum += rgb;
      products += rgb * rgb.transpose();
    }
  }
  const double n = static_cast<double>(count) * static_cast<double>(plane);
  const Eigen::Vector3d mean = sum / n;
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solved(products / n -
                                                              mean * mean.transpose());
  ColourComponents found;
  for (int i = 0; i < 3; ++i) {
    const auto at = static_cast<std::size_t>(i);
    found.value[at] = solved.eigenvalues()[i];
    for (int c = 0; c < 3; ++c)
      found.vector[at][static_cast<std::size_t>(c)] = solved.eigenvectors()(c, i);
  }
  return found;
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
