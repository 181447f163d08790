#pragma once
// What a model makes of a data set: the mean of any loss, or of labels the loss, top-1, top-k and
// the confusion matrix. The loss is worked out in double.
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tnn/core/classes.hpp>
#include <tnn/core/error.hpp>
#include <tnn/core/model.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/train/batch_result.hpp>
#include <tnn/train/cross_entropy.hpp>
#include <tnn/train/fit.hpp>
#include <tnn/train/loss.hpp>

namespace tnn {

/// Sums over samples, by logits and labels; loss is softmax cross-entropy in double.
class ClassificationMetrics {
 public:
  explicit ClassificationMetrics(int classes)
      : classes_(classes),
        confusion_(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes)),
        at_rank_(static_cast<std::size_t>(classes) + 1) {}

  /// One sample: as many logits as classes. tnn::error for a label that is none of them.
  template <class T>
  void add(std::span<const T> logits, std::int32_t label) {
    if (label < 0 || label >= classes_)
      throw error("the label is " + std::to_string(label) + "; 0 to " +
                  std::to_string(classes_ - 1) + " are expected");
    const T right = logits[static_cast<std::size_t>(label)];
    const std::int32_t best = detail::highest_of(logits);
    const double highest = static_cast<double>(logits[static_cast<std::size_t>(best)]);
    const int rank = detail::rank_of(place_values<const T>{logits.data(), 1}, classes_, label);
    double sum = 0;
    for (const T z : logits) sum += std::exp(static_cast<double>(z) - highest);
    loss_ += std::log(sum) - (static_cast<double>(right) - highest);
    ++at_rank_[static_cast<std::size_t>(rank)];
    ++confusion_[place(label, best)];
    ++count_;
  }

  [[nodiscard]] int count() const { return count_; }
  [[nodiscard]] double loss() const { return count_ > 0 ? loss_ / count_ : 0; }
  /// Share of samples whose label is among the k likeliest classes.
  [[nodiscard]] double top(int k) const {
    std::int64_t right = 0;
    for (int r = 0; r < k && r < classes_; ++r) right += at_rank_[static_cast<std::size_t>(r)];
    return count_ > 0 ? static_cast<double>(right) / count_ : 0;
  }
  /// Samples of class `label` that were taken for class `predicted`.
  std::int64_t confusion(int label, int predicted) const {
    return confusion_[place(label, predicted)];
  }
  [[nodiscard]] int classes() const { return classes_; }

 private:
  [[nodiscard]] std::size_t place(int label, int predicted) const {
    return static_cast<std::size_t>(label) * static_cast<std::size_t>(classes_) +
           static_cast<std::size_t>(predicted);
  }

  int classes_;
  int count_ = 0;
  double loss_ = 0;
  std::vector<std::int64_t> confusion_;
  std::vector<std::int64_t> at_rank_;
};

/// After each batch: how many samples are done. No ends the evaluation there.
using evaluation_event = std::function<bool(std::int64_t done)>;

namespace detail {

/// Adds the losses of outputs y of some samples, one after another, so that no sum depends on the
/// size of batches.
template <class Y, class L, class T, class Target>
void add_judged(BatchResult& all, const L& loss, std::span<const T> y,
                std::span<const Target> targets) {
  using how = judging<L, double, Y>;
  const std::vector<double> wide_y(y.begin(), y.end());
  const std::vector<typename how::target> wide_targets(targets.begin(), targets.end());
  const BatchResult expected = expected_of<how>(loss, std::span(wide_targets));
  std::vector<loss_sum<double>> found(static_cast<std::size_t>(expected.count * how::pieces));
  const double scale = 1;
  const judge<L, double, Y> judge_piece{math_of<double>(loss, constants_of(loss).data()),
                                        wide_y.data(),
                                        wide_targets.data(),
                                        nullptr,
                                        found.data(),
                                        &scale};
  for (std::size_t i = 0; i < found.size(); ++i) {
    judge_piece(static_cast<std::int64_t>(i));
    all.loss += found[i].loss;
    all.right += found[i].right;
  }
  all.add(expected);
}

/// Runs the model over the samples of a loader, in its order: f(batch, outputs) for each batch,
/// until it says no.
template <class M, class D, class F>
void each_batch(const M& model, Loader<D, typename M::scalar>& source, F f) {
  std::vector<typename M::scalar> y;
  source.start(0);
  while (const auto* batch = source.next()) {
    y.resize(static_cast<std::size_t>(batch->count * M::output_size));
    model.forward(batch->x, y);
    if (!f(*batch, std::span<const typename M::scalar>(y))) break;
  }
}

template <class M, class L, class D>
BatchResult evaluate_with(const M& model, Loader<D, typename M::scalar>& source, const L& loss,
                          const evaluation_event& go_on) {
  BatchResult all;
  if constexpr (judges<M, L>())
    each_batch(model, source, [&](const auto& batch, auto y) {
      add_judged<output_t<typename M::network>>(all, loss, y, batch.targets);
      return !go_on || go_on(all.count);
    });
  return all;
}

}  // namespace detail

/// The sums of a loss over the samples of a data set, in order. `go_on(done)` is asked after each
/// batch; where it says no, what has been seen so far is returned.
template <class M, class D, LossFunction L>
[[nodiscard]] BatchResult evaluate(const M& model, D data, const L& loss,
                                   const evaluation_event& go_on = {}) {
  if constexpr (!detail::judges<M, L>()) {
    return {};
  } else {
    detail::require_fit<M>(data, loss);
    Loader<D, typename M::scalar> source(std::move(data), {.batch = model.capacity()},
                                         detail::sample_check<M, D>(loss));
    return detail::evaluate_with(model, source, loss, go_on);
  }
}

/// The same by labels of samples, each with one: more than a loss. A label of -100 counts for
/// nothing, as in CrossEntropyLoss.
template <class M, class D>
[[nodiscard]] ClassificationMetrics evaluate(const M& model, D data,
                                             const evaluation_event& go_on = {}) {
  constexpr auto classes = static_cast<std::size_t>(M::output_size);
  ClassificationMetrics metrics(static_cast<int>(classes));
  if constexpr (M::is_built) {
    static_assert(output_t<typename M::network>::rank == 1,
                  "classes are told apart by a vector of outputs: evaluate(model, data, loss) "
                  "is for other networks");
    using T = typename M::scalar;
    const CrossEntropyLoss loss;
    detail::require_fit<M>(data, loss);
    Loader<D, T> source(std::move(data), {.batch = model.capacity()},
                        detail::sample_check<M, D>(loss));
    std::int64_t done = 0;
    detail::each_batch(model, source, [&](const auto& batch, std::span<const T> y) {
      for (std::size_t i = 0; i < batch.targets.size(); ++i)
        if (!loss.ignores(batch.targets[i]))
          metrics.add(y.subspan(i * classes, classes), batch.targets[i]);
      done += batch.count;
      return !go_on || go_on(done);
    });
  }
  return metrics;
}

}  // namespace tnn
