#pragma once
// Training<Model, Loss, Optimizer>: what training needs besides the model: saved activations,
// gradients, what the optimizer remembers. step() is forward, loss, backward and update; it
// allocates nothing. The random numbers of step k are a function of (seed, k): a run continued from
// a checkpoint draws what it would have drawn.
// A batch may be cut into micro-batches, to fit small memory (train/gradient_tree.hpp).
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tnn/core/model.hpp>
#include <tnn/core/recording.hpp>
#include <tnn/train/batch_result.hpp>
#include <tnn/train/cross_entropy.hpp>
#include <tnn/train/gradient_tree.hpp>
#include <tnn/train/least_samples.hpp>
#include <tnn/train/loss.hpp>
#include <tnn/train/sgd.hpp>
#include <tnn/train/stage.hpp>
#include <tnn/train/training_bytes.hpp>
#include <tnn/train/updates.hpp>

namespace tnn {

namespace detail {

/// a[i] and b[i] change places.
template <class T>
struct swap_values {
  T* a;
  T* b;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const T first = a[i];
    a[i] = b[i];
    b[i] = first;
  }
};

}  // namespace detail

template <class M, LossFunction L = CrossEntropyLoss, UpdateRule O = SGD,
          bool = detail::trains<M, L>()>
class Training {
  using Net = typename M::network;
  using B = typename M::backend_type;
  using T = typename M::scalar;
  using how = detail::judging<L, T, output_t<Net>>;
  using told = detail::step_told<O, T>;
  template <class U>
  using Buffer = typename B::template Buffer<U>;
  static constexpr std::int64_t parameters = detail::trained_arena<Net>;

 public:
  using model_type = M;
  using loss_type = L;
  using optimizer_type = O;
  using target = typename how::target;  ///< std::int32_t labels, or values
  static constexpr std::int64_t targets_per_sample = how::targets;

  constexpr explicit Training(M& model, TrainingOptions options = {}, L loss = {}, O optimizer = {})
      : model_(model),
        options_(detail::completed(options, model.capacity(), model.seed())),
        loss_(static_cast<L&&>(loss)),
        optimizer_(static_cast<O&&>(optimizer)),
        micro_(detail::micro_batch_of(options_)),
        work_(backend(), micro_),
        gradients_(backend(), parameters, micro_batches()),
        updates_(backend(), options_),
        targets_(allocate<target>(options_.capacity * how::targets)),
        found_(allocate<loss_sum<T>>(options_.capacity * how::pieces)),
        told_(allocate<told>(1)),
        constants_(allocate<T>(std::int64_t(detail::constants_of(loss_).size()))),
        images_(backend(), options_.capacity * M::input_size),
        staged_targets_(backend(), options_.capacity * how::targets),
        recordings_(std::size_t(micro_batches())),
        // The vector's constructor that takes a value: Clang 14 cannot evaluate the one that takes
        // the size alone in a constant expression.
        host_found_(static_cast<std::size_t>(options_.capacity * how::pieces), loss_sum<T>{}) {
    if constexpr (requires { loss_.check(how::classes); }) loss_.check(how::classes);
    check(optimizer_);
    const std::span<const double> constants = detail::constants_of(loss_);
    if (!constants.empty()) {  // of none the copy's pointers might be null
      const std::vector<T> converted(constants.begin(), constants.end());
      backend().copy_in(constants_.data(), converted.data(),
                        static_cast<std::int64_t>(converted.size()));
      backend().wait();
    }
  }

  /// One step on a batch: x is (N, C, H, W), and there are as many targets a sample as the loss
  /// wants. `with` is the optimizer with this step's rate.
  constexpr BatchResult step(std::span<const T> x, std::span<const target> targets, const O& with) {
    const detail::visit alone(model_.in_use(), "step()");
    put(x, targets);
    run(with, true);
    return collected();
  }
  constexpr BatchResult step(std::span<const T> x, std::span<const target> targets) {
    return step(x, targets, optimizer_);
  }

