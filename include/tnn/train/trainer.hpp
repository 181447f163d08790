#pragma once
// The training loop: epochs of shuffled batches, validation, the schedule, and which weights are
// the best so far; of any data set, loss and optimizer. All it knows between two batches is in
// `position`, the weights and what the optimizer remembers: a run that stops anywhere and goes on
// from there ends with the same bits.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <tnn/core/integers.hpp>
#include <tnn/core/math.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/train/averaged.hpp>
#include <tnn/train/evaluate.hpp>
#include <tnn/train/fit.hpp>
#include <tnn/train/least_samples.hpp>
#include <tnn/train/schedule.hpp>
#include <tnn/train/training.hpp>

namespace tnn {

struct TrainerOptions {
  int batch = 0;                           ///< samples a step; 0: the Training's capacity
  std::optional<std::uint64_t> seed = {};  ///< of shuffles and samples; none: the Training's
  ScheduleOptions schedule{};
  int interval = 10;  ///< steps between two interval reports
  int loader_threads = 1;
  bool drop_last = false;  ///< leave out an epoch's last batch where it is smaller than the others
};

/// Where a run stands, between two batches.
struct RunPosition {
  std::int64_t epoch = 0;  ///< finished epochs
  std::int64_t batch = 0;  ///< batches done of the next
  std::int64_t step = 0;   ///< batches done in all
  BatchResult so_far{};    ///< of the epoch that is under way
  ScheduleState schedule{};
  double best_accuracy = -1;  ///< on the held-out samples; -1 where the loss knows no labels
  double best_loss = std::numeric_limits<double>::infinity();
  std::int64_t best_epoch = 0;  ///< the one that ended with the best weights; 0: none has ended
  BatchResult interval{};       ///< since the last interval report
};

/// Over the steps since the last of its kind: every so many, and at an epoch's end.
struct IntervalReport {
  std::int64_t step;
  double loss, accuracy, learning_rate;
};

struct StepReport {
  std::int64_t epoch, batch, batches, step;  ///< epoch counts from 1, batch is the one just done
  BatchResult result;
  double epoch_loss, epoch_accuracy;  ///< over this epoch so far
  double learning_rate;
};

/// What an epoch came to. Validation figures are NaN where nothing is held out, and accuracies
/// where the loss knows no labels.
struct EpochReport {
  std::int64_t epoch = 0, step = 0;
  double loss = 0, accuracy = 0;
  double validation_loss = 0, validation_accuracy = 0;
  double learning_rate = 0;       ///< of the epoch's last step
  double samples_per_second = 0;  ///< training alone, since the epoch began or was resumed
  double seconds = 0;             ///< likewise
  double loader_wait_seconds = 0;
  bool best = false;
};

struct TrainerEvents {
  std::function<void(const IntervalReport&)> interval{};  ///< before the step's own
  std::function<void(const StepReport&)> step{};
  /// Position is that of the next epoch. The weights are those that were validated: with
  /// Averaged<O> the averaged ones, which save() writes then (save_checkpoint() writes both).
  std::function<void(const EpochReport&)> epoch{};
  std::function<void(std::int64_t done, std::int64_t of)> validating{};
  std::function<bool()> stop{};  ///< asked after each batch; yes ends run() between two batches
};

/// The rate of a step is the schedule's, which begins with the optimizer's unless it has one of its
/// own; all else is the optimizer's. D is the data to train on, H the data that is held out.
template <class TrainingType, class D, class H = D>
class Trainer {
  using M = typename TrainingType::model_type;
  using L = typename TrainingType::loss_type;
  using O = typename TrainingType::optimizer_type;
  using T = typename M::scalar;

 public:
  /// Without held-out samples the training's own figures decide which weights are the best.
  /// tnn::error for data that doesn't fit the network, or of no sample to train on.
  Trainer(TrainingType& training, D data, H held_out, const TrainerOptions& options = {})
      : Trainer(training, std::move(data), options) {
    detail::require_fit<M>(held_out, training.loss());
    if (held_out.size() > 0)
      held_out_.emplace(std::move(held_out),
                        LoaderOptions{.batch = options_.batch, .threads = options_.loader_threads},
                        detail::sample_check<M, H>(training.loss()));
  }
  Trainer(TrainingType& training, D data, const TrainerOptions& options = {})
      : training_(training),
        options_(completed(options, training)),
        source_(fitting(std::move(data), training.loss()),
                {.batch = options_.batch,
                 .shuffle = true,
                 .drop_last = options_.drop_last,
                 .seed = *options_.seed,
                 .threads = options_.loader_threads},
                detail::sample_check<M, D>(training.loss())),
        schedule_(options_.schedule, source_.batches()) {
    if (batches() == 0)
      throw error("the data has " + std::to_string(source_.size()) + " samples, fewer than the " +
                  std::to_string(options_.batch) + " of a batch, and drop_last leaves those out");
    if constexpr (M::is_built)
      for (const int count : {source_.count_of(0), source_.count_of(batches() - 1)})
        detail::require_samples<typename M::network>(count, training.micro_batch());
    position_.schedule = schedule_.state();
  }

