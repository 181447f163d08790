// A layer of one's own that accepts something else than a Shape.
// expect: shape_error<layer<0>, Twice, got<4, 8, 8>, fix::give_it_a_rule_that_accepts_or_refuses>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
struct Twice : layer_base {
  template <class X>
  static constexpr auto rule() {
    return accepts<Shape<2 * X::size>>{};
  }
};
#else
struct Twice : layer_base {
  template <class X>
  static constexpr std::int64_t rule() {
    return 2 * X::size;
  }
};
#endif

using Net = Sequential<Input<4, 8, 8>, Twice>;
inline constexpr auto parameters = parameter_count<Net>;
inline auto table() { return summary<Net>(); }
