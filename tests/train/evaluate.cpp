// Metrics against sums done by hand, and a model's images against its own forward.
#include <tnn/train/evaluate.hpp>

#include <cmath>
#include <numeric>

#include <tnn/cpu.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/small_run.hpp"

using tnn::classification_metrics;

namespace {

using small_model = tnn::Model<small_net, tnn::Cpu>;

template <class T = double>
void add(classification_metrics& m, std::vector<T> logits, int label) {
  m.add(std::span<const T>(logits), label);
}

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

}  // namespace

TEST_CASE("loss, top-k and confusion by hand") {
  classification_metrics m(3);
  CHECK(m.count() == 0);
  CHECK(m.loss() == 0);
  CHECK(m.top(1) == 0);
  add(m, {0, std::log(2.0), std::log(5.0)}, 2);  // probabilities 1/8, 2/8, 5/8: first
  add(m, {0, std::log(2.0), std::log(5.0)}, 1);  // second
  add(m, {0, std::log(2.0), std::log(5.0)}, 0);  // third
  add<float>(m, {1000, -1000, 0}, 0);            // no overflow
  CHECK(m.count() == 4);
  CHECK(near(m.loss(), (std::log(8.0 / 5) + std::log(8.0 / 2) + std::log(8.0)) / 4));
  CHECK(m.top(1) == 0.5);
  CHECK(m.top(2) == 0.75);
  CHECK(m.top(3) == 1);
  CHECK(m.top(5) == 1);  // of three classes
  CHECK(m.confusion(2, 2) == 1);
  CHECK(m.confusion(1, 2) == 1);
  CHECK(m.confusion(0, 2) == 1);
  CHECK(m.confusion(0, 0) == 1);
  std::int64_t all = 0;
  for (int label = 0; label < 3; ++label)
    for (int p = 0; p < 3; ++p) all += m.confusion(label, p);
  CHECK(all == 4);
}

TEST_CASE("of equal logits the class of smaller number comes first") {
  classification_metrics m(4);
  add(m, {1, 1, 1, 1}, 0);
  CHECK(m.top(1) == 1);
  add(m, {1, 1, 1, 1}, 2);
  CHECK(m.top(1) == 0.5);
  CHECK(m.top(2) == 0.5);
  CHECK(m.top(3) == 1);
  CHECK(m.confusion(2, 0) == 1);
  CHECK(near(m.loss(), std::log(4.0)));
}

TEST_CASE("a label whose logit is NaN is right at no rank") {
  classification_metrics m(2);
  add<float>(m, {NAN, NAN}, 0);
  CHECK(m.top(1) == 0);
  CHECK(m.top(2) == 0);
  CHECK(std::isnan(m.loss()));
}

TEST_CASE("a model's images: in order, in batches of its capacity, the last one smaller") {
  const tnn::labelled_images images = quarters(11);
  const tnn::normalisation how{0.3f, 0.5f};
  small_model model{tnn::Cpu{.threads = 2}, {.capacity = 4, .seed = 3}};

  classification_metrics expected(4);
  tnn::bilinear_resize resize(9, 7, 12, 12);
  for (int i = 0; i < 11; ++i) {
    std::vector<float> pixels(144), logits(4);
    resize(images.view().image(i).data(), pixels.data(), 1 / (255 * how.deviation),
           -how.mean / how.deviation);
    model.forward(pixels, logits);
    expected.add(std::span<const float>(logits), images.view().labels[i]);
  }

  std::vector<int> asked;
  const classification_metrics found = tnn::evaluate(model, images.view(), how, [&](int done) {
    asked.push_back(done);
    return true;
  });
  CHECK(asked == std::vector{4, 8, 11});
  CHECK(found.count() == 11);
  CHECK(std::abs(found.loss() - expected.loss()) < 1e-6);
  CHECK(found.top(1) == expected.top(1));
  CHECK(found.top(2) == expected.top(2));
  for (int label = 0; label < 4; ++label)
    for (int p = 0; p < 4; ++p) CHECK(found.confusion(label, p) == expected.confusion(label, p));

  const auto halted = tnn::evaluate(model, images.view(), how, [](int done) { return done < 8; });
  CHECK(halted.count() == 8);
  CHECK(tnn::evaluate(model, images.first(0), how).count() == 0);
}

TEST_CASE("images that are not the network's are refused") {
  small_model model{tnn::Cpu{.threads = 1}};
  const tnn::labelled_images two_channels("x", 2, 1, 1, 4, {0, 0}, {0});
  const tnn::labelled_images five_classes("x", 1, 1, 1, 5, {0}, {4});
  const auto evaluated = [&](const tnn::labelled_images& images) {
    return [&] { return tnn::evaluate(model, images.view(), {}); };
  };
  CHECK(refuses(evaluated(two_channels), "2 channels", "Input 1"));
  CHECK(refuses(evaluated(five_classes), "5 classes", "network 4"));
  const tnn::labelled_images good("x", 1, 1, 1, 4, {0}, {3});
  CHECK(refuses([&] { return tnn::evaluate(model, good.view(), {0, 0}); }, "standard deviation"));
}
