// The training loop on values: any data, loss, optimizer and scalar; averaged weights; what fails
// in the middle of an epoch.
#include <tnn/train/trainer.hpp>

#include <algorithm>
#include <cmath>

#include <tnn/cpu.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/data/transformed.hpp>
#include <tnn/io/checkpoint.hpp>
#include <tnn/train/adam.hpp>
#include <tnn/train/averaged.hpp>
#include <tnn/train/value_losses.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_folder.hpp"

namespace {

using Curve = tnn::Sequential<tnn::Input<1>, tnn::Linear<16>, tnn::Tanh, tnn::Linear<1>>;

// x and x^2 for x in [-1, 1].
template <class T = double>
tnn::Samples<T, T> parabola(int count) {
  std::vector<T> x, y;
  for (int i = 0; i < count; ++i) {
    x.push_back(static_cast<T>(2.0 * i / (count - 1) - 1));
    y.push_back(x.back() * x.back());
  }
  return {{1}, std::move(x), std::move(y)};
}

template <class O, class T = double>
struct regression {
  explicit regression(O optimizer) : training(model, {}, {}, optimizer) {}
  tnn::Model<Curve, tnn::Cpu, T> model{tnn::Cpu{.threads = 1}, {.capacity = 10, .seed = 2}};
  tnn::Training<decltype(model), tnn::MSELoss, O> training;
  tnn::Trainer<decltype(training), tnn::Samples<T, T>> trainer{
      training,
      parabola<T>(40),
      parabola<T>(7),
      {.schedule = {.kind = tnn::ScheduleKind::cosine, .rate = 0.02, .epochs = 150}}};
};

}  // namespace

TEST_CASE("a schedule without a rate begins with the optimizer's") {
  regression r(tnn::AdamW{.rate = 0.07});
  CHECK(tnn::Trainer(r.training, parabola(20)).rate() == 0.07);
  CHECK(tnn::Trainer(r.training, parabola(20), {.schedule = {.rate = 0.5}}).rate() == 0.5);
}

TEST_CASE("values, in double: the loss alone decides which weights are the best") {
  regression r(tnn::AdamW{});
  std::vector<tnn::EpochReport> epochs;
  tnn::TrainerEvents events;
  double best = INFINITY;
  events.epoch = [&](const tnn::EpochReport& e) {
    CHECK(std::isnan(e.validation_accuracy));
    CHECK(e.best == (e.validation_loss < best));
    best = std::min(best, e.validation_loss);
    epochs.push_back(e);
  };
  CHECK(r.trainer.run(150, events));
  CHECK(epochs.back().validation_loss ==
        tnn::evaluate(r.model, parabola(7), tnn::MSELoss{}).mean_loss());
  CHECK(best < epochs.front().validation_loss / 10);
  CHECK(r.trainer.where().best_accuracy == -1);
  CHECK(r.trainer.where().best_loss == best);
}

TEST_CASE("averaged weights are what is validated, and what save() writes at an epoch's end") {
  using Optimizer = tnn::Averaged<tnn::AdamW>;
  const temporary_folder folder;
  regression<Optimizer, float> r({.decay = 0.9});
  tnn::TrainerEvents events;
  std::vector<float> average(16), trained(16);
  events.step = [&](const tnn::StepReport&) { CHECK_FALSE(r.training.averaged()); };
  events.epoch = [&](const tnn::EpochReport& e) {
    CHECK(r.training.averaged());
    CHECK(e.validation_loss ==
          tnn::evaluate(r.model, parabola<float>(7), tnn::MSELoss{}).mean_loss());
    r.model.read("0.weight", average);
    tnn::save_checkpoint(r.training, r.trainer.where(), {}, folder / "last");
    CHECK(r.training.averaged());
  };
  r.trainer.run(3, events);
  CHECK_FALSE(r.training.averaged());
  r.model.read("0.weight", trained);
  CHECK(trained != average);

  // The checkpoint has each in its own place, wherever they were, and goes on with the same bits.
  regression<Optimizer, float> other({.decay = 0.9});
  other.trainer.restore(
      tnn::load_checkpoint(other.training, tnn::SafetensorsFile(folder / "last")));
  std::vector<float> read(16);
  other.model.read("0.weight", read);
  CHECK(read == trained);
  other.training.read_state("average", "0.weight", read);
  CHECK(read == average);
  other.training.swap_averaged();
  other.trainer.restore(
      tnn::load_checkpoint(other.training, tnn::SafetensorsFile(folder / "last")));
  CHECK_FALSE(other.training.averaged());
  r.trainer.run(5, {});
  other.trainer.run(5, {});
  r.model.read("0.weight", trained);
  other.model.read("0.weight", read);
  CHECK(read == trained);
}

