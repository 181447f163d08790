#pragma once
// The program's commands on one backend. Make is a stateless function of the number of threads that
// gives the backend.
#include <utility>

#include "bench.hpp"
#include "draw.hpp"
#include "evaluate.hpp"
#include "predict.hpp"
#include "train.hpp"

namespace program {

template <class Make>
device commands_on(std::string name, Make) {
  using backend = decltype(Make{}(0));
  device d;
  d.name = std::move(name);
  d.train = [](train_options o) {
    const int threads = o.threads;
    training_run<backend>(Make{}(threads), std::move(o)).run();
  };
  d.evaluate = [](const evaluate_options& o) { evaluate_on(Make{}(o.threads), o); };
  d.bench = [](const bench_options& o) { return bench_on(Make{}(o.threads), o); };
  d.predict = [](const predict_options& o) { predict_on(Make{}(o.threads), o); };
  d.pictures = [](const pictures_options& o) { draw_on(Make{}(o.threads), o); };
  return d;
}

}  // namespace program
