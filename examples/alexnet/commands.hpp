#pragma once
// The program's commands on one backend. Make is a stateless function of the number of threads, and
// of the precision where the backend has a choice, that gives the backend.
#include <type_traits>
#include <utility>

#include "bench.hpp"
#include "draw.hpp"
#include "evaluate.hpp"
#include "predict.hpp"
#include "report_on.hpp"
#include "train.hpp"

namespace program {

template <class Make>
auto make_backend(int threads, precision_kind precision = precision_kind::fp32) {
  if constexpr (std::is_invocable_v<Make, int, precision_kind>)
    return Make{}(threads, precision);
  else
    return Make{}(threads);
}

template <class Make>
device commands_on(std::string name, Make) {
  using backend = decltype(make_backend<Make>(0));
  device d;
  d.name = std::move(name);
  d.precisions = std::is_invocable_v<Make, int, precision_kind>;
  d.train = [](train_options o) {
    backend b = make_backend<Make>(o.threads, o.precision);
    return training_run<backend>(std::move(b), std::move(o)).run();
  };
  d.evaluate = [](const evaluate_options& o) {
    evaluate_on(make_backend<Make>(o.threads, o.precision), o);
  };
  d.bench = [](const bench_options& o) {
    return bench_on(make_backend<Make>(o.threads, o.precision), o);
  };
  d.predict = [](const predict_options& o) {
    predict_on(make_backend<Make>(o.threads, o.precision), o);
  };
  d.pictures = [](const pictures_options& o) { draw_on(make_backend<Make>(o.threads), o); };
  d.report = [](const report_options& o) {
    report_on(make_backend<Make>(o.threads, o.precision), o);
  };
  return d;
}

}  // namespace program
