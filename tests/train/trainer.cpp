// The training loop on a small net: what it reports, that it learns, and that neither the number of
// threads nor a stop anywhere changes a bit of what it leaves.
#include <cmath>
#include <optional>

#include <tnn/data/samples.hpp>
#include <tnn/io/checkpoint.hpp>
#include <tnn/reference.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/small_trainer.hpp"
#include "support/temporary_folder.hpp"

namespace {

// What a run on Reference, in double, reports of its epochs: Cpu's figures lie near.
std::vector<tnn::EpochReport> expected_epochs(int count, int validation = last_images) {
  using naive = tnn::Model<small_net, tnn::Reference, double>;
  naive model({}, {.capacity = 4, .seed = 5});
  tnn::Training<naive> training(model, {.capacity = plateau.batch, .seed = plateau.seed}, {},
                                heavy);
  tnn::Trainer trainer(training, small(images.first(images.size() - validation)),
                       small(images.last(validation)), plateau);
  std::vector<tnn::EpochReport> all;
  tnn::TrainerEvents events;
  events.epoch = [&](const tnn::EpochReport& e) { all.push_back(e); };
  trainer.run(count, events);
  return all;
}

// Trains in a new process's stead: from the folder's checkpoint if there is one, until `epochs` are
// done or events.stop has been asked for the `asks`th time. Says how often it was asked.
int session(const temporary_folder& folder, int epochs, int asks, int threads = 1) {
  run r(threads);
  const auto last = folder / "last.safetensors";
  if (std::filesystem::exists(last)) {
    const tnn::SafetensorsFile file(last);
    r.trainer.restore(tnn::load_checkpoint(r.training, file));
  }
  const auto save = [&] {
    tnn::save_checkpoint(r.training, r.trainer.where(), {{"seed", "5"}}, last);
  };
  int asked = 0;
  tnn::TrainerEvents events;
  events.stop = [&] { return ++asked == asks; };
  events.interval = [&](const tnn::IntervalReport& report) {
    std::ofstream(folder / "metrics", std::ios::app)
        << report.step << ' ' << tnn::detail::exact(report.loss) << ' '
        << tnn::detail::exact(report.accuracy) << ' ' << report.learning_rate << '\n';
  };
  events.epoch = [&](const tnn::EpochReport& report) {
    if (report.best) tnn::save(r.model, folder / "best.safetensors");
    save();
    std::ofstream(folder / "metrics", std::ios::app)
        << report.epoch << ' ' << report.step << ' ' << tnn::detail::exact(report.loss) << ' '
        << report.accuracy << ' ' << tnn::detail::exact(report.validation_loss) << ' '
        << report.validation_accuracy << ' ' << report.learning_rate << '\n';
  };
  if (!r.trainer.run(epochs, events)) save();
  return asked;
}

bool same_files(const temporary_folder& a, const temporary_folder& b) {
  return a.read("last.safetensors") == b.read("last.safetensors") &&
         a.read("best.safetensors") == b.read("best.safetensors") &&
         a.read("metrics") == b.read("metrics");
}

std::vector<float> weights(const run& r) {
  std::vector<float> all;
  for (const tnn::ParameterInfo& p : tnn::parameters_table<small_net>) {
    std::vector<float> values(static_cast<std::size_t>(p.size));
    r.model.read(p.name, values);
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

}  // namespace

TEST_CASE("it learns, and says what it does") {
  run r(2);
  std::vector<tnn::StepReport> steps;
  std::vector<tnn::EpochReport> epochs;
  std::vector<std::int64_t> validated;
  tnn::TrainerEvents events;
  events.step = [&](const tnn::StepReport& s) { steps.push_back(s); };
  events.validating = [&](std::int64_t done, std::int64_t of) {
    CHECK(of == last_images);
    validated.push_back(done);
  };
  events.epoch = [&](const tnn::EpochReport& e) {
    CHECK(r.trainer.where().epoch == e.epoch);
    CHECK(r.trainer.where().batch == 0);
    epochs.push_back(e);
  };
  CHECK(r.trainer.batches() == 5);
  CHECK(r.trainer.rate() == 0.05);
  CHECK(r.trainer.run(12, events));

  REQUIRE(epochs.size() == 12);
  REQUIRE(steps.size() == 60);
  CHECK(std::vector(validated.begin(), validated.begin() + 2) == std::vector<std::int64_t>{8, 10});
  double loss = 0;
  int right = 0, count = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(steps[i].epoch == 1);
    CHECK(steps[i].batch == static_cast<std::int64_t>(i) + 1);
    CHECK(steps[i].batches == 5);
    CHECK(steps[i].step == static_cast<std::int64_t>(i) + 1);
    CHECK(steps[i].result.count == (i < 4 ? 8 : 5));
    CHECK(steps[i].learning_rate == 0.05);
    loss += steps[i].result.loss;
    right += static_cast<int>(steps[i].result.right);
    count += static_cast<int>(steps[i].result.count);
    CHECK(steps[i].epoch_loss == loss / count);
    CHECK(steps[i].epoch_accuracy == static_cast<double>(right) / count);
  }
  CHECK(epochs[0].epoch == 1);
  CHECK(epochs[0].step == 5);
  CHECK(epochs[0].loss == loss / 37);
  CHECK(epochs[0].accuracy == right / 37.0);
  CHECK(steps[5].epoch == 2);
  CHECK(steps[5].batch == 1);
  CHECK(steps[5].step == 6);

  double best = -1, best_loss = INFINITY;
  for (const tnn::EpochReport& e : epochs) {
    CHECK(e.seconds > 0);
    CHECK(std::abs(e.samples_per_second * e.seconds - 37) < 1e-6);
    CHECK(e.loader_wait_seconds >= 0);
    CHECK(e.loader_wait_seconds <= e.seconds);
    CHECK(e.best == (e.validation_accuracy > best ||
                     (e.validation_accuracy == best && e.validation_loss < best_loss)));
    if (e.best) {
      best = e.validation_accuracy;
      best_loss = e.validation_loss;
    }
  }
  CHECK(r.trainer.where().best_accuracy == best);
  CHECK(r.trainer.where().best_loss == best_loss);
  CHECK(epochs.back().loss < 0.5 * epochs.front().loss);
  const auto expected = expected_epochs(12);
  REQUIRE(expected.size() == 12);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO("epoch " << i + 1);
    CHECK(std::abs(epochs[i].loss / expected[i].loss - 1) < 1e-5);
    CHECK(std::abs(epochs[i].validation_loss / expected[i].validation_loss - 1) < 1e-5);
    CHECK(epochs[i].accuracy == expected[i].accuracy);
    CHECK(epochs[i].validation_accuracy == expected[i].validation_accuracy);
  }

