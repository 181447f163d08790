// The learning rate from epoch to epoch. The long sequences are what torch 1.13 gives for the same
// losses: ReduceLROnPlateau(mode="min", eps=0) and StepLR.
#include <tnn/train/schedule.hpp>

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/training_fixture.hpp"

using tnn::Schedule, tnn::ScheduleKind, tnn::ScheduleOptions;

namespace {

// 1.89995 and 1.49999 are less than a 1e-4th better; then a plateau, a new best, a rise.
const std::vector<double> losses = {2.3,     1.9,   1.9, 1.89995, 1.5,  1.6,  1.55, 1.52,
                                    1.49999, 1.499, 1.4, 1.4,     1.4,  1.4,  1.4,  1.4,
                                    1.4,     1.4,   1.3, 1.31,    1.32, 1.33, 1.34};

// Rates after each of the losses.
std::vector<double> rates(const ScheduleOptions& options) {
  Schedule s(options);
  std::vector<double> all;
  for (const double loss : losses) {
    s.epoch_ended(loss);
    all.push_back(s.rate(0));
  }
  return all;
}

}  // namespace

TEST_CASE("plateau: patience 2") {
  CHECK(rates({ScheduleKind::plateau, 0.01, 0.1, 1, 2, 1e-4, 0}) ==
        std::vector<double>{0.01,
                            0.01,
                            0.01,
                            0.01,
                            0.01,
                            0.01,
                            0.01,
                            0.001,
                            0.001,
                            0.001,
                            0.001,
                            0.001,
                            0.001,
                            0.0001,
                            0.0001,
                            0.0001,
                            1e-05,
                            1e-05,
                            1e-05,
                            1e-05,
                            1e-05,
                            1.0000000000000002e-06,
                            1.0000000000000002e-06});
}

TEST_CASE("plateau: no patience, a large threshold, a floor") {
  CHECK(rates({ScheduleKind::plateau, 0.01, 0.5, 1, 0, 1e-2, 0.001}) ==
        std::vector<double>{0.01,  0.01,  0.005, 0.0025, 0.0025, 0.00125, 0.001, 0.001,
                            0.001, 0.001, 0.001, 0.001,  0.001,  0.001,   0.001, 0.001,
                            0.001, 0.001, 0.001, 0.001,  0.001,  0.001,   0.001});
}

TEST_CASE("plateau: any fall counts, a floor that no multiple meets") {
  CHECK(rates({ScheduleKind::plateau, 0.01, 0.3, 1, 1, 0, 0.002}) ==
        std::vector<double>{0.01,  0.01,  0.01,  0.01,  0.01,  0.01,  0.003, 0.003,
                            0.003, 0.003, 0.003, 0.003, 0.002, 0.002, 0.002, 0.002,
                            0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002});
}

TEST_CASE("step: every third epoch") {
  CHECK(rates({ScheduleKind::step, 0.4, 0.5, 3}) ==
        std::vector<double>{0.4,    0.4,     0.2,     0.2,     0.2,      0.1,      0.1,     0.1,
                            0.05,   0.05,    0.05,    0.025,   0.025,    0.025,    0.0125,  0.0125,
                            0.0125, 0.00625, 0.00625, 0.00625, 0.003125, 0.003125, 0.003125});
  CHECK(rates({ScheduleKind::step, 0.4, 0.5, 3, 2, 1e-4, 0.1}).back() == 0.1);
}

TEST_CASE("constant") {
  CHECK(rates({ScheduleKind::constant, 0.3}) == std::vector<double>(losses.size(), 0.3));
}

TEST_CASE("a loss that is no number is no progress") {
  Schedule s({ScheduleKind::plateau, 1, 0.1, 1, 1});
  s.epoch_ended(2);
  s.epoch_ended(NAN);
  CHECK(s.rate(0) == 1);
  s.epoch_ended(NAN);
  CHECK(s.rate(0) == 0.1);
  CHECK(s.state().best == 2);
}

TEST_CASE("a schedule restored anywhere goes on as if it had never stopped") {
  for (const ScheduleKind kind :
       {ScheduleKind::constant, ScheduleKind::step, ScheduleKind::plateau}) {
    const ScheduleOptions options{kind, 0.01, 0.5, 4, 1};
    const std::vector<double> expected = rates(options);
    for (std::size_t stop = 0; stop <= losses.size(); ++stop) {
      Schedule first(options), second(options);
      for (std::size_t i = 0; i < stop; ++i) first.epoch_ended(losses[i]);
      second.restore(first.state());
      if (stop > 0) CHECK(second.rate(0) == expected[stop - 1]);
      for (std::size_t i = stop; i < losses.size(); ++i) {
        second.epoch_ended(losses[i]);
        CHECK(second.rate(0) == expected[i]);
      }
    }
  }
}

