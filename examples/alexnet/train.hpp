#pragma once
// alexnet train. Everything that can be refused is refused before the first step: the folder, the
// data, a checkpoint of another run. A checkpoint that is good is only replaced by one that is good
// too; otherwise it stays beside it, for those who want to go back and go on at another rate.
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>
#include <tnn/io/checkpoint.hpp>
#include <tnn/train.hpp>

#include "images.hpp"
#include "interrupt.hpp"
#include "memory.hpp"
#include "progress.hpp"
#include "report_on.hpp"
#include "run.hpp"
#include "run_folder.hpp"
#include "run_identity.hpp"
#include "weights_note.hpp"

namespace program {

inline nlohmann::ordered_json number_or_null(double x) {
  return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json(nullptr);
}

template <class Net, class Backend>
class training_run {
  using model_type = tnn::Model<Net, Backend>;
  using clock = std::chrono::steady_clock;
  /// A mean loss above it says that the weights are ruined: twice ln(classes), which guessing has.
  static constexpr double highest_good_loss = 2 * tnn::math::log(double{model_type::output_size});
  static constexpr std::int64_t parameter_bytes = sizeof(float) * tnn::parameter_count<Net>;

 public:
  training_run(Backend backend, train_options options)
      : folder_(options.out, beginning_of(options)),
        checkpoint_(opened(options, folder_)),
        options_(std::move(options)),
        data_(open_training_data(options_)),
        asked_(run_identity(options_, data_)) {
    if (checkpoint_ && !options_.override_run) require_run_of(*checkpoint_, asked_);
    folder_.require_space(2 * parameter_bytes);
    const int capacity = std::min(options_.batch, 64);  // of validation
    memory_ =
        tnn::training_bytes<Net, Backend>(training_options(), backend.thread_count()).total() +
        tnn::bytes_of<Net, Backend>(capacity, tnn::mode::infer, backend.thread_count()).total() -
        parameter_bytes;  // training and validation share the weights
    require_memory(backend, memory_, options_.batch);
    // Steps that follow from a seed start from weights that follow from it too.
    model_.emplace(std::move(backend),
                   tnn::ModelOptions{.capacity = capacity, .seed = options_.seed});
    if (!options_.from.empty()) tnn::load(*model_, options_.from, {.except = options_.except});
    training_.emplace(
        *model_, training_options(),
        tnn::CrossEntropyLoss{.label_smoothing = options_.label_smoothing},
        tnn::SGD{.momentum = options_.momentum, .weight_decay = options_.weight_decay});
    trainer_.emplace(*training_, data_.changed, data_.held_out, trainer_options());
    if (checkpoint_) {
      tnn::RunPosition at = tnn::load_checkpoint(*training_, *checkpoint_);
      // best.safetensors may be of an epoch after the checkpoint that is gone back to: it stays
      // until there is a better one.
      if (options_.previous)
        at.best_accuracy = std::max(at.best_accuracy, origin_of(folder_.best()).top1.value_or(-1));
      trainer_->restore(options_.override_run ? overridden(at) : at);
      checkpoint_.reset();  // held open, it would keep its place on the disk when it is replaced
      if (options_.previous) folder_.go_back();
      folder_.rewind(at.epoch, at.step);
      // A run that ended between the two files of an epoch.
      if (at.batch == 0 && at.best_epoch == at.epoch &&
          origin_of(folder_.best()).step.value_or(-1) < at.step)
        save_best();
      last_is_good_ = !folder_.has_previous() && loss_of_weights() < highest_good_loss;
    }
  }

  /// The exit status: 0, or by custom 128 and the number of the signal that ended the run.
  int run() {
    catch_interrupts();
    try {
      const int status = trained();
      if (options_.live) write_report(false);
      return status;
    } catch (const tnn::divergence& failure) {
      if (options_.live) write_report(false);
      throw tnn::error(std::string(failure.what()) + remedy());
    }
  }

