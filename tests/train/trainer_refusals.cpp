// What the training loop refuses, before its first step or of another run.
#include <cmath>

#include <tnn/data/samples.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/small_trainer.hpp"

TEST_CASE("what cannot be trained is refused before the first step") {
  const auto with = [](auto change) {
    return [change] {
      tnn::TrainerOptions options = plateau;
      change(options);
      run r(1, options);
    };
  };
  CHECK(error_text(with([](auto&) {})) == "no error");
  CHECK(refuses(with([](auto& o) { o.schedule.rate = -1; }), "learning rate"));
  for (const double momentum : {-0.1, 1.0, double(NAN)})
    CHECK(refuses([=] { run r(1, plateau, last_images, {}, {.momentum = momentum}); },
                  "the momentum is", "[0, 1)"));
  for (const double decay : {-0.1, double(NAN), double(INFINITY)})
    CHECK(refuses([=] { run r(1, plateau, last_images, {}, {.weight_decay = decay}); },
                  "the weight decay is"));
  CHECK(refuses(with([](auto& o) { o.interval = 0; }), "the interval is 0 steps"));
  CHECK(refuses([] { run r(1, plateau, 47); }, "no samples to train on"));

  run r;
  tnn::TrainerOptions large = plateau;
  large.batch = 9;
  CHECK(refuses([&] { tnn::Trainer t(r.training, small(images), large); }, "the batch is 9",
                "capacity 8"));
  const tnn::LabelledImages five("five", 1, 1, 1, 5, {0}, {4});
  CHECK(refuses([&] { tnn::Trainer t(r.training, small(five), plateau); }, "5 classes",
                "the network 4"));
  CHECK(refuses([&] { tnn::Trainer t(r.training, images, plateau); }, "the samples are 1 x 9 x 7",
                "the network's Input 1 x 12 x 12"));
  CHECK(refuses([&] { tnn::Trainer t(r.training, small(images), images.first(0), plateau); },
                "the samples are 1 x 9 x 7"));
}

TEST_CASE("a position of another run is refused, and the trainer stays where it was") {
  run r;
  tnn::RunPosition at = r.trainer.where();
  at.step = 7;
  at.batch = 6;
  CHECK(refuses([&] { r.trainer.restore(at); }, "after batch 6", "have 5 batches"));
  at.batch = 5;
  for (const double rate : {-1.0, double(NAN), double(INFINITY)}) {
    at.schedule.rate = rate;
    CHECK(refuses([&] { r.trainer.restore(at); }, "the learning rate"));
  }
  at = r.trainer.where();
  at.step = -1;
  CHECK(refuses([&] { r.trainer.restore(at); }, "at step -1 of epoch 0"));
  at = r.trainer.where();
  at.batch = 3;
  at.so_far.count = 12;
  CHECK(refuses([&] { r.trainer.restore(at); }, "12 samples of its epoch in 3 batches", "of 8"));
  at = r.trainer.where();
  at.so_far.count = 8;
  at.interval = {1, 9, 0, 9, 9};
  CHECK(refuses([&] { r.trainer.restore(at); }, "9 samples since its last report", "seen 8"));
  at.interval = {1, 8, 9, 8, 8};
  CHECK(refuses([&] { r.trainer.restore(at); }, "9 right of 8 labels"));
  CHECK(r.trainer.where().step == 0);
  CHECK(r.training.steps() == 0);
}

TEST_CASE("held-out samples of which no label counts are refused") {
  const tnn::Samples ignored({1, 12, 12}, std::vector<float>(144), std::vector<std::int32_t>{-100});
  run classes;
  tnn::Trainer t(classes.training, small(images.first(16)), ignored);
  CHECK(refuses([&] { t.run(1); }, "no label of the held-out samples counts"));
}
