#pragma once
// alexnet train. Everything that can be refused is refused before the first step: the folder, the
// data, a checkpoint of another run.
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include <tnn/alexnet.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/io/checkpoint.hpp>
#include <tnn/train.hpp>

#include "interrupt.hpp"
#include "memory.hpp"
#include "progress.hpp"
#include "run.hpp"
#include "run_folder.hpp"
#include "run_identity.hpp"

namespace program {

using Net = tnn::AlexNet<>;

inline nlohmann::ordered_json number_or_null(double x) {
  return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json(nullptr);
}

template <class Backend>
class training_run {
  using model_type = tnn::Model<Net, Backend>;
  using clock = std::chrono::steady_clock;
  static constexpr int steps_a_line = 10;
  static constexpr std::int64_t parameter_bytes = sizeof(float) * tnn::parameter_count<Net>;

 public:
  training_run(Backend backend, train_options options)
      : folder_(options.out, options.resume),
        checkpoint_(opened(options, folder_)),
        options_(std::move(options)),
        data_(tnn::fashion_mnist(options_.data, tnn::split::train)),
        held_out_(checked_split(options_, data_)),
        asked_(run_identity(options_, data_)) {
    if (checkpoint_ && !options_.override_run) tnn::require_same_run(*checkpoint_, asked_);
    folder_.require_space(2 * parameter_bytes);
    const int capacity = std::min(options_.batch, 64);  // of validation
    memory_ =
        tnn::bytes_of<Net, Backend>(options_.batch, tnn::mode::train, backend.thread_count())
            .total() +
        tnn::bytes_of<Net, Backend>(capacity, tnn::mode::infer, backend.thread_count()).total() -
        parameter_bytes;  // training and validation share the weights
    require_memory(backend, memory_, options_.batch);
    // Steps that follow from a seed start from weights that follow from it too.
    model_.emplace(std::move(backend),
                   tnn::model_options{.capacity = capacity, .seed = options_.seed});
    training_.emplace(*model_, tnn::training_options{options_.batch, options_.seed});
    trainer_.emplace(*training_, images().first(images().count - held_out_),
                     images().last(held_out_), trainer_options());
    if (checkpoint_) {
      const tnn::position at = tnn::load_checkpoint(*training_, *checkpoint_);
      trainer_->restore(options_.override_run ? overridden(at) : at);
      folder_.rewind(at.epoch, at.step);
    }
  }

  void run() {
    announce();
    catch_interrupts();
    began_ = last_saved_ = clock::now();
    tnn::trainer_events events;
    events.step = [&](const tnn::step_report& r) { step(r); };
    events.epoch = [&](const tnn::epoch_report& r) { epoch(r); };
    events.validating = [&](int done, int of) { progress_.show("validation", done, of, "images"); };
    events.stop = [&] {
      out_of_time_ = options_.minutes > 0 && seconds_since(began_) >= options_.minutes * 60;
      return out_of_time_ || interrupted();
    };
    pace_.start();
    if (trainer_->run(options_.epochs, events)) {
      progress_.say(fmt::format("done after epoch {}; {}", trainer_->where().epoch, files()));
    } else {
      stopped();
    }
  }

 private:
  static std::optional<tnn::safetensors_file> opened(train_options& options,
                                                     const run_folder& folder) {
    if (!options.resume) return std::nullopt;
    tnn::safetensors_file file(folder.last());
    tnn::require_checkpoint(file);
    adopt_run_options(options, file);
    return file;
  }

  tnn::labelled_images_view images() const {
    return options_.limit > 0 ? data_.first(options_.limit) : data_.view();
  }

  tnn::trainer_options trainer_options() const {
    tnn::trainer_options o;
    o.batch = options_.batch;
    o.seed = options_.seed;
    o.momentum = options_.momentum;
    o.weight_decay = options_.weight_decay;
    o.schedule = options_.schedule;
    o.pixels = {options_.mean, options_.deviation};
    return o;
  }

  /// Where another run's position lies in this one. A new --lr begins with it; otherwise the
  /// schedule's rate goes on. An epoch in progress goes on after as many images as it has seen.
  tnn::position overridden(tnn::position at) const {
    const auto was = checkpoint_->metadata().find("run.lr");
    if (was == checkpoint_->metadata().end() || was->second != asked_.at("lr"))
      at.schedule.rate = options_.schedule.rate;
    at.batch = std::min((at.count + options_.batch - 1) / options_.batch, trainer_->batches());
    return at;
  }

  void announce() {
    const tnn::position& at = trainer_->where();
    progress_.say(fmt::format("AlexNet, {} parameters, on {}: {} training and {} validation images",
                              tnn::parameter_count<Net>, data_.name(), images().count - held_out_,
                              held_out_));
    const int threads = model_->backend().thread_count();
    progress_.say(fmt::format(
        "batch {}, learning rate {:g}, {} thread{}, seed {}, {}, {} MB by the memory plan",
        options_.batch, trainer_->rate(), threads, threads == 1 ? "" : "s", options_.seed,
        name_of(options_.precision), memory_ / 1'000'000));
    if (at.step > 0)
      progress_.say(fmt::format("going on in epoch {}, after {} of {} batches", at.epoch + 1,
                                at.batch, trainer_->batches()));
    if (at.epoch >= options_.epochs)
      progress_.say(fmt::format("epoch {} is done already; --epochs {} asks for no more", at.epoch,
                                options_.epochs));
  }