  // What is reported of the held-out images is what evaluate() finds.
  const auto found =
      tnn::evaluate(r.model, small(images.last(last_images)), tnn::CrossEntropyLoss{});
  CHECK(found.mean_loss() == epochs.back().validation_loss);
  CHECK(found.accuracy() == epochs.back().validation_accuracy);
  const auto classes = tnn::evaluate(r.model, small(images.last(last_images)));
  CHECK(std::abs(classes.loss() - epochs.back().validation_loss) < 1e-12);
  CHECK(classes.top(1) == epochs.back().validation_accuracy);
}

TEST_CASE("an interval is of so many steps, and ends with its epoch") {
  tnn::TrainerOptions threes = plateau;
  threes.interval = 3;
  run r(1, threes);
  std::vector<tnn::BatchResult> steps;
  std::vector<tnn::IntervalReport> intervals;
  tnn::TrainerEvents events;
  events.step = [&](const tnn::StepReport& s) { steps.push_back(s.result); };
  events.interval = [&](const tnn::IntervalReport& i) {
    intervals.push_back(i);
    CHECK(i.step == std::ssize(steps) + 1);  // before the step's own
    CHECK(r.trainer.where().interval.count == 0);
  };
  r.trainer.run(2, events);
  std::vector<std::int64_t> ends;
  std::size_t done = 0;
  for (const tnn::IntervalReport& i : intervals) {
    ends.push_back(i.step);
    tnn::BatchResult sums;
    for (; done < static_cast<std::size_t>(i.step); ++done) {
      sums.add(steps[done]);
    }
    CHECK(i.loss == sums.mean_loss());
    CHECK(i.accuracy == sums.accuracy());
    CHECK(i.learning_rate == 0.05);
  }
  CHECK(ends == std::vector<std::int64_t>{3, 5, 6, 9, 10});
  CHECK(r.trainer.where().best_epoch > 0);
}

TEST_CASE("the schedule sees the validation loss, and an epoch has one rate") {
  run r;
  tnn::Schedule expected(plateau.schedule);
  tnn::TrainerEvents events;
  events.step = [&](const tnn::StepReport& s) { CHECK(s.learning_rate == expected.rate(0)); };
  events.epoch = [&](const tnn::EpochReport& e) {
    CHECK(e.learning_rate == expected.rate(0));
    expected.epoch_ended(e.validation_loss);
    CHECK(r.trainer.rate() == expected.rate(0));
  };
  r.trainer.run(25, events);
  CHECK(expected.rate(0) < 0.05);
}

TEST_CASE("the same seed gives the same bits on one thread and on two, another seed others") {
  const temporary_folder one, two;
  session(one, 4, 0, 1);
  session(two, 4, 0, 2);
  CHECK(same_files(one, two));
  tnn::TrainerOptions other = plateau;
  other.seed = 6;
  run a, b(1, other);
  a.trainer.run(1, {});
  b.trainer.run(1, {});
  CHECK(weights(a) != weights(b));
}

TEST_CASE("a run stopped anywhere, validation included, and resumed ends with the same bytes") {
  constexpr int epochs = 3;
  const temporary_folder whole;
  const int asks = session(whole, epochs, 0);
  CHECK(asks == epochs * (5 + 2));  // batches of training, batches of validation
  for (int stop = 1; stop <= asks; ++stop) {
    const temporary_folder folder;
    CHECK(session(folder, epochs, stop) == stop);
    session(folder, epochs, 0, 2);
    INFO("stopped when asked for the " << stop << "th time");
    CHECK(same_files(whole, folder));
  }
}

