#pragma once
// Training<Model>: what training needs besides the model: saved activations, gradients, momentum.
// step() is forward, loss, backward and SGD; it allocates nothing. The random numbers of step k are
// a function of (seed, k): a run continued from a checkpoint draws what it would have drawn.
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/model.hpp>
#include <tnn/core/recording.hpp>
#include <tnn/train/loss.hpp>
#include <tnn/train/sgd.hpp>
#include <tnn/train/stage.hpp>

namespace tnn {

struct training_options {
  int capacity = 128;      ///< most samples of one step
  std::uint64_t seed = 0;  ///< of Dropout's masks
};

/// What one batch showed: sums, so that batches of any size add up.
struct batch_result {
  double loss = 0;  ///< sum over the samples
  int right = 0;    ///< samples whose label had the highest logit
  int count = 0;
  [[nodiscard]] constexpr double mean_loss() const { return count > 0 ? loss / count : 0; }
  [[nodiscard]] constexpr double accuracy() const { return count > 0 ? double(right) / count : 0; }
};

template <class M>
class Training {
  using Net = typename M::network;
  using B = typename M::backend_type;
  using T = typename M::scalar;
  static constexpr int classes = static_cast<int>(M::output_size);
  static constexpr std::int64_t parameters = detail::parameter_arena<Net>;

 public:
  constexpr explicit Training(M& model, training_options options = {})
      : model_(model),
        seed_(options.seed),
        work_(model.backend(), checked_capacity(options.capacity)),
        gradients_(model.backend().template allocate<T>(parameters)),
        momentum_(model.backend().template allocate<T>(parameters)),
        labels_(model.backend().template allocate<std::int32_t>(options.capacity)),
        results_(model.backend().template allocate<sample_result<T>>(options.capacity)),
        settings_(model.backend().template allocate<step_settings<T>>(1)),
        images_(model.backend(), options.capacity * M::input_size),
        classes_(model.backend(), options.capacity),
        // With a value: of the other constructor Clang 14 makes no constant expression.
        host_results_(static_cast<std::size_t>(options.capacity), sample_result<T>{}) {}

  /// One step of SGD on a batch: x is (N, C, H, W), one label below the number of classes a sample.
  constexpr batch_result step(std::span<const T> x, std::span<const std::int32_t> labels,
                              const SGD& sgd) {
    const detail::visit alone(model_.in_use(), "step()");
    put(x, labels);
    run(sgd);
    return collected();
  }

  // The same in three parts, so that a batch can travel while the step before it runs:
  //   stage(a); launch(); stage(b); result() of a; launch(); ...

  /// The batch of the next launch. x and labels must stay until that has returned.
  constexpr void stage(std::span<const T> x, std::span<const std::int32_t> labels) {
    const detail::visit alone(model_.in_use(), "stage()");
    put(x, labels);
  }

  /// Forward, loss, backward and SGD on the staged batch; they have ended when result() returns.
  constexpr void launch(const SGD& sgd) {
    const detail::visit alone(model_.in_use(), "launch()");
    run(sgd);
  }

  /// What the last launch showed.
  constexpr batch_result result() {
    const detail::visit alone(model_.in_use(), "result()");
    return collected();
  }

  /// Forward, loss and backward alone: leaves the gradients of the mean loss. Dropout is on.
  constexpr batch_result gradients(std::span<const T> x, std::span<const std::int32_t> labels) {
    const detail::visit alone(model_.in_use(), "gradients()");
    put(x, labels);
    take(SGD{});
    differentiate();
    return collected();
  }

  /// Applies the gradients that gradients() left.
  constexpr void update(const SGD& sgd) {
    const detail::visit alone(model_.in_use(), "update()");
    tell(sgd);
    apply();
    model_.backend().wait();
    ++steps_;
  }

  constexpr void read_gradient(std::string_view name, std::span<T> to) const {
    const detail::visit alone(model_.in_use(), "read_gradient()");
    read(gradients_, name, to);
  }
  constexpr void read_momentum(std::string_view name, std::span<T> to) const {
    const detail::visit alone(model_.in_use(), "read_momentum()");
    read(momentum_, name, to);
  }
  constexpr void write_momentum(std::string_view name, std::span<const T> from) {
    const detail::visit alone(model_.in_use(), "write_momentum()");
    const parameter_info& p = M::named(name, from.size());
    model_.backend().copy_in(momentum_.data() + p.offset, from.data(), p.size);
    model_.backend().wait();
  }

  /// Steps taken; the number of the next step's random numbers.
  [[nodiscard]] constexpr std::int64_t steps() const { return steps_; }
  constexpr void set_steps(std::int64_t steps) { steps_ = steps; }
  [[nodiscard]] constexpr std::uint64_t seed() const { return seed_; }
  [[nodiscard]] constexpr int capacity() const { return work_.capacity(); }
  constexpr M& model() { return model_; }

