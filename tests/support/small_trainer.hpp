#pragma once
// A small net, its data and all that a run of the training loop on them owns.
#include <tnn/cpu.hpp>
#include <tnn/train/trainer.hpp>

#include "support/small_run.hpp"

using model_type = tnn::Model<small_net, tnn::Cpu>;

inline const tnn::LabelledImages images = quarters(47);
using Data = tnn::ResizedImages;
inline constexpr int last_images = 10;  // 37 to train on: four batches of 8 and one of 5

inline const tnn::TrainerOptions plateau{
    .batch = 8,
    .seed = 5,
    .schedule = {.kind = tnn::ScheduleKind::plateau, .rate = 0.05, .factor = 0.5, .patience = 0}};

inline const tnn::SGD heavy{.momentum = 0.9, .weight_decay = 1e-3};

// Everything that a run owns.
struct run {
  explicit run(int threads = 1, const tnn::TrainerOptions& options = plateau,
               int validation = last_images, const tnn::Initialisation& how = {},
               const tnn::SGD& sgd = heavy)
      : model(tnn::Cpu{.threads = threads}, {.capacity = 4, .seed = 5, .initialise = how}),
        training(model, {.capacity = options.batch, .seed = options.seed}, {}, sgd),
        trainer(training, small(images.first(images.size() - validation)),
                small(images.last(validation)), options) {}

  model_type model;
  tnn::Training<model_type> training;
  tnn::Trainer<tnn::Training<model_type>, Data> trainer;
};