  // The same in three parts, so that a batch can travel while the step before it runs:
  //   stage(a); launch(); stage(b); result() of a; launch(); ...

  /// The batch of the next launch. x and targets must stay until that has returned.
  constexpr void stage(std::span<const T> x, std::span<const target> targets) {
    const detail::visit alone(model_.in_use(), "stage()");
    put(x, targets);
  }

  /// Forward, loss, backward and update on the staged batch; they have ended when result() returns.
  constexpr void launch(const O& with) {
    const detail::visit alone(model_.in_use(), "launch()");
    run(with, true);
  }

  /// What the last launch showed.
  constexpr BatchResult result() {
    const detail::visit alone(model_.in_use(), "result()");
    return collected();
  }

  /// Forward, loss and backward alone: leaves the gradients. Dropout is on.
  constexpr BatchResult gradients(std::span<const T> x, std::span<const target> targets) {
    const detail::visit alone(model_.in_use(), "gradients()");
    put(x, targets);
    run(optimizer_, false);
    return collected();
  }

  /// Applies the gradients that gradients() left.
  constexpr void update(const O& with) {
    const detail::visit alone(model_.in_use(), "update()");
    check(with);
    tell(with);
    apply();
    backend().wait();
    ++steps_;
  }

  constexpr void read_gradient(std::string_view name, std::span<T> to) const {
    const detail::visit alone(model_.in_use(), "read_gradient()");
    const ParameterInfo& p = trained(name, to.size());
    model_.backend().copy_out(to.data(), gradients_.sum() + p.offset, p.size);
    model_.backend().wait();
  }
  /// What the optimizer remembers of a parameter, by one of its names: "exp_avg", "0.weight".
  constexpr void read_state(std::string_view state, std::string_view name, std::span<T> to) const {
    const detail::visit alone(model_.in_use(), "read_state()");
    const ParameterInfo& p = trained(name, to.size());
    model_.backend().copy_out(to.data(), updates_.state(state) + p.offset, p.size);
    model_.backend().wait();
  }
  constexpr void write_state(std::string_view state, std::string_view name,
                             std::span<const T> from) {
    const detail::visit alone(model_.in_use(), "write_state()");
    const ParameterInfo& p = trained(name, from.size());
    backend().copy_in(updates_.state(state) + p.offset, from.data(), p.size);
    backend().wait();
  }

  /// The norm of the last update's gradients before they were clipped; only with clip_norm.
  constexpr double gradient_norm() {
    const detail::visit alone(model_.in_use(), "gradient_norm()");
    double norm = 0;
    backend().copy_out(&norm, updates_.norm(), 1);
    backend().wait();
    return norm;
  }

  /// Puts the averaged weights in the place of the trained ones, and those in theirs; called again,
  /// back. Only with Averaged<...>.
  constexpr void swap_averaged() {
    const detail::visit alone(model_.in_use(), "swap_averaged()");
    if (steps_ == 0) throw error("there are no averaged weights before the first update");
    averaged_ = !averaged_;
    backend().for_each(parameters,
                       detail::swap_values<T>{model_.parameters(), updates_.state("average")});
    backend().wait();
  }

  /// Whether the averaged weights are in the place of the trained ones: then nothing is trained.
  [[nodiscard]] constexpr bool averaged() const { return averaged_; }

  /// Updates done; the number of the next step's random numbers.
  [[nodiscard]] constexpr std::int64_t steps() const { return steps_; }
  constexpr void set_steps(std::int64_t steps) {
    if (steps < 0)
      throw error("Training was told that " + std::to_string(steps) +
                  " steps are done; expected 0 or more");
    steps_ = steps;
  }
  [[nodiscard]] constexpr std::uint64_t seed() const { return *options_.seed; }
  [[nodiscard]] constexpr int capacity() const { return options_.capacity; }
  [[nodiscard]] constexpr int micro_batch() const {
    return micro_;
  }  ///< samples worked on at a time
  constexpr M& model() { return model_; }
  [[nodiscard]] constexpr const L& loss() const { return loss_; }
  [[nodiscard]] constexpr const O& optimizer() const { return optimizer_; }