 private:
  int trained() {
    announce();
    folder_.add_call(present_call(options_, asked_, model_->backend().thread_count()));
    began_ = last_saved_ = clock::now();
    tnn::TrainerEvents events;
    events.interval = [&](const tnn::IntervalReport& r) { interval(r); };
    events.step = [&](const tnn::StepReport& r) { step(r); };
    events.epoch = [&](const tnn::EpochReport& r) { epoch(r); };
    events.validating = [&](std::int64_t done, std::int64_t of) {
      progress_.show("validation", done, of, "images");
    };
    events.stop = [&] {
      out_of_time_ = options_.minutes > 0 && seconds_since(began_) >= options_.minutes * 60;
      return out_of_time_ || interrupted() != 0;
    };
    pace_.start();
    if (options_.live) write_report(true);
    if (trainer_->run(options_.epochs, events)) {
      progress_.say(fmt::format("done after epoch {}; {}", trainer_->where().epoch, files()));
      return 0;
    }
    stopped();
    return interrupted() != 0 ? 128 + interrupted() : 0;
  }

  static beginning beginning_of(const train_options& options) {
    if (!options.resume) return beginning::anew;
    return options.previous ? beginning::from_previous : beginning::from_last;
  }

  static std::optional<tnn::SafetensorsFile> opened(train_options& options,
                                                    const run_folder& folder) {
    std::optional<tnn::SafetensorsFile> file;
    if (options.resume) {
      file.emplace(options.previous ? folder.previous() : folder.last());
      tnn::require_checkpoint(*file);
      adopt_run_options(options, *file);
      require_same_images(options, *file);
    }
    settle_epochs(options);
    return file;
  }

  tnn::TrainingOptions training_options() const {
    return {.capacity = options_.batch, .micro_batch = options_.micro_batch};
  }
  tnn::TrainerOptions trainer_options() const {
    return {.schedule = options_.schedule, .loader_threads = options_.loader_threads};
  }

  /// Where another run's position lies in this one. A new --lr begins with it; otherwise the
  /// schedule's rate goes on. An epoch in progress goes on after as many images as it has seen.
  tnn::RunPosition overridden(tnn::RunPosition at) const {
    const auto was = checkpoint_->metadata().find("run.lr");
    if (was == checkpoint_->metadata().end() || was->second != asked_.at("lr"))
      at.schedule.rate = options_.schedule.rate;
    at.batch =
        std::min((at.so_far.count + options_.batch - 1) / options_.batch, trainer_->batches());
    return at;
  }

  void announce() {
    const tnn::RunPosition& at = trainer_->where();
    progress_.say(fmt::format("AlexNet, {} parameters, on {}: {} training and {} validation images",
                              tnn::parameter_count<Net>, data_.name, data_.plain.size(),
                              data_.held_out.size()));
    const int threads = model_->backend().thread_count();
    progress_.say(fmt::format(
        "batch {}, learning rate {:g}, {} thread{}, seed {}, {}, {} MB by the memory plan",
        options_.batch, trainer_->rate(), threads, threads == 1 ? "" : "s", options_.seed,
        name_of(options_.precision), memory_ / 1'000'000));
    if (at.step > 0)
      progress_.say(fmt::format("going on in epoch {}, after {} of {} batches", at.epoch + 1,
                                at.batch, trainer_->batches()));
    if (folder_.has_previous())
      progress_.say(
          "previous.safetensors, from before the loss grew, is kept: --resume --previous "
          "goes back to it");
    if (at.epoch >= options_.epochs)
      progress_.say(fmt::format("epoch {} is done already; --epochs {} asks for no more", at.epoch,
                                options_.epochs));
  }

  void interval(const tnn::IntervalReport& r) {
    folder_.add_step({{"step", r.step},
                      {"loss", r.loss},
                      {"accuracy", r.accuracy},
                      {"learning_rate", r.learning_rate}});
    worst_loss_ = std::max(worst_loss_, r.loss);
  }

