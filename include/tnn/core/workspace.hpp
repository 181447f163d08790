#pragma once
// The memory that the steps of a network work in: one arena of activations (and their gradients),
// one of saved bytes, one of kept statistics, one of scratch. Everything is allocated here,
// once; forward and backward allocate nothing.
#include <type_traits>

#include <boost/hana/reverse.hpp>

#include <tnn/core/backend.hpp>
#include <tnn/core/give.hpp>
#include <tnn/core/range.hpp>
#include <tnn/core/steps.hpp>

namespace tnn {

namespace detail {

/// Seed, step and first sample of the random numbers of one pass; the step is in the backend's
/// memory.
struct draw {
  std::uint64_t seed = 0;
  const std::uint32_t* step = nullptr;
  std::uint32_t first_sample = 0;
};

/// The backend's memory of a model's tensors; gradients only in training, of what is trained.
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
  static constexpr void fill(std::int64_t* begins, std::span<const ParameterInfo> table) {
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

/// The pass of a step, its tensors placed. Those of a run's layers follow one another in the
/// arenas, since all of them are frozen or none is.
template <class T, class Net, class S, class... Bounds>
constexpr auto pass_with(arenas<T> in, list<Bounds...>) {
  pass<T, Bounds...> p;
  in.parameters += layer_places_of<Net>.parameters[S::first];
  in.buffers += layer_places_of<Net>.buffers[S::first];
  if (S::is_frozen) in.gradients = nullptr;
  if (in.gradients != nullptr) in.gradients += layer_places_of<Net>.parameters[S::first];
  tensor_placer<T, pass<T, Bounds...>> placer{p, in};
  (placer.place(typename Bounds::tensors{}), ...);
  return p;
}

/// Where a Buffer's values are, to be changed: a const model is one whose parameters stay, while
/// what flows through it is written into its memory.
template <class Buffer>
constexpr auto* memory_of(const Buffer& buffer) {
  using value = std::remove_const_t<std::remove_pointer_t<decltype(buffer.data())>>;
  return const_cast<value*>(buffer.data());
}

template <class Net, class B, class T, mode M>
class workspace {
  using steps = detail::steps<Net, B, T, M>;
  static constexpr auto& plan = steps::plan;
  static constexpr std::size_t n = steps::count;

 public:
  constexpr workspace(B& backend, int capacity)
      : capacity_(capacity),
        values_(backend.template allocate<T>(plan.activations * capacity)),
        saved_(backend.template allocate<std::uint8_t>(plan.saved_total * capacity)),
        kept_(backend.template allocate<T>(plan.kept_total)),
        scratch_(backend.template allocate<T>(steps::scratch(capacity, backend.thread_count()))) {}

  constexpr int capacity() const { return capacity_; }
  constexpr T* value(std::size_t i) const { return at(plan.value[i], i); }
  constexpr T* input() const { return value(0); }
  constexpr T* output() const { return value(n); }
  /// Gradient of the loss by value i; the loss writes that of the output before backward.
  constexpr T* gradient(std::size_t i) const { return at(plan.gradient[i], i); }
  constexpr T* output_gradient() const { return gradient(n); }

  constexpr void forward(B& backend, arenas<T> tensors, int batch, draw d = {}) const {
    boost::hana::for_each(steps::all, [&](auto s) {
      using S = decltype(s);
      in_range<Net, S, direction::forward>(
          backend, [&] { S::compute::forward(backend, pass_of<S>(tensors, batch, d)); });
    });
  }

  /// Overwrites the gradients of all parameters. forward must have run just before.
  constexpr void backward(B& backend, arenas<T> tensors, int batch,
                          draw d = {}) requires(M == mode::train) {
    if constexpr (require_backward(steps::all))
      boost::hana::for_each(boost::hana::reverse(steps::all), [&](auto s) {
        using S = decltype(s);
        if constexpr (plan.has_backward[S::index])
          in_range<Net, S, direction::backward>(backend, [&] {
            S::compute::backward(backend, pass_of<S>(tensors, batch, d));
            add_what_is_apart<S>(backend, batch);
          });
      });
  }

 private:
  /// True, unless a step's compute has no backward: that is reported as the one error.
  template <class... S>
  static constexpr bool require_backward(const boost::hana::tuple<S...>&) {
    return !any({!has_backward_or_reports<S>(typename S::bounds{})...});
  }
  template <class S, class First, class... Rest>
  static constexpr bool has_backward_or_reports(list<First, Rest...>) {
    if constexpr (S::is_frozen || has_backward<typename S::compute, B, pass<T, First, Rest...>>) {
      return true;
    } else {
      using At = typename nth_t<S::first, layers_t<Net>>::at::place;
      using Missing = refuses<fix::write_the_backward_of_its_compute_for<B>>;
      report<typename decltype(refuse<At, typename First::layer>(typename First::input{},
                                                                 Missing{}))::error>();
      return false;
    }
  }
  /// Gradients that a step left in places of their own go to the values that it read.
  template <class S>
  constexpr void add_what_is_apart(B& backend, int batch) {
    for (std::size_t k = 0; k < std::size(S::reads); ++k) {
      const std::size_t read = S::first_read + k;
      if (plan.gives[read] != giving::apart) continue;
      const auto v = static_cast<std::size_t>(S::reads[k]);
      backend.for_each(batch * size(v), add_to<T>{at(plan.dx[read], v), gradient(v)});
    }
  }
  /// Where the plan's offset is of value number `value`, or of a gradient of it.
  constexpr T* at(std::int64_t offset, std::size_t value) const {
    return offset < 0 ? nullptr
                      : memory_of(values_) + offset * capacity_ + plan.within[value].begin;
  }
  static constexpr std::int64_t size(std::size_t value) {
    return value > 0 ? steps::facts[value - 1].output : input_t<Net>::size;
  }
  /// Whether the r-th value that step S reads is a part of what S makes.
  template <class S>
  static constexpr bool reads_part(std::size_t r) {
    return plan.within[static_cast<std::size_t>(S::reads[r])].whole == S::index + 1;
  }

  template <class S>
  constexpr auto pass_of(arenas<T> tensors, int batch, draw d) const {
    constexpr std::size_t i = S::index;
    auto p = pass_with<T, Net, S>(tensors, typename S::bounds{});
    p.batch = batch;
    p.mode = mode_in<M, S::is_frozen>;
    const auto read = [&](std::size_t k) {
      return reads_part<S>(k) ? nullptr : value(static_cast<std::size_t>(S::reads[k]));
    };
    p.x = read(0);
    p.y = value(i + 1);
    if constexpr (plan.within[i + 1].whole > 0) p.y_stride = size(plan.within[i + 1].whole);
    for (std::size_t k = 1; k < std::size(S::reads); ++k) p.other[k - 1] = read(k);
    if constexpr (M == mode::train) {
      p.dy = gradient(i + 1);
      const auto given = [&](std::size_t k) {
        return reads_part<S>(k)
                   ? nullptr
                   : at(plan.dx[S::first_read + k], static_cast<std::size_t>(S::reads[k]));
      };
      p.dx = given(0);
      p.adds = plan.gives[S::first_read] == giving::added;
      for (std::size_t k = 1; k < std::size(S::reads); ++k) {
        p.other_gradient[k - 1] = given(k);
        p.adds_other[k - 1] = plan.gives[S::first_read + k] == giving::added;
      }
      if constexpr (plan.saved[i] >= 0) p.saved = memory_of(saved_) + plan.saved[i] * capacity_;
      if constexpr (plan.kept[i] >= 0) p.kept = memory_of(kept_) + plan.kept[i];
    }
    p.scratch = memory_of(scratch_);
    p.seed = d.seed;
    p.step = d.step;
    p.first_sample = d.first_sample;
    p.layer = static_cast<std::uint32_t>(S::first);
    return p;
  }

  int capacity_;
  typename B::template Buffer<T> values_;
  typename B::template Buffer<std::uint8_t> saved_;
  typename B::template Buffer<T> kept_;
  typename B::template Buffer<T> scratch_;
};

template <class Net, class B, class T, mode M>
constexpr MemoryBytes bytes_in_mode(int capacity, int threads) {
  using steps = detail::steps<Net, B, T, M>;
  constexpr auto value = static_cast<std::int64_t>(sizeof(T));
  MemoryBytes b;
  b.parameters = (parameter_arena<Net> + buffer_arena<Net>)*value;
  b.gradients = M == mode::train ? trained_arena<Net> * value : 0;
  b.activations = steps::plan.activations * capacity * value;
  b.saved = steps::plan.saved_total * capacity + steps::plan.kept_total * value;
  b.scratch = steps::scratch(capacity, threads) * value;
  return b;
}

}  // namespace detail

/// Bytes by purpose for a batch capacity, a mode and a thread count. In training without what the
/// loss and the optimizer take: training_bytes (train/training_bytes.hpp) has that too.
template <class Net, class B, class T = float>
[[nodiscard]] constexpr MemoryBytes bytes_of(int capacity, mode m, int threads) {
  return m == mode::train ? detail::bytes_in_mode<Net, B, T, mode::train>(capacity, threads)
                          : detail::bytes_in_mode<Net, B, T, mode::infer>(capacity, threads);
}

}  // namespace tnn
