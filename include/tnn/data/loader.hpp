#pragma once
// Batches of a data set, made ahead on threads of the loader's own. Two buffers: the caller holds
// one, the threads fill the other, each a few samples at a time. What a batch holds depends on
// (data, options, epoch, index) alone, not on threads, so a run can go on in mid-epoch.
#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <tnn/core/birthplace.hpp>
#include <tnn/core/error.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/data/draws.hpp>
#include <tnn/data/source.hpp>

namespace tnn {

struct LoaderOptions {
  int batch = 128;
  bool shuffle = false;
  bool drop_last = false;  ///< leave out a last batch that is smaller than the others
  std::uint64_t seed = 0;  ///< of the shuffle, and of what samples draw
  int threads = 1;
};

/// Yields an epoch's batches, last smaller one included. Used by one thread at a time, in the
/// process that made it: in a child that is forked off, start() and next() are a tnn::error.
template <class D, class T = float>
class Loader {
  static_assert(!detail::images_differ<D>,
                "the images differ in size: give a Transformed of them, with a transform that "
                "gives all of them one, as RandomResizedCrop<H, W>");
  static_assert(SampleSource<D, T> || detail::images_differ<D>,
                "a data set has a type `target` (std::int32_t for labels, else float or double), "
                "size(), shape() and write(i, Draws&, std::span<T> x, std::span<target>) const, "
                "where T is the network's scalar: see tnn/data/source.hpp");

 public:
  using target = detail::target_of<D, T>;

  /// Valid until the loader's next next(), start() or destruction.
  struct Batch {
    std::span<const T> x;             ///< count samples
    std::span<const target> targets;  ///< of each, one after another
    int count = 0;                    ///< options.batch; fewer in the last batch of an epoch
    std::int64_t index = 0;           ///< of this batch within its epoch
  };

  /// Called for each sample made, on the loader's threads; what it throws reaches next()'s caller,
  /// as what the data set throws does.
  using check_function =
      std::function<void(std::int64_t sample, std::span<const T>, std::span<const target>)>;

  /// tnn::error for options that make no sense. All memory is allocated here.
  explicit Loader(D data, LoaderOptions options = {}, check_function check = {})
      : data_(std::move(data)),
        options_(checked(options)),
        check_(std::move(check)),
        size_(checked_size(data_)),
        sample_(static_cast<std::size_t>(detail::values_of(detail::shape_of(data_)))),
        targets_(static_cast<std::size_t>(detail::targets_of(data_))),
        order_(static_cast<std::size_t>(size_)) {
    const std::size_t largest = static_cast<std::size_t>(std::min(options_.batch, size_));
    std::size_t values = 0;
    if (__builtin_mul_overflow(largest, std::max(sample_, targets_), &values))
      throw error("a batch of " + std::to_string(largest) + " such samples is too large");
    threads_.reserve(static_cast<std::size_t>(options_.threads));
    for (buffer& slot : buffers_) {
      slot.x.resize(largest * sample_);
      slot.targets.resize(largest * targets_);
    }
    try {
      for (int t = 0; t < options_.threads; ++t) threads_.emplace_back([this] { work(); });
    } catch (const std::system_error& failure) {
      end_threads();
      throw error("the system gives no thread for the loader (" + failure.code().message() +
                  "): raise its limit on threads or memory (ulimit -u, ulimit -v)");
    } catch (...) {
      end_threads();
      throw;
    }
  }
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader() {
    if (birthplace_.is_here()) {
      end_threads();
      return;
    }
    // The threads aren't in this process, but the mutex may be locked for ever, and the condition
    // variable still count them as waiting: neither may be destroyed.
    for (std::thread& thread : threads_) thread.detach();
    static_cast<void>(signals_.release());
  }

  [[nodiscard]] const D& data() const { return data_; }
  /// Samples in an epoch.
  [[nodiscard]] std::int64_t size() const { return size_; }
  /// Batches in an epoch.
  [[nodiscard]] std::int64_t batches() const {
    return options_.drop_last ? size_ / options_.batch
                              : detail::ceil_div(std::int64_t{size_}, std::int64_t{options_.batch});
  }

  /// Samples of a batch, by its number in an epoch.
  [[nodiscard]] int count_of(std::int64_t batch) const {
    return detail::least(options_.batch, size_ - batch * options_.batch);
  }

  /// Begins an epoch at one of its batches, whatever was going on before. tnn::error for a
  /// first_batch outside 0 .. batches(); batches() itself is the end.
  void start(std::uint64_t epoch, std::int64_t first_batch = 0) {
    if (first_batch < 0 || first_batch > batches())
      throw error("the epoch has " + std::to_string(batches()) +
                  " batches; it cannot start at batch " + std::to_string(first_batch));
    require_threads();
    if (data_.size() != size_)
      throw error("the data set had " + std::to_string(size_) +
                  " samples when its loader was made, and has " + std::to_string(data_.size()) +
                  " now: make another loader");
    {
      std::unique_lock lock(signals_->mutex);
      end_ = 0;  // no new batch
      signals_->changed.wait(lock, [&] { return busy_ == 0; });
      if (options_.shuffle)
        shuffled_order(order_, options_.seed, epoch);
      else
        std::iota(order_.begin(), order_.end(), 0);
      epoch_ = epoch;
      started_ = true;
      made_ = taken_ = released_ = begun_ = first_batch;
      given_out_ = 0;
      end_ = batches();
      failure_ = nullptr;
    }
    signals_->changed.notify_all();
  }

