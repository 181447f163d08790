#pragma once
// Model<Net, Backend, Scalar>: a network bound to a backend, owning its memory: one arena of
// parameters and what inference needs for `capacity` samples. Everything is allocated at
// construction. What training needs besides belongs to Training<Model> (train/training.hpp).
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tnn/core/classes.hpp>
#include <tnn/core/error.hpp>
#include <tnn/core/extents_text.hpp>
#include <tnn/core/initialise.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/one_at_a_time.hpp>
#include <tnn/core/recording.hpp>
#include <tnn/core/workspace.hpp>

namespace tnn {

struct ModelOptions {
  int capacity = 1;        ///< most samples of one forward
  std::uint64_t seed = 0;  ///< of the initial parameters
  Initialisation initialise{};
};

namespace detail {

template <class T>
concept real_scalar = std::is_same_v<T, float> || std::is_same_v<T, double>;

/// Takes the place of a backend in what could not be built.
struct any_backend {
  constexpr any_backend() = default;
  constexpr any_backend(auto&&) {}  // NOLINT: any backend converts to it
};

/// True where Model<Net, B, T> can be built; otherwise there are no steps, and the one error has
/// been reported.
template <class Net, class B, class T>
constexpr bool buildable() {
  if constexpr (checked<Net>::is_broken) {
    return false;
  } else {
    return steps<Net, B, T, mode::infer>::count > 0;
  }
}

}  // namespace detail

/// Used by one thread at a time, with the Training on it: two calls at once are a tnn::error.
template <class Net, class B, detail::real_scalar T = float, bool = detail::buildable<Net, B, T>()>
class Model {
  static_assert(Backend<B>, "B lacks a primitive: see the concept in tnn/core/backend.hpp");

 public:
  using network = Net;
  using backend_type = B;
  using scalar = T;
  static constexpr bool is_built = true;
  static constexpr std::int64_t input_size = input_t<Net>::size;
  static constexpr std::int64_t output_size = output_t<Net>::size;

  constexpr explicit Model(B backend = {}, ModelOptions options = {})
      : backend_(static_cast<B&&>(backend)),
        parameters_(backend_.template allocate<T>(detail::parameter_arena<Net>)),
        buffers_(backend_.template allocate<T>(detail::buffer_arena<Net>)),
        work_(backend_, checked_capacity(options.capacity)) {
    initialise(options.initialise, options.seed);
  }

  /// Sets all parameters, buffers and counters anew from a seed.
  constexpr void initialise(const Initialisation& how, std::uint64_t seed) {
    const detail::visit alone(in_use_, "initialise()");
    seed_ = seed;
    constexpr std::int64_t all = detail::parameter_arena<Net> + detail::buffer_arena<Net>,
                           most = 1 << 20, chunk = all < most ? all : most;
    std::vector<T> values(static_cast<std::size_t>(chunk), T{});
    const auto begin = [&](T* arena, std::span<const ParameterInfo> table) {
      for (const ParameterInfo& p : table) {
        const Filler f = filler_for(how, p);
        for (std::int64_t i = 0; i < p.size; i += chunk) {
          const std::int64_t n = p.size - i < chunk ? p.size - i : chunk;
          for (std::int64_t k = 0; k < n; ++k)
            values[static_cast<std::size_t>(k)] = static_cast<T>(initial_value(p, f, seed, i + k));
          backend_.copy_in(arena + p.offset + i, values.data(), n);
          backend_.wait();
        }
      }
    };
    begin(parameters_.data(), parameters_table<Net>);
    begin(buffers_.data(), buffers_table<Net>);
    for (std::int64_t& counter : counters_) counter = 0;
  }

  /// The outputs of x.size() / input_size samples, any number of them: x is (N, C, H, W), y is
  /// (N, outputs). They are worked on capacity() at a time.
  constexpr void forward(std::span<const T> x, std::span<T> y) const {
    const detail::visit alone(in_use_, "forward()");
    const std::int64_t samples = checked_samples(x.size(), y.size());
    for (std::int64_t at = 0; at < samples; at += capacity()) {
      const int batch = detail::least(samples - at, capacity());
      backend_.copy_in(work_.input(), x.data() + at * input_size, batch * input_size);
      run(batch);
      backend_.copy_out(y.data() + at * output_size, work_.output(), batch * output_size);
      backend_.wait();
    }
  }
  [[nodiscard]] constexpr std::vector<T> forward(std::span<const T> x) const {
    std::vector<T> y(
        x.size() / static_cast<std::size_t>(input_size) * static_cast<std::size_t>(output_size),
        T{});
    forward(x, y);
    return y;
  }

  /// The class of each sample: the output that is the highest.
  [[nodiscard]] constexpr std::vector<std::int32_t> predict(std::span<const T> x) const {
    static_assert(output_t<Net>::rank == 1, "classes are told apart by a vector of outputs");
    const std::vector<T> y = forward(x);
    constexpr auto outputs = static_cast<std::size_t>(output_size);
    std::vector<std::int32_t> classes(y.size() / outputs, 0);
    for (std::size_t i = 0; i < classes.size(); ++i)
      classes[i] = detail::highest_of(std::span(y).subspan(i * outputs, outputs));
    return classes;
  }

  // The same for samples that the backend has already: fill input(), launch(), read output().

  /// Room for capacity() samples on the backend; launch() may overwrite it.
  constexpr T* input() { return work_.input(); }
  /// The logits of the last launch() or forward(), on the backend.
  constexpr const T* output() { return work_.output(); }
  /// Forward of the first `batch` samples of input(); it has ended when backend().wait() returns.
  constexpr void launch(int batch) {
    const detail::visit alone(in_use_, "launch()");
    if (batch < 1 || batch > capacity())
      throw error("launch got a batch of " + std::to_string(batch) + "; 1 to " +
                  std::to_string(capacity()) + " are expected (the model's capacity)");
    run(batch);
  }

