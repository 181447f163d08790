#pragma once
// Gate<Branch>: y = x * Branch(x), value by value; where the branch makes an extent of 1 it is
// taken for all of x's. Squeeze-and-excitation (Hu et al. 2018) is a Gate whose branch makes a
// number a channel. Names: the branch adds no level.
#include <tnn/core/branches.hpp>

namespace tnn {

namespace fix {
template <int... Extents>
struct make_each_extent_of_the_branch_1_or_that_of;
}  // namespace fix

/// y = g * x of a gate g and x of shape X.
template <class X>
struct Gating : join_base<2> {
  static constexpr const char* summary_name = "Gate: product";
};

template <class Branch>
struct Gate {
  using branches = branch_list<Branch, skip>;
  static constexpr bool take_numbers = false;

  template <class G, class X>
  static constexpr auto rule() {
    if constexpr (goes_with(G{}, X{})) {
      return joins<Gating<X>, X>{};
    } else {
      return refuse(X{});
    }
  }

 private:
  template <int... G, int... X>
  static constexpr bool goes_with(Shape<G...>, Shape<X...>) {
    if constexpr (sizeof...(G) != sizeof...(X)) {
      return false;
    } else {
      return ((G == 1 || G == X) && ...);
    }
  }
  template <int... X>
  static constexpr refuses_branch<0, fix::make_each_extent_of_the_branch_1_or_that_of<X...>> refuse(
      Shape<X...>) {
    return {};
  }
};

}  // namespace tnn
