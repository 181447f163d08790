#pragma once
// What an optimizer needs besides the gradients: what it remembers of each parameter, an arena a
// name, and how each is treated; and the update of all.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>
#include <tnn/train/gradient_norm.hpp>
#include <tnn/train/training_options.hpp>

namespace tnn::detail {

template <class Net, class B, class T, UpdateRule O>
class updates {
  static constexpr std::int64_t parameters = trained_arena<Net>, chunks = norm_chunks(parameters);

 public:
  constexpr updates(B& backend, const TrainingOptions& options)
      : clip_norm_(options.clip_norm),
        states_(backend.template allocate<T>(parameters * std::int64_t{states_of<O>})),
        squares_(backend.template allocate<double>(clips() ? chunks : 0)),
        clip_(backend.template allocate<T>(clips() ? 1 : 0)) {
    // Parameters that are treated alike and lie side by side are updated together.
    for (const ParameterInfo& p : trained_parameters<Net>) {
      const TensorRule rule = options.rule(p);
      if (!(rule.rate >= 0 && math::is_finite(rule.rate)))
        throw error("the rule of parameter \"" + std::string(p.name) + "\" gives it the share " +
                    exact(rule.rate) + " of the rate; expected 0 or more");
      if (parts_.empty() || !(parts_.back().rule == rule)) parts_.push_back({p.offset, 0, rule});
      parts_.back().end = p.offset + padded(p.size);
    }
  }

  /// One update of all weights; `told` is the backend's memory, as the others are.
  constexpr void apply(B& backend, T* weights, const T* gradients, const settings_of<O, T>* told) {
    if (clips()) {
      backend.for_each(chunks, sum_squares<T>{gradients, parameters, squares_.data()});
      backend.for_each(1, clip_factor<T>{squares_.data(), chunks, clip_norm_, clip_.data()});
    }
    for (const part& p : parts_) {
      update_values<O, T> update{
          weights + p.begin, gradients + p.begin,        {}, told, clips() ? clip_.data() : nullptr,
          p.rule.decays,     static_cast<T>(p.rule.rate)};
      for (std::size_t s = 0; s < states_of<O>; ++s)
        update.states[s] = states_.data() + static_cast<std::int64_t>(s) * parameters + p.begin;
      backend.for_each(p.end - p.begin, update);
    }
  }

  /// The arena of what the optimizer calls `state`.
  constexpr T* state(std::string_view state) { return states_.data() + begin_of(state); }
  constexpr const T* state(std::string_view state) const {
    return states_.data() + begin_of(state);
  }

  /// Where the norm of the last update's gradients is.
  constexpr const double* norm() const {
    if (!clips()) throw error("the gradients' norm is known only with TrainingOptions.clip_norm");
    return squares_.data();
  }

 private:
  struct part {
    std::int64_t begin, end;  ///< of the arenas
    TensorRule rule;
  };

  [[nodiscard]] constexpr bool clips() const { return clip_norm_ > 0; }
  static constexpr std::int64_t begin_of(std::string_view state) {
    std::string all;
    for (std::size_t s = 0; s < states_of<O>; ++s) {
      if (O::state[s] == state) return static_cast<std::int64_t>(s) * parameters;
      all += (s > 0 ? ", " : "") + std::string(O::state[s]);
    }
    throw error("the optimizer remembers no \"" + std::string(state) + "\"; it remembers: " + all);
  }

  double clip_norm_;
  std::vector<part> parts_;
  typename B::template Buffer<T> states_;
  typename B::template Buffer<double> squares_;
  typename B::template Buffer<T> clip_;
};

}  // namespace tnn::detail