  /// The values of one parameter or buffer, in PyTorch's order.
  constexpr void read(std::string_view name, std::span<T> to) const {
    const detail::visit alone(in_use_, "read()");
    const bool is_buffer = detail::is_in(buffers_table<Net>, name);
    const ParameterInfo& p =
        is_buffer ? row(buffers_table<Net>, name, to.size()) : named(name, to.size());
    backend_.copy_out(to.data(), (is_buffer ? buffers_ : parameters_).data() + p.offset, p.size);
    backend_.wait();
  }
  constexpr void write(std::string_view name, std::span<const T> from) {
    const detail::visit alone(in_use_, "write()");
    const bool is_buffer = detail::is_in(buffers_table<Net>, name);
    const ParameterInfo& p =
        is_buffer ? row(buffers_table<Net>, name, from.size()) : named(name, from.size());
    backend_.copy_in((is_buffer ? buffers_ : parameters_).data() + p.offset, from.data(), p.size);
    backend_.wait();
  }

  /// The integers that layers count in, by the order of counters_table.
  constexpr std::span<std::int64_t> counters() {
    return {counters_.data(), counters_table<Net>.size()};
  }
  constexpr std::span<const std::int64_t> counters() const {
    return {counters_.data(), counters_table<Net>.size()};
  }

  [[nodiscard]] constexpr int capacity() const { return work_.capacity(); }
  /// Of the parameters' initial values.
  [[nodiscard]] constexpr std::uint64_t seed() const { return seed_; }
  constexpr B& backend() { return backend_; }
  constexpr T* parameters() { return parameters_.data(); }       ///< on the backend
  constexpr T* buffers() { return buffers_.data(); }             ///< on the backend
  constexpr detail::one_at_a_time& in_use() { return in_use_; }  ///< for Training

  /// Row of the table of parameters; throws where there is none of that name and size.
  static constexpr const ParameterInfo& named(std::string_view name, std::size_t size) {
    return row(parameters_table<Net>, name, size);
  }

 private:
  static constexpr const ParameterInfo& row(std::span<const ParameterInfo> table,
                                            std::string_view name, std::size_t size) {
    if (!detail::is_in(table, name))
      throw error("no parameter is called \"" + std::string(name) + "\"; the first is \"" +
                  std::string(table.empty() ? "" : table[0].name) + "\"");
    const ParameterInfo& p = table[find_parameter(table, name)];
    if (static_cast<std::size_t>(p.size) != size)
      throw error("parameter \"" + std::string(name) + "\" has " + std::to_string(p.size) +
                  " values (" + detail::extents_text(p.shape, "x") + "), but " +
                  std::to_string(size) + " were given");
    return p;
  }
  constexpr void run(int batch) const {
    recording_.run(backend_, batch, [this, batch] {
      work_.forward(backend_, {detail::memory_of(parameters_), detail::memory_of(buffers_)}, batch);
    });
  }
  static constexpr int checked_capacity(int capacity) {
    if (capacity < 1)
      throw error("a model's capacity is " + std::to_string(capacity) +
                  "; it must be at least 1: the most samples of one forward");
    return capacity;
  }
  static constexpr std::int64_t checked_samples(std::size_t x, std::size_t y) {
    const auto in = static_cast<std::size_t>(input_size);
    const auto out = static_cast<std::size_t>(output_size);
    const std::size_t samples = x / in;
    if (samples == 0 || x % in != 0)
      throw error("forward got " + std::to_string(x) + " values; a sample has " +
                  std::to_string(in) + ", and whole samples are expected");
    if (y != samples * out)
      throw error("forward was given room for " + std::to_string(y) + " outputs; " +
                  std::to_string(samples) + " samples have " + std::to_string(samples * out));
    return static_cast<std::int64_t>(samples);
  }

  std::uint64_t seed_ = 0;
  mutable detail::one_at_a_time in_use_;
  mutable B backend_;
  typename B::template Buffer<T> parameters_, buffers_;
  std::array<std::int64_t, counters_table<Net>.size() + 1> counters_{};
  detail::workspace<Net, B, T, mode::infer> work_;
  mutable recording_of<B> recording_;
};

/// Of a refused network, or on a backend without its math: the one error has been raised, and this
/// says nothing more. What has no body is never linked.
template <class Net, class B, class T>
class Model<Net, B, T, false> {
 public:
  using network = Net;
  using backend_type = B;
  using scalar = T;
  static constexpr bool is_built = false;
  static constexpr std::int64_t input_size = input_t<Net>::size;
  static constexpr std::int64_t output_size = output_t<Net>::size;
  constexpr explicit Model(detail::any_backend = {}, ModelOptions = {}) {}
  constexpr void initialise(const Initialisation&, std::uint64_t) {}
  constexpr void forward(std::span<const T>, std::span<T>) const {}
  std::vector<T> forward(std::span<const T>) const;
  std::vector<std::int32_t> predict(std::span<const T>) const;
  T* input();
  const T* output();
  void launch(int);
  constexpr void read(std::string_view, std::span<T>) const {}
  constexpr void write(std::string_view, std::span<const T>) {}
  [[nodiscard]] constexpr int capacity() const { return 0; }
  [[nodiscard]] constexpr std::uint64_t seed() const { return 0; }
  std::span<std::int64_t> counters();
  B& backend();
  T* parameters();
  T* buffers();
  static const ParameterInfo& named(std::string_view, std::size_t);
};

}  // namespace tnn
