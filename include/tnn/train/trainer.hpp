#pragma once
// The training loop: epochs of shuffled batches, validation, the schedule, the best weights.
// All it knows between two batches is in `position`, the weights and what the optimizer remembers:
// a run that stops anywhere and goes on from there ends with the same bits.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include <tnn/core/math.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/train/evaluate.hpp>
#include <tnn/train/schedule.hpp>
#include <tnn/train/training.hpp>

namespace tnn {

struct trainer_options {
  int batch = 128;
  std::uint64_t seed = 0;  ///< of the shuffles
  schedule_options schedule{};
  normalisation pixels{};
  int interval = 10;  ///< steps between two interval reports
};

/// Where a run stands, between two batches.
struct position {
  std::int64_t epoch = 0;  ///< finished epochs
  std::int64_t batch = 0;  ///< batches done of the next
  std::int64_t step = 0;   ///< batches done in all
  batch_result so_far{};   ///< of the epoch that is under way
  schedule_state schedule{};
  double best_top1 = -1;  ///< on the validation images
  double best_loss = std::numeric_limits<double>::infinity();
  std::int64_t best_epoch = 0;  ///< the one that ended with the best weights; 0: none has ended
  batch_result interval{};      ///< since the last interval report
};

/// Over the steps since the last of its kind: every so many, and at an epoch's end.
struct interval_report {
  std::int64_t step;
  double loss, accuracy, learning_rate;
};

struct step_report {
  std::int64_t epoch, batch, batches, step;  ///< epoch counts from 1, batch is the one just done
  batch_result result;
  double epoch_loss, epoch_accuracy;  ///< over this epoch so far
  double learning_rate;
};

/// One line of metrics.jsonl. Validation figures are NaN where nothing is held out.
struct epoch_report {
  std::int64_t epoch = 0, step = 0;
  double loss = 0, accuracy = 0;
  double validation_loss = 0, validation_top1 = 0;
  double learning_rate = 0;      ///< of the epoch's last step
  double images_per_second = 0;  ///< training alone, since the epoch began or was resumed
  double seconds = 0;            ///< likewise
  double loader_wait_seconds = 0;
  bool best = false;
};

struct trainer_events {
  std::function<void(const interval_report&)> interval{};  ///< before the step's own
  std::function<void(const step_report&)> step{};
  std::function<void(const epoch_report&)> epoch{};  ///< position is that of the next epoch
  std::function<void(int done, int of)> validating{};
  std::function<bool()> stop{};  ///< asked after each batch; yes ends run() between two batches
};

/// The rate is the schedule's, whatever that of the Training's optimizer is; all else is the
/// optimizer's. The validation loss is plain cross-entropy.
template <class TrainingType>
class Trainer {
  using M = typename TrainingType::model_type;
  using O = typename TrainingType::optimizer_type;
  static_assert(LabelLoss<typename TrainingType::loss_type>,
                "a Trainer feeds on labelled images: of values, call Training::step");

 public:
  /// The views must outlive the trainer; `held_out` may be empty.
  Trainer(TrainingType& training, const labelled_images_view& images,
          const labelled_images_view& held_out, const trainer_options& options)
      : training_(training),
        held_out_(held_out),
        options_(options),
        source_(images, shuffled(images, options)),
        schedule_(options.schedule, source_.batches()) {
    if (options.batch > training.capacity())
      throw error("the batch is " + std::to_string(options.batch) + ", but Training's capacity " +
                  std::to_string(training.capacity()));
    if (images.count == 0) throw error("there are no images to train on");
    if (options.interval < 1)
      throw error("the interval is " + std::to_string(options.interval) +
                  " steps; expected 1 or more");
    position_.schedule = schedule_.state();
  }

  [[nodiscard]] const position& where() const { return position_; }
  [[nodiscard]] std::int64_t batches() const { return source_.batches(); }
  /// Of the next step.
  [[nodiscard]] double rate() const { return schedule_.rate(position_.step); }

  /// Goes on from there. tnn::error for what this run cannot have reached.
  void restore(const position& at) {
    if (at.batch < 0 || at.batch > batches())
      throw error("the run to go on with stands after batch " + std::to_string(at.batch) +
                  " of an epoch, but its epochs have " + std::to_string(batches()) +
                  " batches: data or batch size are not what they were");
    if (!(at.schedule.rate >= 0 && math::is_finite(at.schedule.rate)))
      throw error("the run to go on with has the learning rate " + detail::exact(at.schedule.rate) +
                  "; expected 0 or more");
    if (at.interval.right > at.interval.labels || at.interval.count > at.so_far.count)
      throw error("the run to go on with had " + std::to_string(at.interval.right) + " right of " +
                  std::to_string(at.interval.count) + " images since its last report, and of its " +
                  "epoch has seen " + std::to_string(at.so_far.count) +
                  ": it was not written by a run");
    position_ = at;
    schedule_.restore(at.schedule);
    training_.set_steps(at.step);
  }

