#pragma once
// Residual<Body, Shortcut>: y = Body(x) + Shortcut(x), the shortcut being x itself unless one is
// given (He et al. 2015, "Deep Residual Learning for Image Recognition", equations 1 and 2).
// Names: neither body nor shortcut adds a level; a shortcut that has tensors is Named.
#include <tnn/core/branches.hpp>
#include <tnn/layers/identity/identity.hpp>

namespace tnn {

namespace fix {
template <int... Extents>
struct make_the_branches_the_same_shape;
}  // namespace fix

/// y = a + b of two branches of one shape.
struct Sum : join_base<2> {
  static constexpr const char* summary_name = "Residual: sum";
};

namespace detail {
/// A shortcut that is x itself has no layers.
template <class Body, class Shortcut>
struct residual_branches {
  using branches = branch_list<Body, Shortcut>;
  static constexpr bool is_projected = true;
};
template <class Body>
struct residual_branches<Body, Identity> {
  using branches = branch_list<Body, skip>;
  static constexpr bool is_projected = false;
};
}  // namespace detail

template <class Body, class Shortcut = Identity>
struct Residual : detail::residual_branches<Body, Shortcut> {
  static constexpr bool take_numbers = false;

  template <class Y, class S>
  static constexpr auto rule() {
    if constexpr (std::is_same_v<Y, S>) {
      return joins<Sum, Y>{};
    } else if constexpr (detail::residual_branches<Body, Shortcut>::is_projected) {
      return unlike<1>(Y{});
    } else {
      return unlike<0>(S{});
    }
  }

 private:
  template <int I, int... Wanted>
  static constexpr refuses_branch<I, fix::make_the_branches_the_same_shape<Wanted...>> unlike(
      Shape<Wanted...>) {
    return {};
  }
};

}  // namespace tnn
