#pragma once
// The steps of a network on a backend, and the memory they work in: one arena of activations (and
// their gradients), one of saved integers, one of scratch. Everything is allocated here, once;
// forward and backward allocate nothing.
#include <array>
#include <cstddef>
#include <utility>

#include <boost/hana/for_each.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/reverse.hpp>
#include <boost/hana/tuple.hpp>

#include <tnn/core/backend.hpp>
#include <tnn/core/parameters.hpp>
#include <tnn/core/plan.hpp>

namespace tnn {

namespace detail {

/// A step: layers of the flat list done together, here always one. Index numbers its values.
template <int Index, class Compute, class Placed>
struct step {
  static constexpr std::size_t index = Index;
  using compute = Compute;
  using bound = typename Placed::type;
};

/// The steps of a network on a backend, or the report of the first layer it has no math for.
template <class Net, class B, class T>
struct steps {
  template <class Placed>
  using math = compute<B, T, typename Placed::type>;

  template <class L, class X, class Y, class At, class... Rest>
  static constexpr auto report_first_missing(list<placed<bound<L, X, Y>, At>, Rest...>) {
    if constexpr (defined<compute<B, T, bound<L, X, Y>>>) {
      return report_first_missing(list<Rest...>{});
    } else {
      using missing = decltype(refuse<At, L>(X{}, missing_math<B>()));
      return report<typename missing::error>();
    }
  }
  template <class... Placed, int... I>
  static constexpr auto make(list<Placed...> layers, std::integer_sequence<int, I...>) {
    if constexpr ((defined<math<Placed>> && ...)) {
      return boost::hana::tuple<step<I, math<Placed>, Placed>...>{};
    } else {
      report_first_missing(layers);
      return boost::hana::tuple<>{};
    }
  }
  static constexpr auto all =
      make(layers_t<Net>{}, std::make_integer_sequence<int, layers_t<Net>::size>{});
  static constexpr std::size_t count = decltype(boost::hana::length(all))::value;

  static constexpr std::array<step_facts, count> facts(mode m) {
    std::array<step_facts, count> f{};
    boost::hana::for_each(all, [&](auto s) {
      using S = decltype(s);
      f[S::index] = {S::bound::input::size,
                     S::bound::output::size,
                     S::compute::output(m),
                     S::compute::backward_reads_x,
                     S::compute::backward_reads_y,
                     S::bound::parameters::size > 0,
                     S::compute::saved};
    });
    return f;
  }
  template <mode M>
  static constexpr memory_plan<count> plan = plan_memory(facts(M), M);

  static constexpr std::int64_t scratch(std::int64_t batch, int threads, mode m) {
    std::int64_t most = 0;
    boost::hana::for_each(all, [&](auto s) {
      const std::int64_t one = decltype(s)::compute::scratch(batch, threads, m);
      most = one > most ? one : most;
    });
    return most;
  }
};

template <class Net>
constexpr std::int64_t parameter_offset(std::size_t layer, role r) {
  for (const parameter_info& p : parameters_table<Net>)
    if (p.layer == static_cast<int>(layer) && p.role == r) return p.offset;
  return -1;
}

}  // namespace detail

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
      S::compute::forward(backend, pass_of<S>(parameters, nullptr, batch, d));
    });
  }

  /// Overwrites the gradients of all parameters. forward must have run just before.
  constexpr void backward(B& backend, const T* parameters, T* gradients, int batch,
                          draw d = {}) requires(M == mode::train) {
    constexpr std::size_t first = first_trained(steps::facts(M));
    boost::hana::for_each(boost::hana::reverse(steps::all), [&](auto s) {
      using S = decltype(s);
      if constexpr (S::index >= first)
        S::compute::backward(backend, pass_of<S>(parameters, gradients, batch, d));
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
    constexpr std::int64_t weight = detail::parameter_offset<Net>(i, role::weight);
    constexpr std::int64_t bias = detail::parameter_offset<Net>(i, role::bias);
    if constexpr (weight >= 0) p.weight = parameters + weight;
    if constexpr (bias >= 0) p.bias = parameters + bias;
    if (gradients != nullptr) {
      if constexpr (weight >= 0) p.dweight = gradients + weight;
      if constexpr (bias >= 0) p.dbias = gradients + bias;
    }
    p.scratch = scratch_.data();
    p.seed = d.seed;
    p.step = d.step;
    p.layer = static_cast<std::uint32_t>(i);
    return p;
  }

  int capacity_;
  typename B::template Buffer<T> values_;
  typename B::template Buffer<std::int32_t> saved_;
  typename B::template Buffer<T> scratch_;
};

/// Bytes by purpose for a batch capacity, a mode and a thread count.
template <class Net, class B, class T = float>
constexpr memory_bytes bytes_of(int capacity, mode m, int threads) {
  using steps = detail::steps<Net, B, T>;
  constexpr auto value = static_cast<std::int64_t>(sizeof(T));
  const auto plan = plan_memory(steps::facts(m), m);
  const bool training = m == mode::train;
  memory_bytes b;
  b.parameters = parameter_count<Net> * value;
  b.gradients = training ? b.parameters : 0;
  b.optimizer = training ? b.parameters : 0;
  b.activations = plan.activations * capacity * value;
  b.saved = plan.saved_total * capacity * 4;
  // A label, a rank and a loss a sample; what a step is told; the next batch, where it is sent
  // ahead.
  if (training) {
    b.saved += capacity * (4 + 4 + value) + static_cast<std::int64_t>(sizeof(step_settings<T>));
    if (has_stage<B>) b.saved += capacity * (input_t<Net>::size * value + 4);
  }
  b.scratch = steps::scratch(capacity, threads, m) * value;
  return b;
}

}  // namespace tnn
