// The kernels of Cuda by themselves, small enough to be run with threads for threads, in mutation
// and by compute-sanitizer: each layer that has its own, forward and backward, beside Reference.
#include <cmath>
#include <limits>

#include <tnn/cuda.cuh>
#include <tnn/reference.hpp>

#include "support/layer.hpp"
#include "support/orders.hpp"

using namespace tnn;

namespace {

template <class... Cases>
void check_layers(const std::vector<int>& batches) {
  for_each_case<Cases...>([&](auto c) {
    using Case = decltype(c);
    for (const int batch : batches) {
      const question q = question_for<Case>(batch);
      const answer expected = ask<Case, double>(Reference{}, q);
      in_every_order([&] { CHECK(error_between(ask<Case, float>(Cuda{}, q), expected) < 2e-6); });
    }
  });
}

}  // namespace

TEST_CASE("products of odd sizes, in one tile and in several", "[cuda][small]") {
  check_layers<
      // less than a tile each way, two strides, two paddings
      layer_case<Conv2d<5, Kernel<3, 2>, Stride<2, 3>, Padding<1>>, Shape<3, 7, 8>>,
      // two groups; more rows than 32, more columns than 128
      layer_case<Conv2d<70, Kernel<3>, Padding<1>, Groups<2>>, Shape<4, 9, 7>>,
      layer_case<Conv2d<4, Kernel<2, 3>, Stride<2, 1>, Padding<2>, Dilation<3, 2>, NoBias>,
                 Shape<2, 6, 5>>>({1, 3});
}

TEST_CASE("few channels and wide windows, whose rows are copied whole", "[cuda][small]") {
  check_layers<layer_case<Conv2d<4, Kernel<5>, Stride<2>, Padding<1>>, Shape<1, 9, 11>>,
               layer_case<Conv2d<6, Kernel<2, 5>, Padding<1, 2>, Groups<3>>, Shape<3, 4, 6>>>({2});
}

TEST_CASE("strides beyond the kernel, or of one direction", "[cuda][small]") {
  check_layers<layer_case<Conv2d<3, Kernel<2>, Stride<3, 5>>, Shape<4, 8, 13>>,
               layer_case<Conv2d<5, Kernel<3, 1>, Stride<1, 2>, Padding<1, 0>>, Shape<9, 4, 5>>>(
      {2});
}

TEST_CASE("sums cut into parts in each direction, for a batch of one", "[cuda][small]") {
  check_layers<layer_case<Conv2d<60, Kernel<3>, Padding<1>>, Shape<34, 12, 13>>>({1});
}

TEST_CASE("a NaN and infinities go where the formula takes them", "[cuda][small]") {
  using Case = layer_case<Conv2d<5, Kernel<3>, Padding<1>>, Shape<3, 6, 7>>;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const auto precision : {cuda_precision::fp32, cuda_precision::tf32, cuda_precision::bf16}) {
    question q = question_for<Case>(2);
    q.x[20] = std::numeric_limits<double>::quiet_NaN();
    q.x[150] = infinity;
    q.dy[33] = -infinity;
    const answer expected = ask<Case, double>(Reference{}, q);
    const answer found = ask<Case, float>(Cuda{.precision = precision}, q);
    for (const auto part : {&answer::y, &answer::dx, &answer::dweight, &answer::dbias})
      for (std::size_t i = 0; i < (expected.*part).size(); ++i)
        CHECK(std::isfinite((found.*part)[i]) == std::isfinite((expected.*part)[i]));
  }
}

TEST_CASE("tiles of 96 and 128 rows, not full, of values that come four at a time",
          "[cuda][small]") {
  check_layers<layer_case<Conv2d<90, Kernel<2>>, Shape<67, 3, 3>>,
               layer_case<Conv2d<98, Kernel<2>>, Shape<3, 5, 5>>>({3});
}

TEST_CASE("products whose depth is cut into parts", "[cuda][small]") {
  check_layers<layer_case<Conv2d<2, Kernel<3>>, Shape<1, 5, 6>>>({7});
}

TEST_CASE("a last part that is smaller", "[cuda][small]") {
  check_layers<layer_case<Conv2d<1, Kernel<1>>, Shape<1, 1, 2>>>({301});
}

TEST_CASE("scratch for a batch is enough for a smaller one", "[cuda][small]") {
  using cut = detail::product_cut<70>;
  for (int depth = 1; depth < 2000; depth += 61)
    for (int columns = 1; columns < 40000; columns += 997) {
      const int parts = cut::parts(columns, depth);
      CHECK(parts * cut::part(columns, depth) >= depth);
      if (parts > 1 && std::int64_t{parts} * 70 * columns > cut::values(columns, depth))
        FAIL(parts << " parts of " << columns << " columns, " << depth << " deep");
      CHECK(cut::values(columns, depth) <= cut::values(columns + 1, depth));
      CHECK(cut::values(columns, depth) <= cut::values(columns, depth + 1));
    }
}

TEST_CASE("products of matrices", "[cuda][small]") {
  check_layers<layer_case<Linear<7>, Shape<11>>>({1, 3});
}
