#pragma once
// What a Training takes of memory, as constexpr figures.
#include <cstdint>

#include <tnn/core/workspace.hpp>
#include <tnn/train/cross_entropy.hpp>
#include <tnn/train/gradient_norm.hpp>
#include <tnn/train/gradient_tree.hpp>
#include <tnn/train/loss.hpp>
#include <tnn/train/sgd.hpp>
#include <tnn/train/training_options.hpp>

namespace tnn {

namespace detail {

/// What changes from step to step, in the backend's memory: a recorded step reads it there.
template <class O, class T>
struct step_told {
  std::uint32_t step = 0;
  T loss_scale = 0;  ///< of the gradients: 1 / what the mean is over
  settings_of<O, T> update{};
};

}  // namespace detail

/// Bytes that a Training and its model's parameters take, by purpose.
template <class Net, class B, class T = float, LossFunction L = CrossEntropyLoss,
          UpdateRule O = SGD>
[[nodiscard]] constexpr MemoryBytes training_bytes(const TrainingOptions& options, int threads,
                                                   const L& loss = {}) {
  using how = detail::judging<L, T, output_t<Net>>;
  constexpr auto value = static_cast<std::int64_t>(sizeof(T));
  constexpr std::int64_t arena = detail::trained_arena<Net>;
  const TrainingOptions& o = detail::checked_options(options);
  const int micro = detail::micro_batch_of(o);
  const std::int64_t targets = o.capacity * how::targets;
  MemoryBytes b = bytes_of<Net, B, T>(micro, mode::train, threads);
  b.gradients =
      detail::gradient_arenas(detail::micro_batches_of(o.capacity, micro)) * arena * value;
  b.optimizer = static_cast<std::int64_t>(detail::states_of<O>) * arena * value;
  b.saved += targets * static_cast<std::int64_t>(sizeof(typename how::target)) +
             o.capacity * how::pieces * static_cast<std::int64_t>(sizeof(loss_sum<T>)) +
             static_cast<std::int64_t>(sizeof(detail::step_told<O, T>)) +
             static_cast<std::int64_t>(detail::constants_of(loss).size()) * value;
  if (o.clip_norm > 0) b.saved += detail::norm_chunks(arena) * 8 + value;
  if (has_stage<B>)  // the next batch, where it is sent ahead
    b.saved += o.capacity * input_t<Net>::size * value +
               targets * static_cast<std::int64_t>(sizeof(typename how::target));
  return b;
}

}  // namespace tnn
