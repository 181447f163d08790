// Model's own refusals: each names what was found and what is expected, and touches nothing.
#include <string>
#include <vector>

#include <tnn/reference.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

using Net = Sequential<Input<2, 3, 3>, Conv2d<2, Kernel<2>>, Flatten, Linear<3>>;
using model_type = Model<Net, Reference>;

template <class F>
std::string refusal_of(F f) {
  try {
    f();
  } catch (const error& e) {
    return e.what();
  }
  return "no refusal";
}

bool says(const std::string& text, const std::vector<std::string>& parts) {
  INFO(text);
  for (const std::string& part : parts) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  return true;
}

}  // namespace

TEST_CASE("a forward of any batch up to the capacity") {
  model_type model{{}, {.capacity = 3, .seed = 1}};
  std::vector<float> x(3 * 18), y(3 * 3), one(3);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 7) - 3;
  model.forward(x, y);
  for (std::size_t n = 0; n < 3; ++n) {
    model.forward(std::span(x).subspan(n * 18, 18), one);
    for (std::size_t k = 0; k < 3; ++k) CHECK(one[k] == y[n * 3 + k]);
  }
}

TEST_CASE("what forward refuses") {
  model_type model{{}, {.capacity = 2}};
  std::vector<float> x(3 * 18), y(9);
  says(refusal_of([&] { model.forward(x, y); }), {"3 samples", "capacity is 2"});
  says(refusal_of([&] { model.forward(std::span(x).first(19), y); }), {"19 values", "has 18"});
  says(refusal_of([&] { model.forward(std::span<const float>{}, y); }), {"0 values"});
  says(refusal_of([&] { model.forward(std::span(x).first(18), y); }), {"9 outputs", "have 3"});
  says(refusal_of([] { model_type none{{}, {.capacity = 0}}; }), {"capacity is 0", "at least 1"});
}

TEST_CASE("parameters are reached by name and whole") {
  model_type model{{}, {.capacity = 1, .seed = 1}};
  std::vector<float> w(16, 0.5f), back(16);
  model.write("0.weight", w);
  model.read("0.weight", back);
  CHECK(back == w);
  says(refusal_of([&] { model.write("1.weight", w); }), {"\"1.weight\"", "\"0.weight\""});
  says(refusal_of([&] { model.read("0.bias", back); }),
       {"\"0.bias\"", "2 values", "16 were given"});
  says(refusal_of([&] { model.read("2.weight", back); }), {"(3x8)"});
}
