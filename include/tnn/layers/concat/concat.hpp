#pragma once
// Concat<Branches...>: torch.cat of what the branches make of one x, along the channels (or the
// features of vectors): Shape<C1, H, W>, Shape<C2, H, W>, ... become Shape<C1 + C2 + ..., H, W>.
// Names: branches take numbers as layers of a Sequential do, unless Named or Unnamed.
#include <array>

#include <tnn/core/branches.hpp>

namespace tnn {

namespace fix {
template <int... Extents>
struct make_the_branches_the_same_but_for_channels;
}  // namespace fix

/// The values of branches of these shapes, one behind the other in each sample.
template <class... Shapes>
struct Concatenation : join_base<static_cast<int>(sizeof...(Shapes))> {
  static constexpr const char* summary_name = "Concat";
  static constexpr std::int64_t sizes[sizeof...(Shapes)] = {Shapes::size...};
  /// Where each branch's values begin in a sample's.
  static constexpr auto begins = [] {
    std::array<std::int64_t, sizeof...(Shapes)> at{};
    for (std::size_t k = 1; k < at.size(); ++k) at[k] = at[k - 1] + sizes[k - 1];
    return at;
  }();
};

template <class... Branches>
struct Concat {
  using branches = branch_list<Branches...>;
  static constexpr bool take_numbers = true;

  template <class First, class... Rest>
  static constexpr auto rule() {
    constexpr int odd = first_unlike<First, First, Rest...>();
    constexpr std::int64_t channels = detail::total({First::extent(0), Rest::extent(0)...});
    if constexpr (odd >= 0) {
      return unlike<odd>(First{});
    } else if constexpr (channels > INT_MAX) {
      return refuses_branch<0, fix::make_the_output_smaller_than_2_to_the_31>{};
    } else {
      return joins<Concatenation<First, Rest...>,
                   decltype(with_channels<static_cast<int>(channels)>(First{}))>{};
    }
  }

 private:
  template <int Channels, int First, int... Rest>
  static constexpr Shape<Channels, Rest...> with_channels(Shape<First, Rest...>) {
    return {};
  }
  /// The first branch whose extents behind the channels are not the first one's; -1 if none.
  template <class First, class... All>
  static constexpr int first_unlike() {
    const bool alike[] = {(
        First::rank == All::rank &&
        std::is_same_v<decltype(with_channels<1>(First{})), decltype(with_channels<1>(All{}))>)...};
    for (int i = 0; i < static_cast<int>(sizeof...(All)); ++i)
      if (!alike[i]) return i;
    return -1;
  }
  template <int I, int... Wanted>
  static constexpr refuses_branch<I, fix::make_the_branches_the_same_but_for_channels<Wanted...>>
  unlike(Shape<Wanted...>) {
    return {};
  }
};

}  // namespace tnn