  /// The next batch, or nullptr at the epoch's end. Takes back the batch returned before.
  /// tnn::error before the first start().
  const Batch* next() {
    require_threads();
    std::unique_lock lock(signals_->mutex);
    if (!started_) throw error("a loader was asked for a batch before start() began an epoch");
    released_ = taken_;
    signals_->changed.notify_all();
    const auto is_known = [&] {
      return made_ > taken_ || (failure_ ? busy_ == 0 : taken_ >= end_);
    };
    if (!is_known()) {
      const auto begin = std::chrono::steady_clock::now();
      signals_->changed.wait(lock, is_known);
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
    std::vector<T> x;
    std::vector<target> targets;
    int left = 0;  // samples of the batch that are yet to be made
    Batch view;
  };

  struct signals {
    std::mutex mutex;
    std::condition_variable changed;  // the state of the loader that the mutex guards
  };

  /// Samples [first, first + count) of a batch: what a thread takes at a time.
  struct share {
    std::int64_t batch;
    int first, count;
  };

  static LoaderOptions checked(LoaderOptions options) {
    if (options.batch < 1)
      throw error("a batch of " + std::to_string(options.batch) + " samples; expected at least 1");
    if (options.threads < 1)
      throw error("a loader has " + std::to_string(options.threads) +
                  " threads (LoaderOptions::threads, TrainerOptions::loader_threads); expected at "
                  "least 1");
    return options;
  }
  static int checked_size(const D& data) {
    const std::int64_t size = data.size();
    if (size < 0 || size > std::numeric_limits<int>::max())
      throw error("the data set has " + std::to_string(size) + " samples; expected 0 to " +
                  std::to_string(std::numeric_limits<int>::max()));
    return static_cast<int>(size);
  }

  void require_threads() const {
    if (!birthplace_.is_here())
      throw error(
          "this loader was made before fork(), and its threads are in the parent process alone: "
          "make the loader in the child, after fork()");
  }
  void end_threads() {
    {
      const std::lock_guard lock(signals_->mutex);
      quit_ = true;
    }
    signals_->changed.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  buffer& slot_of(std::int64_t batch) {
    return buffers_[static_cast<std::size_t>(batch) % buffers_.size()];
  }
  void work() {
    const auto has_share = [&] {
      return begun_ < end_ && begun_ - released_ < static_cast<std::int64_t>(buffers_.size());
    };
    std::unique_lock lock(signals_->mutex);
    for (;;) {
      signals_->changed.wait(lock, [&] { return quit_ || has_share(); });
      if (quit_) return;
      const share mine = take_share();
      ++busy_;
      lock.unlock();
      std::exception_ptr failure;
      std::int64_t at = mine.batch * options_.batch + mine.first;
      try {
        for (int i = 0; i < mine.count; ++i, ++at) make(at, slot_of(mine.batch));
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      --busy_;
      if (failure) {
        // Samples are given out in order, so the first that fails does so whatever the threads do.
        if (!failure_ || at < failed_at_) {
          failure_ = failure;
          failed_at_ = at;
        }
        end_ = std::min(end_, mine.batch);
      }
      slot_of(mine.batch).left -= failure ? 0 : mine.count;
      while (made_ < begun_ && slot_of(made_).left == 0) ++made_;
      signals_->changed.notify_all();
    }
  }

  /// With one thread a whole batch; else small enough for all to end at about the same time.
  share take_share() {
    const int count = count_of(begun_);
    buffer& slot = slot_of(begun_);
    if (given_out_ == 0) {
      slot.left = count;
      slot.view = {std::span(slot.x).first(static_cast<std::size_t>(count) * sample_),
                   std::span(slot.targets).first(static_cast<std::size_t>(count) * targets_), count,
                   begun_};
    }
    const int threads = options_.threads;
    const int most = threads == 1 ? count : std::max(1, count / (4 * threads));
    const share mine{begun_, given_out_, std::min(most, count - given_out_)};
    given_out_ += mine.count;
    if (given_out_ == count) {
      ++begun_;
      given_out_ = 0;
    }
    return mine;
  }

  /// Makes the epoch's sample number `at`.
  void make(std::int64_t at, buffer& to) {
    const std::int32_t chosen = order_[static_cast<std::size_t>(at)];
    const auto place = static_cast<std::size_t>(at % options_.batch);
    const auto x = std::span(to.x).subspan(place * sample_, sample_);
    const auto targets = std::span(to.targets).subspan(place * targets_, targets_);
    Draws draws(options_.seed, random_stream::samples, epoch_, static_cast<std::uint32_t>(chosen));
    std::as_const(data_).write(chosen, draws, x, targets);
    if (check_) check_(chosen, x, targets);
  }

  D data_;
  const LoaderOptions options_;
  const check_function check_;
  const int size_;
  const std::size_t sample_, targets_;  // values and targets of one
  std::vector<std::int32_t> order_;
  std::uint64_t epoch_ = 0;
  std::array<buffer, 2> buffers_;
  std::chrono::steady_clock::duration waited_{};

  detail::birthplace birthplace_;
  std::unique_ptr<signals> signals_ = std::make_unique<signals>();
  bool quit_ = false, started_ = false;
  int busy_ = 0;                // threads at work on a share
  std::int64_t begun_ = 0;      // the batch of which shares are given out
  int given_out_ = 0;           // samples of it that have been
  std::int64_t made_ = 0;       // batches before this one are ready, or were
  std::int64_t taken_ = 0;      // batches before this one went to the caller
  std::int64_t released_ = 0;   // and the caller is done with those before this one
  std::int64_t end_ = 0;        // give out none from here on
  std::exception_ptr failure_;  // of the first sample that failed,
  std::int64_t failed_at_ = 0;  // whose number in the epoch this is
  std::vector<std::thread> threads_;
};

}  // namespace tnn