 private:
  constexpr B& backend() { return model_.backend(); }
  static constexpr const ParameterInfo& trained(std::string_view name, std::size_t size) {
    const ParameterInfo& p = M::named(name, size);
    if (!p.trained)
      throw error("parameter \"" + std::string(name) +
                  "\" is in a Frozen part: it has no gradient, and no optimizer's state");
    return p;
  }
  template <class U>
  constexpr Buffer<U> allocate(std::int64_t n) {
    return backend().template allocate<U>(n);
  }
  /// Of the largest batch.
  [[nodiscard]] constexpr int micro_batches() const {
    return detail::micro_batches_of(options_.capacity, micro_);
  }

  constexpr void put(std::span<const T> x, std::span<const target> targets) {
    const int batch = checked_batch(x.size(), targets);
    detail::check_targets<how>(loss_, targets, [] { return std::string("a step got"); });
    const BatchResult expected = detail::expected_of<how>(loss_, targets);
    detail::require_weight(loss_, expected);
    images_.put(backend(), x.data(), batch * M::input_size);
    staged_targets_.put(backend(), targets.data(), batch * how::targets);
    staged_ = batch;
    staged_result_ = expected;
  }
  /// The staged batch becomes the one that is worked on, a micro-batch after the other.
  constexpr void run(const O& with, bool updates) {
    if (staged_ == 0) throw error("launch() was called, but no batch was staged since the last");
    check(with);
    batch_ = std::exchange(staged_, 0);
    result_ = staged_result_;
    staged_targets_.take(backend(), targets_.data(), 0, batch_ * how::targets);
    tell(with);
    const int count = detail::micro_batches_of(batch_, micro_);
    for (int m = 0; m < count; ++m) {
      const int first = m * micro_, n = batch_ - first < micro_ ? batch_ - first : micro_;
      const bool last = m == count - 1;
      std::size_t at = 0;
      for (std::int64_t& counter : model_.counters()) counter += detail::counting<Net>[at++];
      images_.take(backend(), work_.input(), first * M::input_size, n * M::input_size);
      const auto work = [&] {
        differentiate(m, first, n);
        gradients_.add(backend(), m);
        if (last) gradients_.finish(backend(), count);
        if (last && updates) apply();
      };
      if (updates) {
        recordings_[static_cast<std::size_t>(m)].run(backend(), 2 * n + (last ? 1 : 0), work);
      } else {
        work();
      }
    }
    if (updates) ++steps_;
  }
  constexpr BatchResult collected() {
    const auto n = static_cast<std::size_t>(batch_ * how::pieces);
    backend().copy_out(host_found_.data(), found_.data(), batch_ * how::pieces);
    backend().wait();
    BatchResult r = result_;
    for (const loss_sum<T>& piece : std::span(host_found_).first(n)) {
      r.loss += static_cast<double>(piece.loss);
      r.right += piece.right;
    }
    return r;
  }
  /// tnn::error for an optimizer that makes no sense, or weights that are not to be trained.
  constexpr void check(const O& with) const {
    if constexpr (requires { with.check(); }) with.check();
    if (averaged_)
      throw error(
          "the averaged weights are in the place of the trained ones: swap_averaged() puts "
          "them back");
  }
  constexpr void tell(const O& with) {
    const bool sum = detail::reduction_of(loss_) == Reduction::sum;
    host_told_ = {static_cast<std::uint32_t>(steps_),
                  sum ? T{1} : T{1} / static_cast<T>(result_.weight),
                  with.template settings<T>(steps_)};
    backend().copy_in(told_.data(), &host_told_, 1);
  }

