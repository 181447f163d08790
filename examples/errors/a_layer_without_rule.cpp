// A layer of one's own answers for every shape: accepts<Shape<...>> or refuses<fix::...>.
// expect: shape_error<layer<1>, Swish, got<4, 8, 8>, fix::give_it_a_rule_that_accepts_or_refuses>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
struct Swish : layer_base {
  template <class X>
  static constexpr auto rule() {
    return accepts<X>{};
  }
};
#else
struct Swish : layer_base {};
#endif

using Net = Sequential<Input<4, 8, 8>, ReLU, Swish>;
using Output = output_t<Net>;
static_assert(outputs<Net, Shape<4, 8, 8>>);