TEST_CASE("bad samples are errors of run(), which name the sample, and no step is lost") {
  regression good(tnn::AdamW{});
  std::vector<double> x(40, 0.5), y(40, 1.0);
  y[13] = NAN;
  // Wherever in the epoch the sample comes, what was done before it counts.
  std::vector<std::int64_t> done;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const std::int64_t before = good.training.steps();
    tnn::Trainer trainer(good.training, tnn::Samples({1}, x, y), {.seed = seed});
    CHECK(refuses([&] { trainer.run(1); }, "sample 13 of the data has the target nan"));
    done.push_back(good.training.steps() - before);
    CHECK(trainer.where().step == done.back());
    CHECK(trainer.where().so_far.count == 10 * done.back());
  }
  std::sort(done.begin(), done.end());
  CHECK(done.front() == 0);
  CHECK(done.back() == 3);
  x[5] = NAN;
  tnn::Trainer no_number(good.training, tnn::Samples({1}, x, std::vector<double>(40)));
  CHECK(refuses([&] { no_number.run(1); }, "sample 5 of the data has the value nan"));
  const std::int64_t steps = good.training.steps();
  good.trainer.run(1);
  CHECK(good.training.steps() == steps + 4);

  const auto broken = [](std::span<double>) { throw tnn::error("this transform fails"); };
  tnn::Trainer transformed(good.training, tnn::Transformed{parabola(20), broken},
                           {.loader_threads = 3});
  CHECK(refuses([&] { transformed.run(1); }, "this transform fails"));
}

TEST_CASE(
    "whatever is done in the epoch's event, the trained weights are there for the next step") {
  using Optimizer = tnn::Averaged<tnn::AdamW>;
  const temporary_folder folder;
  for (const int what : {0, 1, 2}) {
    regression<Optimizer, float> r({.decay = 0.9});
    r.trainer.run(1);
    tnn::save_checkpoint(r.training, r.trainer.where(), {}, folder / "last");
    tnn::TrainerEvents events;
    events.epoch = [&](const tnn::EpochReport& e) {
      if (e.epoch != 2) return;
      if (what == 0) r.training.swap_averaged();
      if (what == 1) tnn::load_checkpoint(r.training, tnn::SafetensorsFile(folder / "last"));
      if (what == 2) throw tnn::error("enough");
    };
    if (what == 2)
      CHECK(refuses([&] { r.trainer.run(3, events); }, "enough"));
    else
      CHECK(r.trainer.run(3, events));
    CHECK_FALSE(r.training.averaged());
    CHECK(r.trainer.run(4));
  }
}

TEST_CASE("what a run cannot be is refused") {
  regression r(tnn::AdamW{});
  CHECK(refuses([&] { r.trainer.run(151); }, "ends after 150 epochs", "151 are to be run"));
  CHECK(refuses([&] { tnn::Trainer t(r.training, parabola(9), {.drop_last = true}); },
                "9 samples, fewer than the 10 of a batch"));
  CHECK(tnn::Trainer(r.training, parabola(19), {.drop_last = true}).batches() == 1);
  using Normed = tnn::Sequential<tnn::Input<1>, tnn::Linear<4>, tnn::BatchNorm1d<>, tnn::Linear<1>>;
  tnn::Model<Normed, tnn::Cpu, double> normed{tnn::Cpu{}, {.capacity = 10}};
  tnn::Training normed_training{normed, {}, tnn::MSELoss{}};
  CHECK(refuses([&] { tnn::Trainer t(normed_training, parabola(21)); }, "a step of 1 samples",
                "BatchNorm", "drop_last"));
  CHECK(tnn::Trainer(normed_training, parabola(21), {.drop_last = true}).run(1));
  CHECK(tnn::Trainer(normed_training, parabola(22)).run(1));
}