  /// Micro-batch m: samples [first, first + n).
  constexpr void differentiate(int m, int first, int n) {
    const detail::draw d{*options_.seed, &told_.data()->step, static_cast<std::uint32_t>(first)};
    const detail::arenas<T> tensors{model_.parameters(), model_.buffers(), gradients_.of(m)};
    work_.forward(backend(), tensors, n, d);
    backend().for_each(
        n * how::pieces,
        detail::judge<L, T, output_t<Net>>{
            detail::math_of<T>(loss_, static_cast<const T*>(constants_.data())), work_.output(),
            targets_.data() + first * how::targets, work_.output_gradient(),
            found_.data() + first * how::pieces, &told_.data()->loss_scale});
    work_.backward(backend(), tensors, n, d);
  }
  constexpr void apply() {
    updates_.apply(backend(), model_.parameters(), gradients_.sum(), &told_.data()->update);
  }

  constexpr int checked_batch(std::size_t x, std::span<const target> targets) const {
    const auto given = static_cast<std::int64_t>(targets.size());
    const std::int64_t batch = given / how::targets;
    const char* const name = how::by_labels ? " labels" : " targets";
    if (given % how::targets != 0)
      throw error("a step got " + std::to_string(given) + name + "; a sample has " +
                  std::to_string(how::targets) + ", and whole samples are expected");
    if (batch < 1 || batch > capacity())
      throw error("a step got " + std::to_string(batch) + " samples; 1 to " +
                  std::to_string(capacity()) + " are expected (the capacity of Training)");
    if (static_cast<std::int64_t>(x) != batch * M::input_size)
      throw error("a step got " + std::to_string(x) + " values for " + std::to_string(given) +
                  name + "; " + std::to_string(batch * M::input_size) + " are expected");
    detail::require_samples<Net>(batch, micro_);
    return static_cast<int>(batch);
  }

  M& model_;
  TrainingOptions options_;
  L loss_;
  O optimizer_;
  int micro_;  ///< samples worked on at a time
  std::int64_t steps_ = 0;
  bool averaged_ = false;
  detail::workspace<Net, B, T, mode::train> work_;
  detail::gradient_tree<B, T> gradients_;
  detail::updates<Net, B, T, O> updates_;
  Buffer<target> targets_;
  Buffer<loss_sum<T>> found_;
  Buffer<told> told_;
  Buffer<T> constants_;  ///< the loss's
  told host_told_{};
  stage_of<B, T> images_;
  stage_of<B, target> staged_targets_;
  std::vector<recording_of<B>> recordings_;  ///< one a micro-batch
  int staged_ = 0, batch_ = 0;  ///< samples of the staged batch, and of the one worked on
  BatchResult staged_result_{}, result_{};
  std::vector<loss_sum<T>> host_found_;
};

/// Of a Model that could not be built, or with a loss that does not fit its output: the one error
/// has been raised, and this says nothing more.
template <class M, LossFunction L, UpdateRule O>
class Training<M, L, O, false> {
  using T = typename M::scalar;

 public:
  using model_type = M;
  using loss_type = L;
  using optimizer_type = O;
  using target = std::conditional_t<LabelLoss<L>, std::int32_t, T>;
  constexpr explicit Training(M&, TrainingOptions = {}, L = {}, O = {}) {}
  BatchResult step(std::span<const T>, std::span<const target>, const O&);
  BatchResult step(std::span<const T>, std::span<const target>);
  void stage(std::span<const T>, std::span<const target>);
  void launch(const O&);
  BatchResult result();
  BatchResult gradients(std::span<const T>, std::span<const target>);
  void update(const O&);
  void read_gradient(std::string_view, std::span<T>) const;
  void read_state(std::string_view, std::string_view, std::span<T>) const;
  void write_state(std::string_view, std::string_view, std::span<const T>);
  double gradient_norm();
  void swap_averaged();
  [[nodiscard]] bool averaged() const;
  [[nodiscard]] std::int64_t steps() const;
  void set_steps(std::int64_t);
  [[nodiscard]] std::uint64_t seed() const;
  [[nodiscard]] int capacity() const;
  [[nodiscard]] int micro_batch() const;
  M& model();
  const L& loss() const;
  const O& optimizer() const;
};

}  // namespace tnn
