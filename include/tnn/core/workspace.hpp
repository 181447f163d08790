#pragma once
// The memory that the steps of a network work in: one arena of activations (and their gradients),
// one of saved integers, one of scratch. Everything is allocated here, once; forward and backward
// allocate nothing.
#include <boost/hana/reverse.hpp>

#include <tnn/core/backend.hpp>
#include <tnn/core/range.hpp>
#include <tnn/core/steps.hpp>

namespace tnn {

namespace detail {

/// Seed and step of the random numbers of one pass; the step is the backend's memory.
struct draw {
  std::uint64_t seed = 0;
  const std::uint32_t* step = nullptr;
};

template <class Net, class B, class T, mode M>
class workspace {
  using steps = detail::steps<Net, B, T>;
  static constexpr auto plan = steps::template plan<M>;
  static constexpr std::size_t n = steps::count;

 public:
  constexpr workspace(B& backend, int capacity)
      : capacity_(capacity),
        values_(backend.template allocate<T>(plan.activations * capacity)),
        saved_(backend.template allocate<std::int32_t>(plan.saved_total * capacity)),
        scratch_(
            backend.template allocate<T>(steps::scratch(capacity, backend.thread_count(), M))) {}

  constexpr int capacity() const { return capacity_; }
  constexpr T* value(std::size_t i) { return at(plan.value[i]); }
  constexpr T* input() { return value(0); }
  constexpr T* output() { return value(n); }
  /// Gradient of the loss by value i; the loss writes that of the output before backward.
  constexpr T* gradient(std::size_t i) { return at(plan.gradient[i]); }
  constexpr T* output_gradient() { return gradient(n); }

  constexpr void forward(B& backend, const T* parameters, int batch, draw d = {}) {
    boost::hana::for_each(steps::all, [&](auto s) {
      using S = decltype(s);
      in_range<Net, S, direction::forward>(backend, [&] {
        S::compute::forward(backend, pass_of<S>(parameters, nullptr, batch, d));
      });
    });
  }

  /// Overwrites the gradients of all parameters. forward must have run just before.
  constexpr void backward(B& backend, const T* parameters, T* gradients, int batch,
                          draw d = {}) requires(M == mode::train) {
    constexpr std::size_t first = first_trained(steps::facts(M));
    boost::hana::for_each(boost::hana::reverse(steps::all), [&](auto s) {
      using S = decltype(s);
      if constexpr (S::index >= first)
        in_range<Net, S, direction::backward>(backend, [&] {
          S::compute::backward(backend, pass_of<S>(parameters, gradients, batch, d));
        });
    });
  }

 private:
  constexpr T* at(std::int64_t offset) {
    return offset < 0 ? nullptr : values_.data() + offset * capacity_;
  }

  template <class S>
  constexpr pass<T> pass_of(const T* parameters, T* gradients, int batch, draw d) {
    constexpr std::size_t i = S::index;
    pass<T> p;
    p.batch = batch;
    p.mode = M;
    p.x = value(i);
    p.y = value(i + 1);
    if constexpr (M == mode::train) {
      p.dy = gradient(i + 1);
      p.dx = gradient(i);
      if constexpr (plan.saved[i] >= 0) p.saved = saved_.data() + plan.saved[i] * capacity_;
    }
    // Of a run of layers only the first may have parameters.
    constexpr std::int64_t weight = detail::parameter_offset<Net>(S::first, role::weight);
    constexpr std::int64_t bias = detail::parameter_offset<Net>(S::first, role::bias);
    if constexpr (weight >= 0) p.weight = parameters + weight;
    if constexpr (bias >= 0) p.bias = parameters + bias;
    if (gradients != nullptr) {
      if constexpr (weight >= 0) p.dweight = gradients + weight;
      if constexpr (bias >= 0) p.dbias = gradients + bias;
    }
    p.scratch = scratch_.data();
    p.seed = d.seed;
    p.step = d.step;
    p.layer = static_cast<std::uint32_t>(S::first);
    return p;
  }

  int capacity_;
  typename B::template Buffer<T> values_;
  typename B::template Buffer<std::int32_t> saved_;
  typename B::template Buffer<T> scratch_;
};

}  // namespace detail

/// Bytes by purpose for a batch capacity, a mode and a thread count.
template <class Net, class B, class T = float>
[[nodiscard]] constexpr memory_bytes bytes_of(int capacity, mode m, int threads) {
  using steps = detail::steps<Net, B, T>;
  constexpr auto value = static_cast<std::int64_t>(sizeof(T));
  const auto plan = detail::plan_memory(steps::facts(m), m);
  const bool training = m == mode::train;
  memory_bytes b;
  b.parameters = detail::parameter_arena<Net> * value;
  b.gradients = training ? b.parameters : 0;
  b.optimizer = training ? b.parameters : 0;
  b.activations = plan.activations * capacity * value;
  b.saved = plan.saved_total * capacity * 4;
  // A label and a result a sample; what a step is told; the next batch, where it is sent ahead.
  if (training) {
    b.saved += capacity * static_cast<std::int64_t>(4 + sizeof(sample_result<T>)) +
               static_cast<std::int64_t>(sizeof(step_settings<T>));
    if (has_stage<B>) b.saved += capacity * (input_t<Net>::size * value + 4);
  }
  b.scratch = steps::scratch(capacity, threads, m) * value;
  return b;
}

}  // namespace tnn
