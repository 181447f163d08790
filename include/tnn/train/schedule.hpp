#pragma once
// The learning rate from epoch to epoch: constant, a step every so many epochs, or reduced when the
// validation loss stops falling, as torch.optim.lr_scheduler.ReduceLROnPlateau does (mode min,
// relative threshold): a loss counts as better if below best * (1 - threshold).
#include <cstdint>
#include <limits>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/core/exact.hpp>

namespace tnn {

enum class schedule_kind { constant, step, plateau };

struct schedule_options {
  schedule_kind kind = schedule_kind::constant;
  double rate = 0.01;       ///< at the start
  double factor = 0.1;      ///< the rate is multiplied by it
  int every = 10;           ///< step: epochs between reductions
  int patience = 2;         ///< plateau: epochs without a better loss that are let pass
  double threshold = 1e-4;  ///< plateau: relative
  double floor = 0;         ///< the rate never goes below it
};

/// What a schedule remembers; a checkpoint holds it.
struct schedule_state {
  double rate = 0;
  double best = std::numeric_limits<double>::infinity();
  std::int64_t epochs = 0;
  std::int64_t bad_epochs = 0;
};

class schedule {
 public:
  explicit schedule(const schedule_options& options) : options_(options) {
    const auto require = [](bool good, const char* what, const std::string& found) {
      if (!good) throw error(std::string(what) + ", not " + found);
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
    state_.rate = options.rate;
  }

  [[nodiscard]] double rate() const { return state_.rate; }

  /// An epoch has ended with this validation loss (or training loss, where nothing is held out).
  void epoch_ended(double loss) {
    ++state_.epochs;
    bool reduce = false;
    if (options_.kind == schedule_kind::step) {
      reduce = state_.epochs % options_.every == 0;
    } else if (options_.kind == schedule_kind::plateau) {
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

  [[nodiscard]] const schedule_state& state() const { return state_; }
  void restore(const schedule_state& state) { state_ = state; }

 private:
  schedule_options options_;
  schedule_state state_;
};

}  // namespace tnn