TEST_CASE("a run stopped again and again ends with the same bytes") {
  const temporary_folder whole, folder;
  session(whole, 2, 0);
  int sessions = 1;
  while (session(folder, 2, 3) == 3) ++sessions;  // a validation takes two
  CHECK(sessions > 3);
  CHECK(same_files(whole, folder));
}

TEST_CASE("a run of one epoch goes on to two as if it had been asked for two") {
  const temporary_folder whole, folder;
  session(whole, 2, 0);
  session(folder, 1, 0);
  CHECK_FALSE(same_files(whole, folder));
  CHECK(session(folder, 1, 0) == 0);  // it has its epoch
  session(folder, 2, 0);
  CHECK(same_files(whole, folder));
}

TEST_CASE("a stop keeps what the epoch has seen so far") {
  run r;
  tnn::TrainerEvents events;
  double loss = 0;
  events.step = [&](const tnn::StepReport& s) { loss += s.result.loss; };
  events.stop = [&] { return r.trainer.where().batch == 3; };
  CHECK_FALSE(r.trainer.run(1, events));
  CHECK(r.trainer.where().epoch == 0);
  CHECK(r.trainer.where().step == 3);
  CHECK(r.trainer.where().so_far.count == 24);
  CHECK(r.trainer.where().so_far.loss == loss);
  CHECK(r.training.steps() == 3);
}

TEST_CASE("nothing held out: the training figures decide") {
  run r(1, plateau, 0);
  tnn::Schedule expected(plateau.schedule);
  double best = -1, highest = -1;
  for (const tnn::EpochReport& e : expected_epochs(5, 0)) highest = std::max(highest, e.accuracy);
  tnn::TrainerEvents events;
  events.validating = [](std::int64_t, std::int64_t) { FAIL("there is nothing to validate on"); };
  events.epoch = [&](const tnn::EpochReport& e) {
    CHECK(std::isnan(e.validation_loss));
    CHECK(std::isnan(e.validation_accuracy));
    if (e.best) best = e.accuracy;
    expected.epoch_ended(e.loss);
    CHECK(r.trainer.rate() == expected.rate(0));
  };
  CHECK(r.trainer.run(5, events));
  CHECK(r.trainer.batches() == 6);
  CHECK(best == highest);
  CHECK(r.trainer.where().best_accuracy == best);
}

TEST_CASE("held-out images change no weight") {
  tnn::TrainerOptions constant = plateau;
  constant.schedule.kind = tnn::ScheduleKind::constant;
  run some(1, constant), none(1, constant);
  tnn::Trainer without(none.training, small(images.first(37)), constant);
  some.trainer.run(2, {});
  without.run(2, {});
  CHECK(weights(some) == weights(none));
}

TEST_CASE("a training that diverges is an error that names the rate") {
  tnn::TrainerOptions wild = plateau;
  wild.schedule.rate = 9e5;
  run r(1, wild);
  CHECK(refuses([&] { r.trainer.run(9, {}); }, "the loss is", "step", "epoch",
                "learning rate 9e+05", "diverged"));

  // One batch, whose loss is a number; the weights that it leaves give none.
  tnn::TrainerOptions once = wild;
  once.batch = 37;
  const tnn::Filler huge{tnn::Filling::normal, 1e10, 0};
  run s(1, once, last_images, {huge, huge});
  tnn::TrainerEvents events;
  int steps = 0;
  events.step = [&](const tnn::StepReport&) { ++steps; };
  events.epoch = [](const tnn::EpochReport&) { FAIL("the epoch counts"); };
  CHECK(refuses([&] { s.trainer.run(1, events); }, "the validation loss is", "after step 1",
                "diverged"));
  CHECK(steps == 1);
}

TEST_CASE("batch and seed are said once: the model's are the Training's, and those the Trainer's") {
  tnn::TrainerOptions unsaid = plateau;
  unsaid.batch = 0;
  unsaid.seed.reset();
  run said;
  model_type model(tnn::Cpu{.threads = 1}, {.capacity = 8, .seed = 5});
  tnn::Training training(model, {}, {}, tnn::SGD{.momentum = 0.9, .weight_decay = 1e-3});
  CHECK(training.capacity() == 8);
  CHECK(training.seed() == 5);
  tnn::Trainer trainer(training, small(images.first(37)), small(images.last(last_images)), unsaid);
  CHECK(trainer.batches() == 5);
  trainer.run(2, {});
  said.trainer.run(2, {});
  for (const tnn::ParameterInfo& p : tnn::parameters_table<small_net>) {
    std::vector<float> a(static_cast<std::size_t>(p.size)), b = a;
    model.read(p.name, a);
    said.model.read(p.name, b);
    CHECK(a == b);
  }
}

TEST_CASE("several threads of the loader change no bit") {
  tnn::TrainerOptions many = plateau;
  many.loader_threads = 3;
  run one, three(1, many);
  one.trainer.run(2, {});
  three.trainer.run(2, {});
  CHECK(weights(one) == weights(three));
}
