#pragma once
// What a model makes of labelled images: mean loss, top-1, top-k and the confusion matrix. Works
// in the model's own capacity, from the bytes of the data set.
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <tnn/core/math.hpp>
#include <tnn/core/model.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/train/cross_entropy.hpp>

namespace tnn {

/// Sums over samples, by logits and labels; loss is softmax cross-entropy in double.
class classification_metrics {
 public:
  explicit classification_metrics(int classes)
      : classes_(classes),
        confusion_(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes)),
        at_rank_(static_cast<std::size_t>(classes) + 1) {}

  /// One sample: as many logits as classes.
  template <class T>
  void add(std::span<const T> logits, int label) {
    const T right = logits[static_cast<std::size_t>(label)];
    double highest = -std::numeric_limits<double>::infinity();
    int best = 0;
    for (int k = 0; k < classes_; ++k) {
      const T z = logits[static_cast<std::size_t>(k)];
      if (z > logits[static_cast<std::size_t>(best)]) best = k;
      if (static_cast<double>(z) > highest) highest = static_cast<double>(z);
    }
    const int rank = detail::rank_of(place_values<const T>{logits.data(), 1}, classes_, label);
    double sum = 0;
    for (const T z : logits) sum += std::exp(static_cast<double>(z) - highest);
    loss_ += std::log(sum) - (static_cast<double>(right) - highest);
    ++at_rank_[static_cast<std::size_t>(rank)];
    ++confusion_[static_cast<std::size_t>(label * classes_ + best)];
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
    return confusion_[static_cast<std::size_t>(label * classes_ + predicted)];
  }
  [[nodiscard]] int classes() const { return classes_; }

 private:
  int classes_;
  int count_ = 0;
  double loss_ = 0;
  std::vector<std::int64_t> confusion_;
  std::vector<std::int64_t> at_rank_;
};

struct normalisation {
  float mean = 0, deviation = 1;  ///< of pixels in [0, 1]
};

namespace detail {
/// A loader of images for a network's Input, which must have their channels.
template <class M>
loader_options options_for(const labelled_images_view& images, normalisation how, int batch) {
  using X = input_t<typename M::network>;
  static_assert(X::rank == 3 || !M::is_built, "images want an Input of channels, height and width");
  if (images.channels != X::extent(0))
    throw error("the images have " + std::to_string(images.channels) +
                " channels, the network's Input " + std::to_string(X::extent(0)));
  if (images.classes > M::output_size)
    throw error("the images have " + std::to_string(images.classes) + " classes, the network " +
                std::to_string(M::output_size));
  loader_options o;
  o.batch = batch;
  o.height = X::extent(1);
  o.width = X::extent(2);
  o.mean = how.mean;
  o.standard_deviation = how.deviation;
  return o;
}
}  // namespace detail

/// Runs the model over the images, in order. `go_on(done)` is asked after each batch; where it
/// says no, what has been seen so far is returned.
template <class M>
[[nodiscard]] classification_metrics evaluate(M& model, const labelled_images_view& images,
                                              normalisation how,
                                              const std::function<bool(int done)>& go_on = {}) {
  classification_metrics metrics(static_cast<int>(M::output_size));
  if (images.count == 0) return metrics;
  Loader source(images, detail::options_for<M>(images, how, model.capacity()));
  constexpr auto classes = static_cast<std::size_t>(M::output_size);
  std::vector<typename M::scalar> logits(static_cast<std::size_t>(model.capacity()) * classes);
  source.start(0);
  while (const batch_view* batch = source.next()) {
    const auto n = static_cast<std::size_t>(batch->count);
    model.forward(batch->images, std::span(logits).first(n * classes));
    for (std::size_t i = 0; i < n; ++i)
      metrics.add(std::span<const typename M::scalar>(logits).subspan(i * classes, classes),
                  batch->labels[i]);
    if (go_on && !go_on(metrics.count())) break;
  }
  return metrics;
}

}  // namespace tnn