  [[nodiscard]] const RunPosition& where() const { return position_; }
  [[nodiscard]] std::int64_t batches() const { return source_.batches(); }
  /// Of the next step.
  [[nodiscard]] double rate() const { return schedule_.rate(position_.step); }

  /// Goes on from there. tnn::error for what this run cannot have reached.
  void restore(const RunPosition& at) {
    if (at.batch < 0 || at.batch > batches())
      throw error("the run to go on with stands after batch " + std::to_string(at.batch) +
                  " of an epoch, but its epochs have " + std::to_string(batches()) +
                  " batches: data or batch size are not what they were");
    if (!(at.schedule.rate >= 0 && math::is_finite(at.schedule.rate)))
      throw error("the run to go on with has the learning rate " + detail::exact(at.schedule.rate) +
                  "; expected 0 or more");
    if (at.step < 0 || at.epoch < 0)
      throw error("the run to go on with stands at step " + std::to_string(at.step) + " of epoch " +
                  std::to_string(at.epoch) + "; expected 0 or more of both");
    if (at.interval.right > at.interval.labels || at.interval.count > at.so_far.count)
      throw error("the run to go on with had " + std::to_string(at.interval.right) + " right of " +
                  std::to_string(at.interval.labels) + " labels and saw " +
                  std::to_string(at.interval.count) +
                  " samples since its last report, and of its " + "epoch has seen " +
                  std::to_string(at.so_far.count) + ": it was not written by a run");
    // At its end an epoch that went on with other batches may have seen another number.
    if (at.batch < batches() &&
        at.batch != detail::ceil_div(at.so_far.count, std::int64_t{options_.batch}))
      throw error("the run to go on with had seen " + std::to_string(at.so_far.count) +
                  " samples of its epoch in " + std::to_string(at.batch) +
                  " batches, but these are "
                  "of " +
                  std::to_string(options_.batch) + " samples: its batches were others");
    training_.set_steps(at.step);
    position_ = at;
    schedule_.restore(at.schedule);
  }

  /// Trains until so many epochs are finished in all, those before a restore() included; false if
  /// events.stop said so before. The model has the last weights then, which events.epoch may know
  /// not to be the best.
  bool run(std::int64_t epochs, const TrainerEvents& events = {}) {
    schedule_.require_epochs(epochs);
    while (position_.epoch < epochs)
      if (!run_epoch(events)) return false;
    return true;
  }

 private:
  static TrainerOptions completed(TrainerOptions o, const TrainingType& training) {
    if (o.batch == 0) o.batch = training.capacity();
    if (!o.seed) o.seed = training.seed();
    if (o.schedule.rate == 0) o.schedule.rate = training.optimizer().rate;
    if (o.batch > training.capacity())
      throw error("the batch is " + std::to_string(o.batch) + ", but Training's capacity " +
                  std::to_string(training.capacity()));
    if (o.interval < 1)
      throw error("the interval is " + std::to_string(o.interval) + " steps; expected 1 or more");
    return o;
  }
  static D fitting(D data, const L& loss) {
    detail::require_fit<M>(data, loss);
    if (data.size() == 0) throw error("there are no samples to train on");
    return data;
  }

