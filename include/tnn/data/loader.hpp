#pragma once
// Batches for a network, prepared on a thread of the loader's own while the last one is in use:
//   image = (resized bytes / 255 - mean) / standard_deviation
// Two buffers: the caller holds one, the thread fills the other. What a batch holds depends on
// (data, options, epoch, index) alone, so a run can go on in mid-epoch.
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <tnn/core/birthplace.hpp>
#include <tnn/core/error.hpp>
#include <tnn/core/math.hpp>
#include <tnn/data/dataset.hpp>
#include <tnn/data/resize.hpp>
#include <tnn/data/shuffle.hpp>

namespace tnn {

struct loader_options {
  int batch = 128;
  int height = 224;
  int width = 224;
  bool shuffle = false;
  std::uint64_t seed = 0;  ///< of the shuffle
  float mean = 0;          ///< of pixels in [0, 1]
  float standard_deviation = 1;
  /// Called on the loader's thread for each image made: its index in the view, its floats
  /// (channels x height x width), which it may change. What it throws reaches next()'s caller.
  std::function<void(std::int32_t index, std::span<float> image)> finish = {};
};

/// Valid until the loader's next next(), start() or destruction.
struct batch_view {
  std::span<const float> images;         ///< count x channels x height x width
  std::span<const std::int32_t> labels;  ///< count
  int count = 0;                         ///< options.batch; fewer in the last batch of an epoch
  std::int64_t index = 0;                ///< of this batch within its epoch
};

/// Yields an epoch's batches, last smaller one included. Used by one thread at a time, in the
/// process that made it: in a child that is forked off, start() and next() are a tnn::error.
class Loader {
 public:
  /// `data` must outlive the loader. tnn::error for options that make no sense. All memory is
  /// allocated here.
  Loader(const labelled_images_view& data, loader_options options)
      : data_(data),
        options_(checked(std::move(options))),
        resize_(data.height, data.width, options_.height, options_.width),
        order_(static_cast<std::size_t>(data.count)) {
    const std::size_t largest = static_cast<std::size_t>(std::min(options_.batch, data.count));
    for (buffer& slot : buffers_) {
      slot.images.resize(largest * image_floats());
      slot.labels.resize(largest);
    }
    try {
      thread_ = std::thread([this] { work(); });
    } catch (const std::system_error& failure) {
      throw error("the system gives no thread for the loader (" + failure.code().message() +
                  "): raise its limit on threads or memory (ulimit -u, ulimit -v)");
    }
  }
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader() {
    if (!birthplace_.is_here()) {
      // The thread isn't in this process, but the mutex may be locked for ever, and the condition
      // variable still count it as waiting: neither may be destroyed.
      thread_.detach();
      static_cast<void>(signals_.release());
      return;
    }
    {
      const std::lock_guard lock(signals_->mutex);
      quit_ = true;
    }
    signals_->changed.notify_all();
    thread_.join();
  }

  /// Batches in an epoch.
  [[nodiscard]] std::int64_t batches() const {
    return (std::int64_t{data_.count} + options_.batch - 1) / options_.batch;
  }

  /// Begins an epoch at one of its batches, whatever was going on before. tnn::error for a
  /// first_batch outside 0 .. batches(); batches() itself is the end.
  void start(std::uint64_t epoch, std::int64_t first_batch = 0) {
    if (first_batch < 0 || first_batch > batches())
      throw error("the epoch has " + std::to_string(batches()) +
                  " batches; it cannot start at batch " + std::to_string(first_batch));
    require_thread();
    {
      std::unique_lock lock(signals_->mutex);
      end_ = made_;  // no new batch
      signals_->changed.wait(lock, [&] { return !working_; });
      if (options_.shuffle)
        shuffled_order(order_, options_.seed, epoch);
      else
        std::iota(order_.begin(), order_.end(), 0);
      made_ = taken_ = released_ = first_batch;
      end_ = batches();
      failure_ = nullptr;
    }
    signals_->changed.notify_all();
  }

