#pragma once
// Runs that differ from a fixture's in one place: a check that passes them checks nothing.
#include <tnn/layers/dropout/compute.hpp>
#include "support/catch.hpp"
#include "support/torch_run.hpp"

/// Percent<P>, but what is kept is not scaled.
template <int P>
struct unscaled : tnn::Percent<P> {};
template <int P, class T>
inline constexpr T tnn::dropout_scale<unscaled<P>, T> = T{1};

template <class Layer>
struct without_dropout_scale {
  using type = Layer;
};
template <int P>
struct without_dropout_scale<tnn::Dropout<tnn::Percent<P>>> {
  using type = tnn::Dropout<unscaled<P>>;
};
template <class... Layers>
struct without_dropout_scale<tnn::Sequential<Layers...>> {
  using type = tnn::Sequential<typename without_dropout_scale<Layers>::type...>;
};

/// One gradient times 1.01, each parameter's in turn.
template <class Net>
void require_every_gradient_matters(const tensor_summaries& found, const torch_fixture& fixture) {
  for (const tnn::ParameterInfo& p : tnn::parameters_table<Net>) {
    tensor_summaries disturbed = found;
    tensor_summary& gradient = disturbed.at("gradient/" + std::string(p.name));
    gradient.norm *= 1.01;
    for (double& v : gradient.values) v *= 1.01;
    CHECK(disagreement(disturbed, fixture).starts_with("gradient/" + std::string(p.name) + ' '));
  }
}

inline void shows(const std::string& text, const char* kind) {
  INFO(text);
  CHECK((text.starts_with(kind) || text.find(std::string("\n") + kind) != std::string::npos));
}

/// Another momentum, another weight decay.
template <class Net, class B, class T>
void require_disturbed_updates_to_show(const torch_fixture& fixture, B backend) {
  torch_fixture less_momentum = fixture, no_decay = fixture;
  less_momentum.sgd.momentum = 0.89;
  no_decay.sgd.weight_decay = 0;
  for (const torch_fixture& other : {less_momentum, no_decay}) {
    const auto text = disagreement(run_as_torch<Net, B, T>(other, backend), fixture);
    shows(text, "change/");
    shows(text, "momentum/");
  }
}

/// And Dropout without its scale.
template <class Net, class B, class T>
void require_disturbances_to_show(const torch_fixture& fixture, B backend) {
  require_disturbed_updates_to_show<Net, B, T>(fixture, backend);
  using unscaled_net = typename without_dropout_scale<Net>::type;
  const auto text = disagreement(run_as_torch<unscaled_net, B, T>(fixture, backend, 1), fixture);
  shows(text, "gradient/");
  shows(text, "loss");
}
