// A layer of one's own whose output has an extent of 0.
// expect: shape_error<layer<1>, Halve, got<1, 1, 1>, fix::make_the_extents_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
#define ROUNDED 1
#else
#define ROUNDED 0
#endif

struct Halve : layer_base {
  template <class X>
  static constexpr auto rule() {
    return accepts<
        Shape<X::extent(0), (X::extent(1) + ROUNDED) / 2, (X::extent(2) + ROUNDED) / 2>>{};
  }
};

using Net = Sequential<Input<1, 2, 2>, Halve, Halve>;
static_assert(outputs<Net, Shape<1, 1, 1>>);
using After0 = output_of<Net, 0>;