  void step(const tnn::StepReport& r) {
    pace_.add(r.result.count);
    progress_.show(
        epoch_name(r.epoch), r.batch, r.batches,
        fmt::format("loss {:.3f}, accuracy {:.1f}%, {:.1f} images/s, {} left", r.epoch_loss,
                    100 * r.epoch_accuracy, pace_.images_per_second(), clock_text(seconds_left())));
    if (seconds_since(last_saved_) > options_.save_minutes * 60) save();
  }

  static double seconds_since(clock::time_point then) {
    return std::chrono::duration<double>(clock::now() - then).count();
  }

  /// Of the whole run, validation not counted.
  double seconds_left() const {
    if (options_.minutes > 0) return options_.minutes * 60 - seconds_since(began_);
    const tnn::RunPosition& at = trainer_->where();
    return pace_.seconds_for((options_.epochs - at.epoch) * data_.plain.size() - at.so_far.count);
  }

  std::string epoch_name(std::int64_t epoch) const {
    return options_.minutes > 0 ? fmt::format("epoch {}", epoch)
                                : fmt::format("epoch {}/{}", epoch, options_.epochs);
  }

  void epoch(const tnn::EpochReport& r) {
    folder_.add_epoch({{"epoch", r.epoch},
                       {"step", r.step},
                       {"loss", r.loss},
                       {"accuracy", r.accuracy},
                       {"validation_loss", number_or_null(r.validation_loss)},
                       {"validation_top1", number_or_null(r.validation_accuracy)},
                       {"learning_rate", r.learning_rate},
                       {"images_per_second", r.samples_per_second},
                       {"seconds", r.seconds},
                       {"loader_wait_seconds", r.loader_wait_seconds}});
    // In this order whatever ends the run between them leaves what --resume can complete.
    save(r.best);
    if (r.best) save_best();
    const std::string held_out = std::isfinite(r.validation_loss)
                                     ? fmt::format("  validation loss {:.4f}, top-1 {:.2f}%",
                                                   r.validation_loss, 100 * r.validation_accuracy)
                                     : "";
    progress_.say(fmt::format("{}: loss {:.4f}, accuracy {:.2f}%{}  rate {:g}  {:.1f} images/s{}",
                              epoch_name(r.epoch), r.loss, 100 * r.accuracy, held_out,
                              r.learning_rate, r.samples_per_second, r.best ? "  (best)" : ""));
    if (options_.live) write_report(true);
    pace_.start();
  }

  /// report.html, as the run stands. That it cannot be written does not end the run.
  void write_report(bool goes_on) {
    try {
      report_data r = logged<Net>(folder_.metrics(), folder_.steps(), folder_.calls());
      r.data = data_.name;
      r.classes = data_.class_names;
      r.folder = folder_.path().string();
      r.options = asked_;
      r.live = goes_on;
      add_filters(r, *model_);
      tnn::write_file_atomically(folder_.report(), report_page(r));
    } catch (const tnn::error& failure) {
      progress_.say(fmt::format("report.html stays as it was: {}", failure.what()));
    }
  }

  /// Of the weights as they are, on some of the images that they are trained on: the last step's
  /// loss is of the weights before it.
  double loss_of_weights() {
    return tnn::evaluate(*model_, data_.plain.some(model_->capacity())).loss();
  }