  /// Trains until `epochs` are finished; false if events.stop said so before.
  bool run(std::int64_t epochs, const trainer_events& events) {
    while (position_.epoch < epochs)
      if (!run_epoch(events)) return false;
    return true;
  }

 private:
  static loader_options shuffled(const labelled_images_view& images, const trainer_options& o) {
    loader_options l = detail::options_for<M>(images, o.pixels, o.batch);
    l.shuffle = true;
    l.seed = o.seed;
    return l;
  }

  bool run_epoch(const trainer_events& events) {
    using clock = std::chrono::steady_clock;
    const auto began = clock::now();
    const double waited = source_.wait_seconds();
    const std::int64_t images_before = position_.so_far.count;
    source_.start(static_cast<std::uint64_t>(position_.epoch), position_.batch);
    O with = training_.optimizer();
    with.rate = schedule_.rate(std::max(position_.step - 1, std::int64_t{0}));
    // The next batch is fetched and sent while the one before it is worked on.
    const auto stage_next = [&] {
      const batch_view* b = source_.next();
      if (b != nullptr) training_.stage(b->images, b->labels);
      return b != nullptr;
    };
    for (bool more = stage_next(); more;) {
      with.rate = rate();
      training_.launch(with);
      more = stage_next();
      const batch_result r = training_.result();
      require_finite(r.loss, "loss", with.rate);
      ++position_.batch;
      ++position_.step;
      position_.so_far.add(r);
      end_step(r, with.rate, events);
      if (events.step)
        events.step({position_.epoch + 1, position_.batch, batches(), position_.step, r,
                     position_.so_far.mean_loss(), position_.so_far.accuracy(), with.rate});
      if (events.stop && events.stop()) return false;
    }
    epoch_report report;
    report.seconds = std::chrono::duration<double>(clock::now() - began).count();
    report.loader_wait_seconds = source_.wait_seconds() - waited;
    report.images_per_second =
        static_cast<double>(position_.so_far.count - images_before) / report.seconds;
    return end_epoch(report, with.rate, events);
  }

  /// Adds a batch to the interval, and reports where that ends with it.
  void end_step(const batch_result& r, double rate, const trainer_events& events) {
    batch_result& interval = position_.interval;
    interval.add(r);
    if (position_.step % options_.interval != 0 && position_.batch != batches()) return;
    const batch_result done = std::exchange(interval, {});
    if (events.interval) events.interval({position_.step, done.mean_loss(), done.accuracy(), rate});
  }

  bool end_epoch(epoch_report& report, double rate, const trainer_events& events) {
    bool stopped = false;
    const classification_metrics held_out =
        evaluate(training_.model(), held_out_, options_.pixels, [&](int done) {
          if (events.validating) events.validating(done, held_out_.count);
          stopped = events.stop && events.stop();
          return !stopped;
        });
    if (stopped) return false;  // the epoch's last batch is done: resuming validates again
    require_finite(held_out.loss(), "validation loss", rate);
    const bool none = held_out.count() == 0;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    report.epoch = position_.epoch + 1;
    report.step = position_.step;
    report.loss = position_.so_far.mean_loss();
    report.accuracy = position_.so_far.accuracy();
    report.validation_loss = none ? nan : held_out.loss();
    report.validation_top1 = none ? nan : held_out.top(1);
    report.learning_rate = rate;
    const double top1 = none ? report.accuracy : held_out.top(1);
    const double loss = none ? report.loss : held_out.loss();
    report.best =
        top1 > position_.best_top1 || (top1 >= position_.best_top1 && loss < position_.best_loss);
    if (report.best) {
      position_.best_top1 = top1;
      position_.best_loss = loss;
      position_.best_epoch = report.epoch;
    }
    schedule_.epoch_ended(loss);
    position_.schedule = schedule_.state();
    ++position_.epoch;
    position_.batch = 0;
    position_.so_far = {};
    position_.interval = {};  // not empty where the run was resumed with other batches
    if (events.epoch) events.epoch(report);
    return true;
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
  labelled_images_view held_out_;
  trainer_options options_;
  Loader source_;
  Schedule schedule_;
  position position_;
};

}  // namespace tnn
