// AlexNet's steps and forwards on Cuda, timed.
#include "measure.hpp"

#include <cuda_profiler_api.h>

#include <chrono>
#include <memory>
#include <optional>

#include <tnn/alexnet.hpp>
#include <tnn/cuda.cuh>
#include <tnn/train/training.hpp>

#include "../median.hpp"

namespace gpu {
namespace {

using Net = tnn::AlexNet<>;
using Model = tnn::Model<Net, tnn::Cuda>;

tnn::cuda_precision precision_called(const std::string& name) {
  return name == "tf32"   ? tnn::cuda_precision::tf32
         : name == "bf16" ? tnn::cuda_precision::bf16
                          : tnn::cuda_precision::fp32;
}

/// A model in one setting with images for it, in the host's pinned memory and on the device.
class bench {
 public:
  explicit bench(const setting& s, bool graphs = true, tnn::cuda_timeline* timeline = nullptr)
      : train_(s.train),
        batch_(s.batch),
        values_(std::int64_t{s.batch} * Model::input_size),
        model_(
            tnn::Cuda{
                .graphs = graphs, .precision = precision_called(s.precision), .timeline = timeline},
            {.capacity = s.train ? 1 : s.batch, .seed = 1}),
        images_(tnn::detail::pinned_memory<float>(values_)),
        logits_(tnn::detail::pinned_memory<float>(s.batch * Model::output_size)),
        there_(model_.backend().allocate<float>(values_)) {
    const std::uint64_t key = tnn::stream_key(1, tnn::random_stream::images);
    for (std::int64_t i = 0; i < values_; ++i)
      images_[static_cast<std::size_t>(i)] =
          tnn::uniform_float(tnn::philox(key, static_cast<std::uint32_t>(i), 0, 0, 0).v[0]);
    for (int n = 0; n < batch_; ++n) labels_.push_back(n % 10);
    model_.backend().copy_in(there_.data(), images_.get(), values_);
    model_.backend().wait();
    if (train_) training_.emplace(model_, tnn::TrainingOptions{batch_, 1});
  }

  tnn::Cuda& cuda() { return model_.backend(); }

  /// What a resident run needs first, untimed: its batch staged, the device idle.
  void prepare() {
    if (train_) training_->stage(images(), labels_);
    tnn::check(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
  }
  /// Queues a resident run.
  void run_resident() {
    if (train_) {
      training_->launch(sgd);
    } else {
      cuda().copy(model_.input(), static_cast<const float*>(there_.data()), values_,
                  cudaMemcpyDeviceToDevice);
      model_.launch(batch_);
    }
  }
  void end() {
    if (train_) training_->result();
    cuda().wait();
  }

  /// Stages the first batch: each copied run then stages the next one's.
  void prepare_copied() {
    if (train_) training_->stage(images(), labels_);
  }
  /// Queues a copied run.
  void run_copied() {
    if (train_) {
      training_->launch(sgd);
      training_->stage(images(), labels_);
    } else {
      cuda().copy_in(model_.input(), images_.get(), values_);
      model_.launch(batch_);
      cuda().copy_out(logits_.get(), model_.output(), batch_ * Model::output_size);
    }
  }

  void once() {
    prepare();
    run_resident();
    end();
  }

 private:
  static constexpr tnn::SGD sgd{1e-4, 0.9, 5e-4};
  std::span<const float> images() const {
    return {images_.get(), static_cast<std::size_t>(values_)};
  }

  bool train_;
  int batch_;
  std::int64_t values_;
  Model model_;
  std::unique_ptr<float[], tnn::detail::free_pinned> images_, logits_;
  tnn::Cuda::Buffer<float> there_;
  std::vector<std::int32_t> labels_;
  std::optional<tnn::Training<Model>> training_;
};

/// Milliseconds of one call of f, by events around `count` calls.
template <class Prepare, class F>
measured timed(bench& b, double seconds, int count, Prepare prepare, F f) {
  using clock = std::chrono::steady_clock;
  const auto begin = tnn::detail::make_event(cudaEventDefault);
  const auto end = tnn::detail::make_event(cudaEventDefault);
  std::vector<double> times;
  constexpr int warm_ups = 3;  // the second run of a batch size is recorded as a graph
  std::optional<clock::time_point> began;
  for (int i = -warm_ups; i < 5 || clock::now() - *began < std::chrono::duration<double>(seconds);
       ++i) {
    if (i >= 0 && !began) began = clock::now();
    prepare();
    tnn::check(cudaEventRecord(begin.get(), b.cuda().stream()), "cudaEventRecord");
    for (int k = 0; k < count; ++k) f();
    tnn::check(cudaEventRecord(end.get(), b.cuda().stream()), "cudaEventRecord");
    b.end();
    float ms = 0;
    tnn::check(cudaEventElapsedTime(&ms, begin.get(), end.get()), "cudaEventElapsedTime");
    if (i >= 0) times.push_back(static_cast<double>(ms) / count);
  }
  return {times.size(), median(times)};
}

}  // namespace

void require_device() { tnn::Cuda{}.wait(); }

speeds measure(const setting& s, double seconds) {
  bench b(s);
  speeds found;
  found.resident = timed(
      b, seconds, 1, [&] { b.prepare(); }, [&] { b.run_resident(); });
  b.prepare_copied();
  found.copied = timed(
      b, seconds, 5, [] {}, [&] { b.run_copied(); });
  return found;
}

std::vector<part> parts(const setting& s) {
  tnn::cuda_timeline timeline;
  bench b(s, false, &timeline);
  constexpr int warm_ups = 3, runs = 10;
  for (int i = 0; i < warm_ups; ++i) b.once();
  timeline.read(b.cuda());
  std::vector<part> all;
  std::vector<std::vector<double>> times;
  for (int i = 0; i < runs; ++i) {
    b.once();
    const auto entries = timeline.read(b.cuda());
    times.resize(entries.size());
    for (std::size_t e = 0; e < entries.size(); ++e) {
      if (i == 0) all.push_back({entries[e].name, entries[e].depth});
      times[e].push_back(static_cast<double>(entries[e].milliseconds));
    }
  }
  for (std::size_t e = 0; e < all.size(); ++e) all[e].milliseconds = median(times[e]);
  return all;
}

void profiled(const setting& s) {
  bench b(s, false);
  for (int i = 0; i < 2; ++i) b.once();
  tnn::check(cudaProfilerStart(), "cudaProfilerStart");
  b.once();
  tnn::check(cudaProfilerStop(), "cudaProfilerStop");
}

}  // namespace gpu