  /// The next batch, or nullptr at the epoch's end (and before the first start()). Takes back the
  /// batch returned before.
  const batch_view* next() {
    require_thread();
    std::unique_lock lock(signals_->mutex);
    released_ = taken_;
    signals_->changed.notify_all();
    if (made_ == taken_ && made_ < end_ && !failure_) {
      const auto begin = std::chrono::steady_clock::now();
      signals_->changed.wait(lock, [&] { return made_ > taken_ || failure_; });
      waited_ += std::chrono::steady_clock::now() - begin;
    }
    if (made_ > taken_) return &slot_of(taken_++).view;
    if (failure_) std::rethrow_exception(failure_);
    return nullptr;
  }

  /// Seconds that next() has spent waiting for a batch since construction.
  [[nodiscard]] double wait_seconds() const {
    return std::chrono::duration<double>(waited_).count();
  }

 private:
  struct buffer {
    std::vector<float> images;
    std::vector<std::int32_t> labels;
    batch_view view;
  };

  struct signals {
    std::mutex mutex;
    std::condition_variable changed;  // the state of the loader that the mutex guards
  };

  void require_thread() const {
    if (!birthplace_.is_here())
      throw error(
          "this loader was made before fork(), and its thread is in the parent process alone: make "
          "the loader in the child, after fork()");
  }

  static loader_options checked(loader_options options) {
    if (options.batch < 1)
      throw error("a batch of " + std::to_string(options.batch) + " images; expected at least 1");
    if (!math::is_finite(options.mean) || !math::is_finite(options.standard_deviation) ||
        options.standard_deviation <= 0)
      throw error("mean and standard deviation must be finite, the latter positive");
    return options;
  }

  std::size_t image_floats() const {
    return static_cast<std::size_t>(data_.channels) * plane_floats();
  }
  std::size_t plane_floats() const {
    return static_cast<std::size_t>(options_.height) * static_cast<std::size_t>(options_.width);
  }
  buffer& slot_of(std::int64_t index) {
    return buffers_[static_cast<std::size_t>(index) % buffers_.size()];
  }

  void work() {
    const auto may_make = [&] {
      return made_ < end_ && made_ - released_ < static_cast<std::int64_t>(buffers_.size());
    };
    std::unique_lock lock(signals_->mutex);
    for (;;) {
      signals_->changed.wait(lock, [&] { return quit_ || may_make(); });
      if (quit_) return;
      const std::int64_t index = made_;
      working_ = true;
      lock.unlock();
      std::exception_ptr failure;
      try {
        make(index, slot_of(index));
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      working_ = false;
      if (failure) {
        failure_ = failure;
        end_ = made_;
      } else {
        ++made_;
      }
      signals_->changed.notify_all();
    }
  }

  void make(std::int64_t index, buffer& to) {
    const float scale = 1 / (255 * options_.standard_deviation);
    const float shift = -options_.mean / options_.standard_deviation;
    const std::int64_t begin = index * options_.batch;
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::int64_t>(options_.batch, data_.count - begin));
    const std::size_t source_plane = data_.image_size() / static_cast<std::size_t>(data_.channels);
    for (std::size_t i = 0; i < count; ++i) {
      const std::int32_t chosen = order_[static_cast<std::size_t>(begin) + i];
      const std::uint8_t* source = data_.image(chosen).data();
      const std::span<float> image(to.images.data() + i * image_floats(), image_floats());
      for (std::size_t c = 0; c < static_cast<std::size_t>(data_.channels); ++c)
        resize_(source + c * source_plane, image.data() + c * plane_floats(), scale, shift);
      to.labels[i] = data_.labels[chosen];
      if (options_.finish) options_.finish(chosen, image);
    }
    to.view = {std::span(to.images).first(count * image_floats()),
               std::span(to.labels).first(count), static_cast<int>(count), index};
  }

  const labelled_images_view data_;
  const loader_options options_;
  bilinear_resize resize_;
  std::vector<std::int32_t> order_;
  std::array<buffer, 2> buffers_;
  std::chrono::steady_clock::duration waited_{};

  detail::birthplace birthplace_;
  std::unique_ptr<signals> signals_ = std::make_unique<signals>();
  bool quit_ = false;
  bool working_ = false;        // the thread is making batch made_
  std::int64_t made_ = 0;       // batches before this one are ready, or were
  std::int64_t taken_ = 0;      // batches before this one went to the caller
  std::int64_t released_ = 0;   // and the caller is done with those before this one
  std::int64_t end_ = 0;        // make none from here on
  std::exception_ptr failure_;  // of batch made_
  std::thread thread_;
};

}  // namespace tnn
