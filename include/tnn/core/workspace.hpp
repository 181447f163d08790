#pragma once
// The memory that the steps of a network work in: one arena of activations (and their gradients),
// one of saved integers, one of kept statistics, one of scratch. Everything is allocated here,
// once; forward and backward allocate nothing.
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

/// The backend's memory of a model's tensors; gradients only in training.
template <class T>
struct arenas {
  T* parameters = nullptr;
  T* buffers = nullptr;
  T* gradients = nullptr;
};

/// Where the parameters and the buffers of each layer begin in their arenas.
template <class Net>
struct layer_places {
  std::int64_t parameters[std::size_t{layers_t<Net>::size} + 1] = {};
  std::int64_t buffers[std::size_t{layers_t<Net>::size} + 1] = {};
  constexpr layer_places() {
    fill(parameters, parameters_table<Net>);
    fill(buffers, buffers_table<Net>);
  }

 private:
  /// A layer without tensors begins where the next one that has some does.
  static constexpr void fill(std::int64_t* begins, std::span<const parameter_info> table) {
    std::size_t row = 0;
    for (int layer = 0; layer < layers_t<Net>::size; ++layer) {
      while (row < table.size() && table[row].layer < layer) ++row;
      begins[layer] = row < table.size() ? table[row].offset : 0;
    }
  }
};
template <class Net>
inline constexpr layer_places<Net> layer_places_of{};

/// Places the tensors of layers in a pass, one after the other.
template <class T, class Pass>
struct tensor_placer {
  Pass& p;
  arenas<T> next;
  int at = 0;

  template <class Declared>
  constexpr void place() {
    constexpr std::int64_t size = padded(Declared::shape::size);
    if constexpr (Declared::kind == tensor_kind::parameter) {
      p.values[at] = next.parameters;
      p.gradients[at++] = next.gradients;
      next.parameters += size;
      if (next.gradients != nullptr) next.gradients += size;
    } else if constexpr (Declared::kind == tensor_kind::buffer) {
      p.values[at++] = next.buffers;
      next.buffers += size;
    }
  }
  template <class... Declared>
  constexpr void place(list<Declared...>) {
    (place<Declared>(), ...);
  }
};

/// The pass of a step, its tensors placed. The layers of a run follow one another in the arenas.
template <class T, class Net, class S, class... Bounds>
constexpr auto pass_with(arenas<T> in, list<Bounds...>) {
  pass<T, Bounds...> p;
  in.parameters += layer_places_of<Net>.parameters[S::first];
  in.buffers += layer_places_of<Net>.buffers[S::first];
  if (in.gradients != nullptr) in.gradients += layer_places_of<Net>.parameters[S::first];
  tensor_placer<T, pass<T, Bounds...>> placer{p, in};
  (placer.place(typename Bounds::tensors{}), ...);
  return p;
}

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
        kept_(backend.template allocate<T>(plan.kept_total)),
        scratch_(
            backend.template allocate<T>(steps::scratch(capacity, backend.thread_count(), M))) {}

  constexpr int capacity() const { return capacity_; }
  constexpr T* value(std::size_t i) { return at(plan.value[i]); }
  constexpr T* input() { return value(0); }
  constexpr T* output() { return value(n); }
  /// Gradient of the loss by value i; the loss writes that of the output before backward.
  constexpr T* gradient(std::size_t i) { return at(plan.gradient[i]); }
  constexpr T* output_gradient() { return gradient(n); }

  constexpr void forward(B& backend, arenas<T> tensors, int batch, draw d = {}) {
    boost::hana::for_each(steps::all, [&](auto s) {
      using S = decltype(s);
      in_range<Net, S, direction::forward>(
          backend, [&] { S::compute::forward(backend, pass_of<S>(tensors, batch, d)); });
    });
  }

  /// Overwrites the gradients of all parameters. forward must have run just before.
  constexpr void backward(B& backend, arenas<T> tensors, int batch,
                          draw d = {}) requires(M == mode::train) {
    constexpr std::size_t first = first_trained(steps::facts(M));
    if constexpr (require_backward(steps::all))
      boost::hana::for_each(boost::hana::reverse(steps::all), [&](auto s) {
        using S = decltype(s);
        if constexpr (S::index >= first)
          in_range<Net, S, direction::backward>(
              backend, [&] { S::compute::backward(backend, pass_of<S>(tensors, batch, d)); });
      });
  }

 private:
  /// True, unless a step's compute has no backward: that is reported as the one error.
  template <class... S>
  static constexpr bool require_backward(const boost::hana::tuple<S...>&) {
    return (has_it<S>(typename S::bounds{}) && ...);
  }
  template <class S, class First, class... Rest>
  static constexpr bool has_it(list<First, Rest...>) {
    if constexpr (has_backward<typename S::compute, B, pass<T, First, Rest...>>) {
      return true;
    } else {
      using At = typename decltype(pick<S::first>(layers_t<Net>{}))::at;
      using Missing = refuses<fix::write_the_backward_of_its_compute_for<B>>;
      report<typename decltype(refuse<At, typename First::layer>(typename First::input{},
                                                                 Missing{}))::error>();
      return false;
    }
  }
  constexpr T* at(std::int64_t offset) {
    return offset < 0 ? nullptr : values_.data() + offset * capacity_;
  }

  template <class S>
  constexpr auto pass_of(arenas<T> tensors, int batch, draw d) {
    constexpr std::size_t i = S::index;
    auto p = pass_with<T, Net, S>(tensors, typename S::bounds{});
    p.batch = batch;
    p.mode = M;
    p.x = value(i);
    p.y = value(i + 1);
    if constexpr (M == mode::train) {
      p.dy = gradient(i + 1);
      p.dx = gradient(i);
      if constexpr (plan.saved[i] >= 0) p.saved = saved_.data() + plan.saved[i] * capacity_;
      if constexpr (plan.kept[i] >= 0) p.kept = kept_.data() + plan.kept[i];
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
  typename B::template Buffer<T> kept_;
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
  b.parameters = (detail::parameter_arena<Net> + detail::buffer_arena<Net>)*value;
  b.gradients = training ? detail::parameter_arena<Net> * value : 0;
  b.optimizer = b.gradients;
  b.activations = plan.activations * capacity * value;
  b.saved = plan.saved_total * capacity * 4 + plan.kept_total * value;
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
