#pragma once
// MaxPool2d on Cpu, a register's worth of channels at a time. Forward saves which place of its
// window won, a byte an output (four in windows of 256 and more), by blocks of channels; backward
// adds each dy to that place's dx, in the outputs' reading order. A ReLU before it can be done
// here: max(x, 0) of what won, and where that is 0 nothing has won.
#include <tnn/backend/cpu/cpu.hpp>
#include <tnn/backend/cpu/lanes.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/layers/maxpool2d/maxpool2d.hpp>
#include <tnn/layers/window.hpp>

namespace tnn {

/// W: a window. x, y, dx and dy are lanes, vectors one after the other.
template <class W, class T>
struct maxpool2d_lanes {
  static constexpr int lanes = simd::lanes<T>;
  /// A byte holds the places of a small window, and 255 for a ReLU before the pool that let none
  /// win.
  static constexpr bool small = W::kh * W::kw < 256;
  using place = std::conditional_t<small, std::uint8_t, std::int32_t>;
  using V = simd::vector<T>;
  using places = decltype(V{} < V{});
  typedef place saved_places __attribute__((vector_size(lanes * sizeof(place))));  // NOLINT

  template <bool AfterRelu = false>
  static void forward(const T* x, T* y, place* saved) {
    each_window([&](int output, detail::span_of_ints r, detail::span_of_ints c) {
      V best = simd::load(x + (r.first * W::width + c.first) * lanes);
      places at{};
      for (int row = r.first; row < r.last; ++row)
        for (int column = c.first; column < c.last; ++column) {
          const V value = simd::load(x + (row * W::width + column) * lanes);
          // A NaN is unequal to itself; the first one found stays.
          const places better = ~(value <= best) & (best == best);
          best = better ? value : best;
          at = better ? places{} + number(row - r.first, column - c.first) : at;
        }
      if constexpr (AfterRelu) {
        at = best > V{} ? at : ~places{};
        best = best < V{} ? V{} : best;
      }
      simd::store(y + output * lanes, best);
      if (saved == nullptr) return;
      const auto kept = __builtin_convertvector(at, saved_places);
      std::memcpy(saved + output * lanes, &kept, sizeof kept);
    });
  }

  /// Adds to dx, whose rows are `pitch` vectors apart.
  static void backward(const T* dy, const place* saved, T* dx, int pitch) {
    each_window([&](int output, detail::span_of_ints r, detail::span_of_ints c) {
      saved_places kept;
      std::memcpy(&kept, saved + output * lanes, sizeof kept);
      const places at = __builtin_convertvector(kept, places);
      const V d = simd::load(dy + output * lanes);
      for (int row = r.first; row < r.last; ++row)
        for (int column = c.first; column < c.last; ++column) {
          T* to = dx + (row * pitch + column) * lanes;
          const places here = at == places{} + number(row - r.first, column - c.first);
          simd::store<T>(to, simd::load(to) + (here ? d : V{}));
        }
    });
  }

 private:
  static constexpr auto number(int row, int column) {
    return static_cast<std::remove_reference_t<decltype(places{}[0])>>(row * W::kw + column);
  }
  template <class F>
  static void each_window(F f) {
    for (int i = 0; i < W::rows; ++i)
      for (int j = 0; j < W::columns; ++j) f(i * W::columns + j, W::rows_of(i), W::columns_of(j));
  }
};

template <CpuBackend B, class T, class... O, class X, class Y>
struct compute<B, T, bound<MaxPool2d<O...>, X, Y>> : compute_base {
  using math = maxpool2d_lanes<detail::window<MaxPool2d<O...>, X, Y>, T>;
  using place = typename math::place;
  static constexpr int lanes = simd::lanes<T>, channels = X::extent(0);
  static constexpr int blocks = detail::ceil_div(channels, lanes);
  static constexpr int inputs = X::size / channels, outputs = Y::size / channels;
  static constexpr std::int64_t block_saved = std::int64_t{outputs} * lanes;
  static constexpr std::int64_t saved = blocks * block_saved * std::int64_t{sizeof(place)};
  static constexpr std::int64_t per_thread = std::int64_t{inputs + outputs} * lanes;

  static constexpr std::int64_t scratch(std::int64_t, int threads, mode) {
    return threads * per_thread;
  }
  static void forward(B& cpu, const pass<T>& p) {
    each_block(cpu, p, [&](auto image, int c, int count, place* at, T* x, T* y) {
      detail::planes_to_lanes(p.x + image * X::size + std::int64_t{c} * inputs, count, inputs,
                              inputs, inputs, inputs, x);
      math::forward(x, y, at);
      detail::lanes_to_planes(y, count, outputs, p.y + image * Y::size + std::int64_t{c} * outputs);
    });
  }
  static void backward(B& cpu, const pass<T>& p) {
    if (p.dx == nullptr) return;
    each_block(cpu, p, [&](auto image, int c, int count, const place* at, T* dx, T* dy) {
      detail::planes_to_lanes(p.dy + image * Y::size + std::int64_t{c} * outputs, count, outputs,
                              outputs, outputs, outputs, dy);
      std::memset(static_cast<void*>(dx), 0, sizeof(T) * std::size_t{inputs} * lanes);
      math::backward(dy, at, dx, X::extent(2));
      detail::lanes_to_planes(dx, count, inputs, p.dx + image * X::size + std::int64_t{c} * inputs);
    });
  }

 private:
  template <class F>
  static void each_block(B& cpu, const pass<T>& p, F f) {
    cpu.parallel(std::int64_t{p.batch} * blocks, [&](std::int64_t item, int thread) {
      const int c = static_cast<int>(item % blocks) * lanes;
      T* memory = p.scratch + thread * per_thread;
      place* at = nullptr;
      if (p.saved != nullptr) at = p.template saved_as<place>() + item * block_saved;
      f(item / blocks, c, detail::least(channels - c, lanes), at, memory,
        memory + std::int64_t{inputs} * lanes);
    });
  }
};

}  // namespace tnn
