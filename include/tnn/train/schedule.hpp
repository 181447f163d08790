#pragma once
// The learning rate from step to step, as torch.optim.lr_scheduler has it:
//   constant
//   step        StepLR, by epochs
//   plateau     ReduceLROnPlateau (mode min, relative threshold), by epochs: a loss counts as
//               better if below best * (1 - threshold)
//   cosine      CosineAnnealingLR, by steps: floor + (rate - floor) (1 + cos(pi t / T)) / 2
//   one_cycle   OneCycleLR, by steps: half a cosine up from rate / 25 to rate in 0.3 of the steps,
//               and half a cosine down to rate / 25 / 10000; the momentum stays
// All but one_cycle may follow a warm-up, LinearLR: the rate's factor rises from warm_up_start to 1
// in the first warm_up steps. For cosine t counts from there, as SequentialLR has it.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>

namespace tnn {

enum class ScheduleKind { constant, step, plateau, cosine, one_cycle };

struct ScheduleOptions {
  ScheduleKind kind = ScheduleKind::constant;
  double rate = 0;      ///< at the start; one_cycle: the highest; 0: a Trainer asks the optimizer
  double factor = 0.1;  ///< step, plateau: the rate is multiplied by it
  int every = 10;       ///< step: epochs between reductions
  int patience = 2;     ///< plateau: epochs without a better loss that are let pass
  double threshold = 1e-4;   ///< plateau: relative
  double floor = 0;          ///< the rate never goes below it, but in a warm-up and one_cycle
  std::int64_t warm_up = 0;  ///< steps
  double warm_up_start = 1.0 / 3;
  int epochs = 0;             ///< cosine, one_cycle: of the whole run
  double rise = 0.3;          ///< one_cycle: the share of the steps in which the rate rises
  double start_divisor = 25;  ///< one_cycle: it begins with rate / start_divisor
  double end_divisor = 1e4;   ///< one_cycle: and ends with that / end_divisor
};

/// What a schedule remembers; a checkpoint holds it.
struct ScheduleState {
  double rate = 0;  ///< of constant, step and plateau, a warm-up aside
  double best = std::numeric_limits<double>::infinity();
  std::int64_t epochs = 0;
  std::int64_t bad_epochs = 0;
};

class Schedule {
 public:
  /// steps_per_epoch turns options.epochs into steps.
  explicit Schedule(const ScheduleOptions& options, std::int64_t steps_per_epoch = 1)
      : options_(options), steps_(options.epochs * steps_per_epoch) {
    const auto require = [](bool good, const std::string& what, const std::string& found) {
      if (!good) throw error(what + ", not " + found);
    };
    require(options.rate > 0 && options.rate < 1e6, "the learning rate must be positive",
            detail::exact(options.rate));
    require(options.factor > 0 && options.factor < 1, "the schedule's factor must be in (0, 1)",
            detail::exact(options.factor));
    require(options.every >= 1, "the schedule's step must be at least 1 epoch",
            std::to_string(options.every));
    require(options.patience >= 0, "the schedule's patience must be 0 or more epochs",
            std::to_string(options.patience));
    require(options.threshold >= 0 && options.threshold < 1,
            "the schedule's threshold must be in [0, 1)", detail::exact(options.threshold));
    require(options.floor >= 0 && options.floor <= options.rate,
            "the schedule's floor must be between 0 and the learning rate",
            detail::exact(options.floor));
    require(options.warm_up >= 0, "the schedule's warm-up must be 0 or more steps",
            std::to_string(options.warm_up));
    require(options.warm_up_start > 0 && options.warm_up_start <= 1,
            "the warm-up must start with a factor in (0, 1]", detail::exact(options.warm_up_start));
    if (by_steps()) {
      require(options.epochs >= 1, "a cosine or one-cycle schedule must know the run's epochs",
              std::to_string(options.epochs));
      require(options.warm_up < steps_,
              "the warm-up must be shorter than the run's " + std::to_string(steps_) + " steps",
              std::to_string(options.warm_up));
    }
    if (options.kind == ScheduleKind::one_cycle) {
      require(options.warm_up == 0,
              "a one-cycle schedule has a rise of its own: its warm-up must be 0",
              std::to_string(options.warm_up));
      require(options.rise > 0 && options.rise < 1, "the one-cycle's rise must be in (0, 1)",
              detail::exact(options.rise));
      require(options.start_divisor >= 1, "the one-cycle's start_divisor must be at least 1",
              detail::exact(options.start_divisor));
      require(options.end_divisor >= 1, "the one-cycle's end_divisor must be at least 1",
              detail::exact(options.end_divisor));
    }
    state_.rate = options.rate;
  }

  /// Of step number `step`, from 0. Past the run's last step it stays as it is there.
  [[nodiscard]] double rate(std::int64_t step) const {
    if (options_.kind == ScheduleKind::one_cycle) return one_cycle(std::min(step, steps_ - 1));
    if (step < options_.warm_up)
      return state_.rate *
             (options_.warm_up_start + (1 - options_.warm_up_start) * static_cast<double>(step) /
                                           static_cast<double>(options_.warm_up));
    if (options_.kind == ScheduleKind::cosine)
      return half_cosine(options_.rate, options_.floor,
                         static_cast<double>(std::min(step, steps_) - options_.warm_up) /
                             static_cast<double>(steps_ - options_.warm_up));
    return state_.rate;
  }

  /// An epoch has ended with this validation loss (or training loss, where nothing is held out).
  void epoch_ended(double loss) {
    ++state_.epochs;
    bool reduce = false;
    if (options_.kind == ScheduleKind::step) {
      reduce = state_.epochs % options_.every == 0;
    } else if (options_.kind == ScheduleKind::plateau) {
      if (loss < state_.best * (1 - options_.threshold)) {
        state_.best = loss;
        state_.bad_epochs = 0;
      } else if (++state_.bad_epochs > options_.patience) {
        reduce = true;
        state_.bad_epochs = 0;
      }
    }
    if (!reduce) return;
    const double next = state_.rate * options_.factor;
    state_.rate = next > options_.floor ? next : options_.floor;
  }

  /// tnn::error where cosine and one-cycle, which end with a run, were told of a shorter one.
  void require_epochs(std::int64_t epochs) const {
    if (by_steps() && epochs > options_.epochs)
      throw error("the schedule ends after " + std::to_string(options_.epochs) + " epochs, but " +
                  std::to_string(epochs) + " are to be run: ScheduleOptions::epochs says how many");
  }

  [[nodiscard]] const ScheduleState& state() const { return state_; }
  void restore(const ScheduleState& state) { state_ = state; }

 private:
  [[nodiscard]] bool by_steps() const {
    return options_.kind == ScheduleKind::cosine || options_.kind == ScheduleKind::one_cycle;
  }
  /// From `from` to `to` as `part` goes from 0 to 1.
  static double half_cosine(double from, double to, double part) {
    return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * part));
  }
  [[nodiscard]] double one_cycle(std::int64_t step) const {
    const double lowest = options_.rate / options_.start_divisor;
    const double summit =
        options_.rise * static_cast<double>(steps_) - 1;  // a step, or between two
    const auto at = static_cast<double>(step), end = static_cast<double>(steps_ - 1);
    if (at <= summit) return half_cosine(lowest, options_.rate, summit > 0 ? at / summit : 1);
    return half_cosine(options_.rate, lowest / options_.end_divisor,
                       (at - summit) / (end - summit));
  }

  ScheduleOptions options_;
  std::int64_t steps_;  ///< of the whole run
  ScheduleState state_;
};

}  // namespace tnn