TEST_CASE("options that make no sense are refused") {
  const auto with = [](auto change) {
    return [change] {
      ScheduleOptions options{.rate = 0.01};
      change(options);
      Schedule s(options);
    };
  };
  CHECK(error_text(with([](auto&) {})) == "no error");
  for (const double rate : {0.0, -0.1, double(NAN), double(INFINITY)})
    CHECK(refuses(with([=](auto& o) { o.rate = rate; }), "the learning rate must be positive"));
  for (const double factor : {0.0, 1.0, -0.5, double(NAN)})
    CHECK(refuses(with([=](auto& o) { o.factor = factor; }), "factor must be in (0, 1), not"));
  CHECK(refuses(with([](auto& o) { o.every = 0; }), "step must be at least 1 epoch, not 0"));
  CHECK(refuses(with([](auto& o) { o.patience = -1; }), "patience must be 0 or more", "-1"));
  for (const double threshold : {-1e-9, 1.0, double(NAN)})
    CHECK(refuses(with([=](auto& o) { o.threshold = threshold; }), "threshold must be in [0, 1)"));
  for (const double floor : {-1e-9, 0.02, double(NAN)})
    CHECK(refuses(with([=](auto& o) { o.floor = floor; }), "floor must be between 0 and the"));
}

TEST_CASE("schedules by steps are PyTorch's") {
  const auto check = [](const char* name, const ScheduleOptions& options, std::int64_t steps) {
    INFO(name);
    const std::vector<double> expected = training_fixture().at("schedules").at(name);
    const Schedule s(options, steps / options.epochs);
    for (std::size_t k = 0; k < expected.size(); ++k)
      CHECK(std::abs(s.rate(static_cast<std::int64_t>(k)) / expected[k] - 1) < 1e-12);
    CHECK(s.rate(1000) ==
          (options.kind == ScheduleKind::cosine ? options.floor : s.rate(steps - 1)));
  };
  check("cosine", {.kind = ScheduleKind::cosine, .rate = 0.4, .floor = 0.01, .epochs = 6}, 24);
  check(
      "warm-up, cosine",
      {.kind = ScheduleKind::cosine, .rate = 0.4, .warm_up = 5, .warm_up_start = 0.25, .epochs = 2},
      24);
  check("one-cycle", {.kind = ScheduleKind::one_cycle, .rate = 0.4, .epochs = 3}, 24);
  check("one-cycle/own",
        {.kind = ScheduleKind::one_cycle,
         .rate = 0.4,
         .epochs = 4,
         .rise = 0.25,
         .start_divisor = 10,
         .end_divisor = 100},
        40);
}

TEST_CASE("a warm-up precedes schedules by epochs, and these go on as ever") {
  Schedule s(
      {.kind = ScheduleKind::step, .rate = 1, .every = 1, .warm_up = 4, .warm_up_start = 0.5});
  CHECK(s.rate(0) == 0.5);
  CHECK(s.rate(2) == 0.75);
  CHECK(s.rate(4) == 1);
  s.epoch_ended(1);
  CHECK(s.rate(2) == 0.075000000000000011);
  CHECK(s.rate(5) == 0.1);
}

TEST_CASE("schedules by steps refuse what makes no sense") {
  const auto made = [](ScheduleOptions o) {
    return [o]() mutable {
      o.rate = 0.01;
      Schedule(o, 10);
    };
  };
  CHECK(refuses(made({.kind = ScheduleKind::cosine}), "know the run's epochs", "not 0"));
  CHECK(refuses(made({.kind = ScheduleKind::cosine, .warm_up = 20, .epochs = 2}), "20 steps"));
  CHECK(refuses(made({.warm_up = -1}), "warm-up", "-1"));
  CHECK(refuses(made({.warm_up_start = 0}), "factor in (0, 1]"));
  CHECK(refuses(made({.kind = ScheduleKind::one_cycle, .warm_up = 1, .epochs = 1}),
                "rise of its own"));
  CHECK(refuses(made({.kind = ScheduleKind::one_cycle, .epochs = 1, .rise = 1}), "rise"));
  CHECK(refuses(made({.kind = ScheduleKind::one_cycle, .epochs = 1, .start_divisor = 0.5}),
                "start_divisor"));
}

TEST_CASE("a run may not be longer than a schedule that ends with it") {
  for (const ScheduleKind kind : {ScheduleKind::cosine, ScheduleKind::one_cycle}) {
    const Schedule s({.kind = kind, .rate = 0.1, .epochs = 5}, 3);
    CHECK(error_text([&] { s.require_epochs(5); }) == "no error");
    CHECK(refuses([&] { s.require_epochs(6); }, "ends after 5 epochs", "6 are to be run"));
  }
  const Schedule constant({.rate = 0.1});
  CHECK(error_text([&] { constant.require_epochs(1'000'000); }) == "no error");
}
