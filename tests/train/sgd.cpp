#include <tnn/train/sgd.hpp>

#include "support/catch.hpp"
#include "support/values.hpp"

namespace {

/// A weight and its velocity.
struct state {
  double w, v = 0;
};

state step(state s, double gradient, const tnn::SGD& sgd) {
  tnn::SGD::update(sgd.settings<double>(0), true, s.w, gradient, s.v);
  return s;
}

}  // namespace

TEST_CASE("SGD by hand, the rate changed at step 3", "[sgd]") {
  // g + decay w, then v = v/2 + that, then w = w - rate v
  state s{4};
  s = step(s, 1, {0.5, 0.5, 0.25});  // g 2,      v 2
  CHECK(s.v == 2);
  CHECK(s.w == 3);
  s = step(s, 1, {0.5, 0.5, 0.25});  // g 1.75,   v 2.75
  CHECK(s.v == 2.75);
  CHECK(s.w == 1.625);
  s = step(s, -1, {0.25, 0.5, 0.25});  // g -0.59375, v 0.78125: no rate is in v
  CHECK(s.v == 0.78125);
  CHECK(s.w == 1.4296875);
}

TEST_CASE("SGD differs from the 2012 paper's only where the rate changes", "[sgd]") {
  state ours{1}, papers{1};  // the paper's v is -rate times ours
  const auto paper = [](state s, double gradient, const tnn::SGD& sgd) {
    s.v = sgd.momentum * s.v - sgd.rate * (gradient + sgd.weight_decay * s.w);
    s.w += s.v;
    return s;
  };
  for (const double gradient : {0.3, -0.2, 0.7}) {
    ours = step(ours, gradient, {0.1, 0.9, 0.01});
    papers = paper(papers, gradient, {0.1, 0.9, 0.01});
    CHECK(std::abs(ours.w - papers.w) < 1e-15);
  }
  const double velocity = ours.v;
  CHECK(std::abs(velocity - 0.78942231) < 1e-15);
  ours = step(ours, 0.1, {0.01, 0.9, 0.01});
  papers = paper(papers, 0.1, {0.01, 0.9, 0.01});
  // What is left of the velocity moves our weight by the new rate, the paper's by the old one.
  CHECK(std::abs(ours.w - papers.w - (0.1 - 0.01) * 0.9 * velocity) < 1e-15);
}

TEST_CASE("without momentum and decay SGD is a step against the gradient", "[sgd]") {
  state s{2, 100};
  s = step(s, 3, {0.5, 0, 0});
  CHECK(s.w == 0.5);
  CHECK(s.v == 3);
}

TEST_CASE("weight decay alone shrinks a weight", "[sgd]") {
  state s{1};
  for (int k = 0; k < 10; ++k) s = step(s, 0, {0.5, 0, 0.5});
  CHECK(std::abs(s.w - std::pow(0.75, 10)) < 1e-15);
}
