// Model's own refusals: each names what was found and what is expected, and touches nothing.
#include <algorithm>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <tnn/layers/compute.hpp>
#include <tnn/layers/conv2d/direct.hpp>
#include <tnn/layers/linear/direct.hpp>
#include <tnn/reference.hpp>
#include <tnn/train/training.hpp>

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

TEST_CASE("what a sample gives does not depend on its batch") {
  model_type model{{}, {.capacity = 3, .seed = 1}};
  std::vector<float> x(3 * 18), y(3 * 3), one(3);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 7) - 3;
  model.forward(x, y);
  for (std::size_t n = 0; n < 3; ++n) {
    model.forward(std::span(x).subspan(n * 18, 18), one);
    for (std::size_t k = 0; k < 3; ++k) CHECK(one[k] == y[n * 3 + k]);
  }
}

TEST_CASE("a const model's forward of any number of samples, in pieces of the capacity") {
  model_type all{{}, {.capacity = 7, .seed = 1}};
  std::vector<float> x(7 * 18), expected(7 * 3);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * i % 11) - 5;
  all.forward(x, expected);
  for (const int capacity : {1, 3, 7}) {
    const model_type model{{}, {.capacity = capacity, .seed = 1}};
    CHECK(model.forward(x) == expected);
    const std::vector<std::int32_t> classes = model.predict(x);
    REQUIRE(classes.size() == 7);
    for (std::size_t i = 0; i < 7; ++i)
      CHECK(classes[i] ==
            std::max_element(expected.begin() + 3 * static_cast<std::ptrdiff_t>(i),
                             expected.begin() + 3 * static_cast<std::ptrdiff_t>(i) + 3) -
                expected.begin() - 3 * static_cast<std::ptrdiff_t>(i));
  }
}

TEST_CASE("a launch is a forward of what lies on the backend") {
  model_type model{{}, {.capacity = 3, .seed = 1}};
  std::vector<float> x(3 * 18), y(3 * 3);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 7) - 3;
  model.forward(x, y);
  for (const int batch : {2, 3}) {
    std::copy(x.begin(), x.end(), model.input());
    model.launch(batch);
    model.backend().wait();
    CHECK(std::equal(y.begin(), y.begin() + 3 * batch, model.output()));
  }
  says(refusal_of([&] { model.launch(0); }), {"batch of 0", "1 to 3 are expected"});
  says(refusal_of([&] { model.launch(4); }), {"batch of 4", "1 to 3 are expected"});
}

TEST_CASE("what forward refuses") {
  model_type model{{}, {.capacity = 2}};
  std::vector<float> x(3 * 18), y(9);
  says(refusal_of([&] { model.forward(x, std::span(y).first(6)); }),
       {"room for 6 outputs", "3 samples have 9"});
  says(refusal_of([&] { model.forward(std::span(x).first(19), y); }), {"19 values", "has 18"});
  says(refusal_of([&] { model.forward(std::span<const float>{}, y); }), {"0 values"});
  says(refusal_of([&] { model.forward(std::span(x).first(18), y); }), {"9 outputs", "have 3"});
  says(refusal_of([] { model_type none{{}, {.capacity = 0}}; }), {"capacity is 0", "at least 1"});
}

namespace {

/// Reference's memory and loops, where a test acts in the middle of a call. Its math is that of the
/// direct backends, as Reference's own is for no other type.
struct Interrupted : Reference {
  static constexpr bool direct = true;
  explicit Interrupted(std::function<void()>& act) : meanwhile(&act) {}
  template <class F>
  void for_each(std::int64_t n, F f) {
    Reference::for_each(n, f);
    if (*meanwhile) std::exchange(*meanwhile, nullptr)();
  }
  std::function<void()>* meanwhile;
};

}  // namespace

TEST_CASE("two threads in one model are told so, and the first goes on undisturbed") {
  std::function<void()> meanwhile;
  Model<Net, Interrupted> model{Interrupted{meanwhile}, {.capacity = 1, .seed = 1}};
  Training training{model, {.capacity = 1}};
  const std::vector<float> x(18, 0.5f);
  const std::vector<std::int32_t> labels{1};
  std::vector<float> expected(3), y(3), others(3), bias(2);
  model.forward(x, expected);

  std::string forward, read, step;
  meanwhile = [&] {
    std::thread other([&] {
      forward = refusal_of([&] { model.forward(x, others); });
      read = refusal_of([&] { model.read("0.bias", bias); });
      step = refusal_of([&] { training.gradients(x, labels); });
    });
    other.join();
  };
  model.forward(x, y);
  says(forward, {"forward()", "one thread at a time"});
  says(read, {"read()", "one thread at a time"});
  says(step, {"one thread at a time"});
  CHECK(y == expected);

  meanwhile = [&] { forward = refusal_of([&] { model.forward(x, others); }); };
  training.step(x, labels, {.rate = 0});
  says(forward, {"forward()", "Training"});
  model.forward(x, y);  // an exception or not, the call is over
  CHECK(y == expected);
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