  bool run_epoch(const TrainerEvents& events) {
    using clock = std::chrono::steady_clock;
    const auto began = clock::now();
    const double waited = source_.wait_seconds();
    const std::int64_t before = position_.so_far.count;
    source_.start(static_cast<std::uint64_t>(position_.epoch), position_.batch);
    O with = training_.optimizer();
    with.rate = schedule_.rate(std::max(position_.step - 1, std::int64_t{0}));
    // The next batch is fetched and sent while the one before it is worked on. Where that fails the
    // one before counts all the same.
    std::exception_ptr failure;
    const auto stage_next = [&] {
      try {
        const auto* b = source_.next();
        if (b != nullptr) training_.stage(b->x, b->targets);
        return b != nullptr;
      } catch (...) {
        failure = std::current_exception();
        return false;
      }
    };
    for (bool more = stage_next(); more;) {
      with.rate = rate();
      training_.launch(with);
      more = stage_next();
      const BatchResult r = training_.result();
      ++position_.batch;
      ++position_.step;
      position_.so_far.add(r);
      require_finite(r.loss, "loss", with.rate);
      end_step(r, with.rate, events);
      if (events.step)
        events.step({position_.epoch + 1, position_.batch, batches(), position_.step, r,
                     position_.so_far.mean_loss(), position_.so_far.accuracy(), with.rate});
      if (events.stop && events.stop()) return false;
    }
    if (failure) std::rethrow_exception(failure);
    EpochReport report;
    report.seconds = std::chrono::duration<double>(clock::now() - began).count();
    report.loader_wait_seconds = source_.wait_seconds() - waited;
    report.samples_per_second =
        static_cast<double>(position_.so_far.count - before) / report.seconds;
    return end_epoch(report, with.rate, events);
  }

  /// Adds a batch to the interval, and reports where that ends with it.
  void end_step(const BatchResult& r, double rate, const TrainerEvents& events) {
    BatchResult& interval = position_.interval;
    interval.add(r);
    if (position_.step % options_.interval != 0 && position_.batch != batches()) return;
    const BatchResult done = std::exchange(interval, {});
    if (events.interval) events.interval({position_.step, done.mean_loss(), done.accuracy(), rate});
  }

  bool end_epoch(EpochReport& report, double rate, const TrainerEvents& events) {
    const detail::averaged_in_place averaged(training_, true);
    bool stopped = false;
    BatchResult held_out;
    if (held_out_)
      held_out = detail::evaluate_with(training_.model(), *held_out_, training_.loss(),
                                       [&](std::int64_t done) {
                                         if (events.validating)
                                           events.validating(done, held_out_->size());
                                         stopped = events.stop && events.stop();
                                         return !stopped;
                                       });
    if (stopped) return false;  // the epoch's last batch is done: resuming validates again
    require_finite(held_out.loss, "validation loss", rate);
    if (held_out_ && !(held_out.weight > 0))
      throw error(
          "no label of the held-out samples counts: each is ignore_index, or of a class of "
          "weight 0");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    report.epoch = position_.epoch + 1;
    report.step = position_.step;
    report.loss = position_.so_far.mean_loss();
    report.accuracy = position_.so_far.accuracy();
    report.validation_loss = held_out_ ? held_out.mean_loss() : nan;
    report.validation_accuracy = held_out.accuracy();
    report.learning_rate = rate;
    const BatchResult& decides = held_out_ ? held_out : position_.so_far;
    report.best = take_best(decides, report.epoch);
    schedule_.epoch_ended(decides.mean_loss());
    position_.schedule = schedule_.state();
    ++position_.epoch;
    position_.batch = 0;
    position_.so_far = {};
    position_.interval = {};  // not empty where the run was resumed with other batches
    if (events.epoch) events.epoch(report);
    return true;
  }

  /// Whether no epoch before was as good: by accuracy, then loss, where there are labels.
  bool take_best(const BatchResult& r, std::int64_t epoch) {
    const double loss = r.mean_loss(), accuracy = r.labels > 0 ? r.accuracy() : -1;
    const bool best = accuracy > position_.best_accuracy ||
                      (accuracy >= position_.best_accuracy && loss < position_.best_loss);
    if (best) {
      position_.best_accuracy = accuracy;
      position_.best_loss = loss;
      position_.best_epoch = epoch;
    }
    return best;
  }

  void require_finite(double loss, const char* which, double rate) const {
    if (!math::is_finite(loss))
      throw divergence("the " + std::string(which) + " is " + detail::exact(loss) + " after step " +
                       std::to_string(position_.step) + ", in epoch " +
                       std::to_string(position_.epoch + 1) + ", with learning rate " +
                       detail::exact(rate) +
                       ": the training has diverged, and a smaller rate may help");
  }

  TrainingType& training_;
  TrainerOptions options_;
  Loader<D, T> source_;
  std::optional<Loader<H, T>> held_out_;
  Schedule schedule_;
  RunPosition position_;
};

}  // namespace tnn