  void step(const tnn::step_report& r) {
    pace_.add(r.result.count);
    progress_.show(
        epoch_name(r.epoch), r.batch, r.batches,
        fmt::format("loss {:.3f}, accuracy {:.1f}%, {:.1f} images/s, {} left", r.epoch_loss,
                    100 * r.epoch_accuracy, pace_.images_per_second(), clock_text(seconds_left())));
    recent_.loss += r.result.loss;
    recent_.right += r.result.right;
    recent_.count += r.result.count;
    if (r.step % steps_a_line == 0 || r.batch == r.batches) {
      folder_.add_step({{"step", r.step},
                        {"loss", recent_.mean_loss()},
                        {"accuracy", recent_.accuracy()},
                        {"learning_rate", r.learning_rate}});
      recent_ = {};
    }
    if (seconds_since(last_saved_) > options_.save_minutes * 60) save();
  }

  static double seconds_since(clock::time_point then) {
    return std::chrono::duration<double>(clock::now() - then).count();
  }

  /// Of the whole run, validation not counted.
  double seconds_left() const {
    if (options_.minutes > 0) return options_.minutes * 60 - seconds_since(began_);
    const tnn::position& at = trainer_->where();
    return pace_.seconds_for((options_.epochs - at.epoch) * (images().count - held_out_) -
                             at.count);
  }

  std::string epoch_name(std::int64_t epoch) const {
    return options_.minutes > 0 ? fmt::format("epoch {}", epoch)
                                : fmt::format("epoch {}/{}", epoch, options_.epochs);
  }

  void epoch(const tnn::epoch_report& r) {
    if (r.best) tnn::save(*model_, folder_.best());
    folder_.add_epoch({{"epoch", r.epoch},
                       {"step", r.step},
                       {"loss", r.loss},
                       {"accuracy", r.accuracy},
                       {"validation_loss", number_or_null(r.validation_loss)},
                       {"validation_top1", number_or_null(r.validation_top1)},
                       {"learning_rate", r.learning_rate},
                       {"images_per_second", r.images_per_second},
                       {"seconds", r.seconds},
                       {"loader_wait_seconds", r.loader_wait_seconds}});
    save();
    const std::string held_out = std::isfinite(r.validation_loss)
                                     ? fmt::format("  validation loss {:.4f}, top-1 {:.2f}%",
                                                   r.validation_loss, 100 * r.validation_top1)
                                     : "";
    progress_.say(fmt::format("{}: loss {:.4f}, accuracy {:.2f}%{}  rate {:g}  {:.1f} images/s{}",
                              epoch_name(r.epoch), r.loss, 100 * r.accuracy, held_out,
                              r.learning_rate, r.images_per_second, r.best ? "  (best)" : ""));
    pace_.start();
  }

  void save() {
    tnn::save_checkpoint(*training_, trainer_->where(), asked_, folder_.last());
    last_saved_ = clock::now();
  }

  void stopped() {
    save();
    // There is a best after the first whole epoch; until then it is what there is.
    if (!std::filesystem::exists(folder_.best())) tnn::save(*model_, folder_.best());
    const tnn::position& at = trainer_->where();
    progress_.say(fmt::format(
        "{} in epoch {}, after batch {} of {}: loss {:.4f}, accuracy {:.2f}% over this epoch so "
        "far",
        out_of_time_ ? "time is up" : "stopped", at.epoch + 1, at.batch, trainer_->batches(),
        at.count > 0 ? at.loss_sum / static_cast<double>(at.count) : 0.0,
        at.count > 0 ? 100 * static_cast<double>(at.right) / static_cast<double>(at.count) : 0.0));
    progress_.say(fmt::format("{}; --resume goes on from here", files()));
  }

  std::string files() const {
    return fmt::format("in {}: best.safetensors (weights), last.safetensors (checkpoint)",
                       tnn::detail::printable_path(options_.out));
  }

  run_folder folder_;
  std::optional<tnn::safetensors_file> checkpoint_;
  train_options options_;
  tnn::labelled_images data_;
  int held_out_;
  tnn::run_options asked_;
  std::optional<model_type> model_;
  std::optional<tnn::Training<model_type>> training_;
  std::optional<tnn::Trainer<model_type>> trainer_;
  progress progress_;
  pace pace_;
  tnn::batch_result recent_;
  clock::time_point began_{}, last_saved_{};
  std::int64_t memory_ = 0;  ///< bytes, by the plan
  bool out_of_time_ = false;
};

}  // namespace program
