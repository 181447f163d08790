#pragma once
// Averaged<O>: the optimizer O, and besides it the exponential moving average of the weights, as
// torch.optim.swa_utils.AveragedModel keeps it (get_ema_avg_fn):
//   a = w after the first update;  a = decay a + (1 - decay) w  after each one more
// Training::swap_averaged() puts it in the place of the weights, to evaluate or save it, and back.
// Buffers, a BatchNorm's running statistics, are those of the weights that are trained.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tnn/core/host_device.hpp>
#include <tnn/train/optimizer.hpp>
#include <tnn/train/options.hpp>

namespace tnn {

template <UpdateRule O>
struct Averaged {
  O optimizer{};
  double decay = 0.999;
  double rate = optimizer.rate;  ///< schedules set it; the optimizer's own is not looked at

  static constexpr auto state = [] {
    std::array<std::string_view, detail::states_of<O> + 1> names{"average"};
    for (std::size_t i = 0; i < detail::states_of<O>; ++i) names[i + 1] = O::state[i];
    return names;
  }();

  template <class T>
  struct told {
    T rate = 0;
    T kept = 0;  ///< the average's share: 0 in the first update
    T new_share = 1;
    detail::settings_of<O, T> optimizer{};
  };
  template <class T>
  [[nodiscard]] constexpr told<T> settings(std::int64_t updates) const {
    const double kept = updates == 0 ? 0 : decay;
    return {static_cast<T>(rate), static_cast<T>(kept), static_cast<T>(1 - kept),
            optimizer.template settings<T>(updates)};
  }
  template <class T, class... State>
  TNN_HOST_DEVICE static constexpr void update(const told<T>& s, bool decays, T& w, T g, T& average,
                                               State&... own) {
    detail::settings_of<O, T> inner = s.optimizer;
    inner.rate = s.rate;
    O::update(inner, decays, w, g, own...);
    average = s.kept * average + s.new_share * w;
  }
  constexpr void check() const {
    detail::require_at_least_0("learning rate", rate);
    detail::require_fraction("decay of the averaged weights", decay);
    if constexpr (requires { optimizer.check(); }) optimizer.check();
  }
};

namespace detail {

template <class O>
inline constexpr bool averages = false;
template <class O>
inline constexpr bool averages<Averaged<O>> = true;

/// A Training's averaged weights come in the place of the trained ones, or the other way round, as
/// asked; at its end those are there again that were before, whatever has been done meanwhile.
/// Without averaged weights it does nothing.
template <class TrainingType>
class [[nodiscard]] averaged_in_place {
 public:
  averaged_in_place(TrainingType& training, bool wanted)
      : training_(training), before_(training.averaged()) {
    put(wanted);
  }
  averaged_in_place(const averaged_in_place&) = delete;
  averaged_in_place& operator=(const averaged_in_place&) = delete;
  ~averaged_in_place() {
    try {
      put(before_);
    } catch (...) {  // the device has failed: whoever uses the weights next is told so
    }
  }

 private:
  void put(bool wanted) {
    if constexpr (averages<typename TrainingType::optimizer_type>)
      if (training_.averaged() != wanted) training_.swap_averaged();
  }
  TrainingType& training_;
  bool before_;
};

}  // namespace detail
}  // namespace tnn