 private:
  constexpr void put(std::span<const T> x, std::span<const std::int32_t> labels) {
    staged_ = checked_batch(x.size(), labels);
    images_.put(model_.backend(), x.data(), staged_ * M::input_size);
    classes_.put(model_.backend(), labels.data(), staged_);
  }
  constexpr void run(const SGD& sgd) {
    take(sgd);
    recording_.run(model_.backend(), batch_, [this] {
      differentiate();
      apply();
    });
    ++steps_;
  }
  constexpr batch_result collected() {
    B& b = model_.backend();
    b.copy_out(host_results_.data(), results_.data(), batch_);
    b.wait();
    batch_result r{0, 0, batch_};
    for (int i = 0; i < batch_; ++i) {
      const sample_result<T>& sample = host_results_[static_cast<std::size_t>(i)];
      r.loss += static_cast<double>(sample.loss);
      r.right += sample.rank == 0 ? 1 : 0;
    }
    return r;
  }
  /// The staged batch becomes the one that is worked on.
  constexpr void take(const SGD& sgd) {
    if (staged_ == 0) throw error("launch() was called, but no batch was staged since the last");
    B& b = model_.backend();
    batch_ = std::exchange(staged_, 0);
    for (std::int64_t& counter : model_.counters()) ++counter;
    images_.take(b, work_.input(), batch_ * M::input_size);
    classes_.take(b, labels_.data(), batch_);
    tell(sgd);
  }
  constexpr void tell(const SGD& sgd) {
    host_settings_ = {static_cast<T>(sgd.rate), static_cast<T>(sgd.momentum),
                      static_cast<T>(sgd.weight_decay), static_cast<std::uint32_t>(steps_)};
    model_.backend().copy_in(settings_.data(), &host_settings_, 1);
  }
  constexpr void differentiate() {
    B& b = model_.backend();
    const detail::draw d{seed_, &settings_.data()->step};
    const detail::arenas<T> tensors{model_.parameters(), model_.buffers(), gradients_.data()};
    work_.forward(b, tensors, batch_, d);
    b.for_each(batch_, softmax_cross_entropy<T, classes>{work_.output(), labels_.data(),
                                                         work_.output_gradient(), results_.data(),
                                                         T{1} / static_cast<T>(batch_)});
    work_.backward(b, tensors, batch_, d);
  }
  constexpr void apply() {
    // One pass over each piece of the arena whose parameters decay, or do not.
    constexpr auto table = parameters_table<Net>;
    for (std::size_t first = 0, next = 0; first < table.size(); first = next) {
      const std::int64_t begin = table[first].offset;
      while (next < table.size() && table[next].decays == table[first].decays) ++next;
      const std::int64_t end = next < table.size() ? table[next].offset : parameters;
      model_.backend().for_each(
          end - begin,
          sgd_update<T>{model_.parameters() + begin, gradients_.data() + begin,
                        momentum_.data() + begin, settings_.data(), table[first].decays});
    }
  }

  constexpr void read(const typename B::template Buffer<T>& from, std::string_view name,
                      std::span<T> to) const {
    const parameter_info& p = M::named(name, to.size());
    model_.backend().copy_out(to.data(), from.data() + p.offset, p.size);
    model_.backend().wait();
  }

  static constexpr int checked_capacity(int capacity) {
    if (capacity < 1)
      throw error("the capacity of Training is " + std::to_string(capacity) +
                  "; it must be at least 1: the most samples of one step");
    return capacity;
  }

  constexpr int checked_batch(std::size_t x, std::span<const std::int32_t> labels) const {
    const auto batch = static_cast<std::int64_t>(labels.size());
    if (batch < 1 || batch > capacity())
      throw error("a step got " + std::to_string(batch) + " samples; 1 to " +
                  std::to_string(capacity()) + " are expected (the capacity of Training)");
    if (static_cast<std::int64_t>(x) != batch * M::input_size)
      throw error("a step got " + std::to_string(x) + " values for " + std::to_string(batch) +
                  " labels; " + std::to_string(batch * M::input_size) + " are expected");
    for (const std::int32_t label : labels)
      if (label < 0 || label >= classes)
        throw error("a step got the label " + std::to_string(label) + "; 0 to " +
                    std::to_string(classes - 1) + " are expected");
    return static_cast<int>(batch);
  }

  M& model_;
  std::uint64_t seed_;
  std::int64_t steps_ = 0;
  detail::workspace<Net, B, T, mode::train> work_;
  typename B::template Buffer<T> gradients_, momentum_;
  typename B::template Buffer<std::int32_t> labels_;
  typename B::template Buffer<sample_result<T>> results_;
  typename B::template Buffer<step_settings<T>> settings_;
  step_settings<T> host_settings_{};
  stage_of<B, T> images_;
  stage_of<B, std::int32_t> classes_;
  recording_of<B> recording_;
  int staged_ = 0, batch_ = 0;  ///< samples of the staged batch, and of the one worked on
  std::vector<sample_result<T>> host_results_;
};

/// Of a Model that could not be built: its one error has been raised, and this says nothing more.
template <class M>
requires(!M::is_built) class Training<M> {
  using T = typename M::scalar;

 public:
  constexpr explicit Training(M&, training_options = {}) {}
  batch_result step(std::span<const T>, std::span<const std::int32_t>, const SGD&);
  void stage(std::span<const T>, std::span<const std::int32_t>);
  void launch(const SGD&);
  batch_result result();
  batch_result gradients(std::span<const T>, std::span<const std::int32_t>);
  void update(const SGD&);
  void read_gradient(std::string_view, std::span<T>) const;
  void read_momentum(std::string_view, std::span<T>) const;
  void write_momentum(std::string_view, std::span<const T>);
  [[nodiscard]] std::int64_t steps() const;
  void set_steps(std::int64_t);
  [[nodiscard]] std::uint64_t seed() const;
  [[nodiscard]] int capacity() const;
  M& model();
};

}  // namespace tnn
