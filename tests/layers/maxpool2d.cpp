#include <tnn/layers/maxpool2d/maxpool2d.hpp>

#include "support/layer_fixture.hpp"

using namespace tnn;

namespace {
using overlapping = layer_case<MaxPool2d<Kernel<3>, Stride<2>>, Shape<3, 7, 8>>;
using padded = layer_case<MaxPool2d<Kernel<3, 5>, Stride<2, 3>, Padding<1, 2>>, Shape<2, 6, 9>>;
using default_stride = layer_case<MaxPool2d<Kernel<2>>, Shape<3, 5, 7>>;

/// What one 2 x 2 window makes of four values, on a backend: y, and where dy = 1 goes.
template <class T, class B>
answer of_window(B backend, std::vector<double> x) {
  question q;
  q.x = std::move(x);
  q.dy = {1};
  return ask<layer_case<MaxPool2d<Kernel<2>>, Shape<1, 2, 2>>, T>(backend, q);
}
}  // namespace

TEST_CASE("Reference's MaxPool2d is PyTorch's", "[maxpool2d]") {
  check_pytorch<overlapping>("maxpool2d/overlapping");
  check_pytorch<padded>("maxpool2d/padded");
  check_pytorch<default_stride>("maxpool2d/default stride");
}

TEST_CASE("MaxPool2d's gradients are its differences", "[maxpool2d]") {
  for_each_case<overlapping, padded, default_stride>(
      [](auto c) { check_gradients<decltype(c)>(question_for<decltype(c)>(2)); });
}

TEST_CASE("Cpu's MaxPool2d agrees with Reference", "[maxpool2d]") {
  for_each_case<overlapping, padded, default_stride,
                layer_case<MaxPool2d<Kernel<1>>, Shape<2, 3, 3>>,
                // a window over the whole image; windows that skip inputs
                layer_case<MaxPool2d<Kernel<5, 3>>, Shape<4, 5, 3>>,
                layer_case<MaxPool2d<Kernel<2>, Stride<3, 4>>, Shape<2, 9, 11>>,
                // the last window lies partly in the padding
                layer_case<MaxPool2d<Kernel<2>, Padding<1>>, Shape<3, 5, 6>>,
                // more channels than a register has lanes, and more places than a byte counts
                layer_case<MaxPool2d<Kernel<3>, Stride<2>>, Shape<37, 9, 8>>,
                layer_case<MaxPool2d<Kernel<17>, Stride<3>>, Shape<2, 20, 24>>>(
      [](auto c) { check_cpu<decltype(c)>(); });
}

TEMPLATE_TEST_CASE("of equal values the first wins", "[maxpool2d]", Reference, Cpu) {
  CHECK(of_window<float>(TestType{}, {1, 1, 1, 1}).dx == std::vector<double>{1, 0, 0, 0});
  CHECK(of_window<float>(TestType{}, {0, 2, 2, 2}).dx == std::vector<double>{0, 1, 0, 0});
  CHECK(of_window<float>(TestType{}, {-0.0, 0.0, -1, 0.0}).dx == std::vector<double>{1, 0, 0, 0});
}

TEMPLATE_TEST_CASE("a NaN wins, the first of them", "[maxpool2d]", Reference, Cpu) {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  for (const int at : {0, 1, 2, 3}) {
    std::vector<double> x{infinity, infinity, infinity, infinity}, expected(4);
    x[static_cast<std::size_t>(at)] = nan;
    expected[static_cast<std::size_t>(at)] = 1;
    const answer a = of_window<float>(TestType{}, x);
    CHECK(std::isnan(a.y[0]));
    CHECK(a.dx == expected);
  }
  CHECK(of_window<float>(TestType{}, {5, nan, nan, 9}).dx == std::vector<double>{0, 1, 0, 0});
}

TEMPLATE_TEST_CASE("padding never wins", "[maxpool2d]", Reference, Cpu) {
  using Case = layer_case<MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>, Shape<1, 2, 2>>;
  question q;
  const double lowest = -std::numeric_limits<double>::infinity();
  q.x = {-4, -3, -2, lowest};
  q.dy = {1};
  CHECK(ask<Case, float>(TestType{}, q).y == std::vector<double>{-2});
  q.x = {lowest, lowest, lowest, lowest};
  const answer a = ask<Case, float>(TestType{}, q);
  CHECK(a.y == std::vector<double>{lowest});
  CHECK(a.dx == std::vector<double>{1, 0, 0, 0});
}

TEMPLATE_TEST_CASE("overlapping windows add up where they chose the same", "[maxpool2d]", Reference,
                   Cpu) {
  using Case = layer_case<MaxPool2d<Kernel<2>, Stride<1>>, Shape<1, 3, 3>>;
  question q;
  q.x = {0, 1, 2, 3, 9, 4, 5, 6, 7};
  q.dy = {1, 10, 100, 1000};
  CHECK(ask<Case, float>(TestType{}, q).dx == std::vector<double>{0, 0, 0, 0, 1111, 0, 0, 0, 0});
}
