#pragma once
// What a combinator of branches is (Residual, Concat, Gate, or one of a user's own): an empty type
// that says
//   branches            branch_list<Branch, ...>, of which each receives what the whole receives;
//                       `skip` is a branch that hands on what it receives
//   take_numbers        whether a branch takes a number among the others, as layers of a Sequential
//                       do; one that does not, and is not Named, adds no level to names
//   rule<Branch...>()   of the shapes that the branches make: joins<Join, Y>, where the layer Join
//                       makes one value of shape Y of them all, or refuses_branch<I, fix::...>
#include <tnn/core/sequential.hpp>

namespace tnn {

namespace fix {
struct give_it_a_rule_that_joins_or_refuses_branches;
}  // namespace fix

template <class... Branches>
using branch_list = detail::list<Branches...>;

/// A branch without layers.
struct skip {};

/// Which of the branches of a combinator, from 0, an error is about.
template <int I>
struct branch;

/// The branches go together: the layer Join makes Y of their values.
template <class Join, class Y>
struct joins {
  static constexpr bool refused = false;
  using layer = Join;
  using shape = Y;
};

/// The shape that branch I makes does not go with the others.
template <int I, class Fix>
struct refuses_branch {
  static constexpr bool refused = true;
  static constexpr int number = I;
  using fix = Fix;
};

/// A layer that joins branches: it reads as many values as there are branches.
template <int Branches>
struct join_base : layer_base {
  static constexpr int inputs = Branches;
};

namespace detail {

template <class T>
inline constexpr bool is_list = false;
template <class... Ts>
inline constexpr bool is_list<list<Ts...>> = true;

template <class T>
concept branching = std::is_same_v<T, std::remove_cv_t<T>> && requires {
  requires is_list<typename T::branches>;
  T::take_numbers;
};

/// Whether an answer of a combinator's rule is one, of so many branches.
template <class Answer, int Branches>
inline constexpr bool is_joining = false;
template <class Join, class Y, int Branches>
inline constexpr bool is_joining<joins<Join, Y>, Branches> = [] {
  if constexpr (Layer<Join>) {
    return is_shape<Y> && Join::inputs == Branches;
  } else {
    return false;
  }
}();
template <int I, class Fix, int Branches>
inline constexpr bool is_joining<refuses_branch<I, Fix>, Branches> = I >= 0 && I < Branches;

}  // namespace detail
}  // namespace tnn
