// A combinator of one's own says what joins its branches: two of them, by a layer that joins three.
// expect: shape_error<layer<0>, Twice, got<4>, fix::give_it_a_rule_that_joins_or_refuses_branches>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
struct Add : join_base<2> {};
#else
struct Add : join_base<3> {};
#endif

struct Twice {
  using branches = branch_list<skip, Linear<4>>;
  static constexpr bool take_numbers = false;
  template <class A, class B>
  static constexpr auto rule() {
    return joins<Add, A>{};
  }
};
using Net = Sequential<Input<4>, Twice>;

using Output = output_t<Net>;
inline auto table() { return summary<Net>(); }
