// The kernels of Cuda by themselves, small enough to be run with threads for threads, in mutation
// and by compute-sanitizer: each layer that has its own, forward and backward, beside Reference.
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
  using Case = layer_case<Conv2d<70, Kernel<11>, Padding<5>>, Shape<20, 3, 3>>;
  using math = compute<Cuda, float, Case::bound>;
  for (int batch = 1; batch < 600; ++batch)
    for (int smaller = 1; smaller <= batch; ++smaller)
      if (math::parts(smaller) * math::weights > math::scratch(batch, 1, mode::train))
        FAIL("batch " << smaller << " in the scratch of " << batch);
}

TEST_CASE("products of matrices", "[cuda][small]") {
  check_layers<layer_case<Linear<7>, Shape<11>>>({1, 3});
}