  /// Writes the checkpoint. `best`: an epoch has just ended, and with the best weights so far.
  void save(bool best = false) {
    const double loss = loss_of_weights();
    if (!std::isfinite(loss))
      throw tnn::divergence(
          fmt::format("the loss of the weights is {} after step {}, with learning "
                      "rate {:g}: the training has diverged",
                      std::abs(loss), trainer_->where().step, trainer_->rate()));
    const double worst = std::max({loss, worst_loss_, trainer_->where().interval.mean_loss()});
    const bool good = worst < highest_good_loss;
    if (!good && last_is_good_) {
      folder_.keep_last();
      progress_.say(fmt::format(
          "the loss has been {:.3g}, more than twice that of guessing: the checkpoint from before "
          "stays, as previous.safetensors",
          worst));
    }
    tnn::save_checkpoint(*training_, trainer_->where(), asked_, folder_.last());
    // Weights that answer the same to everything have the loss of guessing: beside a checkpoint
    // from before a divergence, a later one must have proved itself.
    last_is_good_ = good && (best || !folder_.has_previous());
    if (last_is_good_) folder_.drop_previous();
    worst_loss_ = 0;
    last_saved_ = clock::now();
  }

  void save_best() {
    const tnn::RunPosition& at = trainer_->where();
    tnn::save(*model_, folder_.best(), origin_metadata(at, validated(at), asked_));
  }

  /// The validation's top-1 of the present weights, where they are those of the best epoch.
  std::optional<double> validated(const tnn::RunPosition& at) const {
    if (data_.held_out.size() == 0 || at.batch != 0 || at.best_epoch != at.epoch)
      return std::nullopt;
    return at.best_accuracy;
  }

  void stopped() {
    save();
    const tnn::RunPosition& at = trainer_->where();
    // There is a best after the first whole epoch; until then it is what there is.
    if (at.best_accuracy < 0 || !folder_.has_best()) save_best();
    progress_.say(fmt::format(
        "{} in epoch {}, after batch {} of {}: loss {:.4f}, accuracy {:.2f}% over this epoch so "
        "far",
        out_of_time_ ? "time is up" : "stopped", at.epoch + 1, at.batch, trainer_->batches(),
        at.so_far.mean_loss(), 100 * at.so_far.accuracy()));
    progress_.say(fmt::format("{}; --resume goes on from here", files()));
  }

  std::string files() const {
    const weights_origin best = origin_of(folder_.best());
    return fmt::format(
        "in {}: best.safetensors (weights {}), last.safetensors (checkpoint){}",
        tnn::detail::printable_path(folder_.path()),
        best.top1 ? fmt::format("after step {}", best.step.value_or(0)) : "so far, never validated",
        folder_.has_previous()
            ? ", previous.safetensors (the checkpoint from before the loss grew; "
              "--resume --previous goes back to it)"
            : "");
  }

  /// What to do after a divergence, by what there is to go on from.
  std::string remedy() const {
    const double rate = std::max(options_.schedule.floor, std::min(train_options{}.schedule.rate,
                                                                   options_.schedule.rate / 10));
    if (folder_.has_previous())
      return fmt::format(
          "; the same command with --resume --previous --override --lr {:g} goes on "
          "from previous.safetensors, the checkpoint from before the loss grew",
          rate);
    if (last_is_good_)
      return fmt::format(
          "; the same command with --resume --override --lr {:g} goes on from "
          "last.safetensors, whose loss is good",
          rate);
    return fmt::format("; there is no checkpoint from before: begin anew with --lr {:g}{}", rate,
                       folder_.has_last() ? " and another --out" : "");
  }

  run_folder folder_;
  std::optional<tnn::SafetensorsFile> checkpoint_;
  train_options options_;
  training_data data_;
  tnn::RunOptions asked_;
  std::optional<model_type> model_;
  std::optional<tnn::Training<model_type>> training_;
  std::optional<tnn::Trainer<tnn::Training<model_type>, image_set>> trainer_;
  progress progress_{when_unread::go_on};
  pace pace_;
  clock::time_point began_{}, last_saved_{};
  std::int64_t memory_ = 0;    ///< bytes, by the plan
  double worst_loss_ = 0;      ///< of the intervals since the last checkpoint
  bool last_is_good_ = false;  ///< last.safetensors is there, and losses speak for it
  bool out_of_time_ = false;
};

}  // namespace program
