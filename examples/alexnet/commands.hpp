#pragma once
// The program's commands on one backend. Make is a stateless function of the number of threads, and
// of the precision where the backend has a choice, that gives the backend.
#include <type_traits>
#include <utility>

#include "bench.hpp"
#include "draw.hpp"
#include "evaluate.hpp"
#include "net.hpp"
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

template <class Net, class Make>
network_commands network_on(Make) {
  using backend = decltype(make_backend<Make>(0));
  network_commands n{tnn::input_t<Net>::extent(0), tnn::output_t<Net>::extent(0)};
  n.train = [](train_options o) {
    backend b = make_backend<Make>(o.threads, o.precision);
    return training_run<Net, backend>(std::move(b), std::move(o)).run();
  };
  n.evaluate = [](const evaluate_options& o) {
    evaluate_on<Net>(make_backend<Make>(o.threads, o.precision), o);
  };
  n.predict = [](const predict_options& o) {
    predict_on<Net>(make_backend<Make>(o.threads, o.precision), o);
  };
  n.report = [](const report_options& o) {
    report_on<Net>(make_backend<Make>(o.threads, o.precision), o);
  };
  return n;
}

/// Of grey images.
template <class Make>
device commands_on(std::string name, Make make) {
  device d;
  d.name = std::move(name);
  d.precisions = std::is_invocable_v<Make, int, precision_kind>;
  d.networks.push_back(network_on<GreyNet>(make));
  d.bench = [](const bench_options& o) {
    return bench_on(make_backend<Make>(o.threads, o.precision), o);
  };
  d.pictures = [](const pictures_options& o) { draw_on(make_backend<Make>(o.threads), o); };
  return d;
}

/// And of colour images.
template <class Make>
device with_colour_on(std::string name, Make make) {
  device d = commands_on(std::move(name), make);
  each_colour_net([&]<class Net>() { d.networks.push_back(network_on<Net>(make)); });
  return d;
}

}  // namespace program
