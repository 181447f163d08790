// Metrics against sums done by hand, and a model's images against its own forward.
#include <tnn/train/evaluate.hpp>

#include <cmath>
#include <numeric>

#include <tnn/cpu.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/train/value_losses.hpp>
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/small_run.hpp"

using tnn::ClassificationMetrics;

namespace {

using small_model = tnn::Model<small_net, tnn::Cpu>;

template <class T = double>
void add(ClassificationMetrics& m, std::vector<T> logits, int label) {
  m.add(std::span<const T>(logits), label);
}

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

}  // namespace

TEST_CASE("loss, top-k and confusion by hand") {
  ClassificationMetrics m(3);
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
  ClassificationMetrics m(4);
  add(m, {1, 1, 1, 1}, 0);
  CHECK(m.top(1) == 1);
  add(m, {1, 1, 1, 1}, 2);
  CHECK(m.top(1) == 0.5);
  CHECK(m.top(2) == 0.5);
  CHECK(m.top(3) == 1);
  CHECK(m.confusion(2, 0) == 1);
  CHECK(near(m.loss(), std::log(4.0)));
}

TEST_CASE("labels that are no classes are refused") {
  ClassificationMetrics m(2);
  for (const int label : {-1, 2, -100})
    CHECK(refuses([&] { add(m, {0, 1}, label); }, "0 to 1 are expected"));
  CHECK(m.count() == 0);
}

TEST_CASE("what is taken for the likeliest is what top-1 counts, NaN among the logits too") {
  ClassificationMetrics m(3);
  add<float>(m, {NAN, 1, 2}, 2);
  CHECK(m.top(1) == 1);
  CHECK(m.confusion(2, 2) == 1);
}

TEST_CASE("a label whose logit is NaN is right at no rank") {
  ClassificationMetrics m(2);
  add<float>(m, {NAN, NAN}, 0);
  CHECK(m.top(1) == 0);
  CHECK(m.top(2) == 0);
  CHECK(std::isnan(m.loss()));
}

TEST_CASE("a model's images: in order, in batches of its capacity, the last one smaller") {
  const tnn::LabelledImages images = quarters(11);
  const tnn::Transformed samples{small(images), tnn::Normalise{{0.3}, {0.5}}};
  small_model model{tnn::Cpu{.threads = 2}, {.capacity = 4, .seed = 3}};

  ClassificationMetrics expected(4);
  for (int i = 0; i < 11; ++i) {
    std::vector<float> pixels(144);
    std::int32_t label = 0;
    tnn::Draws none(0, tnn::random_stream::samples, 0);
    samples.write(i, none, std::span(pixels), std::span(&label, 1));
    const std::vector<float> logits = model.forward(pixels);
    expected.add(std::span<const float>(logits), label);
  }

  std::vector<std::int64_t> asked;
  const ClassificationMetrics found = tnn::evaluate(model, samples, [&](std::int64_t done) {
    asked.push_back(done);
    return true;
  });
  CHECK(asked == std::vector<std::int64_t>{4, 8, 11});
  CHECK(found.count() == 11);
  CHECK(std::abs(found.loss() - expected.loss()) < 1e-6);
  CHECK(found.top(1) == expected.top(1));
  CHECK(found.top(2) == expected.top(2));
  for (int label = 0; label < 4; ++label)
    for (int p = 0; p < 4; ++p) CHECK(found.confusion(label, p) == expected.confusion(label, p));

  const auto halted = tnn::evaluate(model, samples, [](std::int64_t done) { return done < 8; });
  CHECK(halted.count() == 8);
  CHECK(tnn::evaluate(model, small(images.first(0))).count() == 0);
}

TEST_CASE("data that is not the network's is refused, with both shapes") {
  small_model model{tnn::Cpu{.threads = 1}};
  const tnn::LabelledImages two_channels("x", 2, 1, 1, 4, {0, 0}, {0});
  const tnn::LabelledImages five_classes("x", 1, 1, 1, 5, {0}, {4});
  CHECK(refuses([&] { return tnn::evaluate(model, small(two_channels)); },
                "the samples are 2 x 12 x 12", "the network's Input 1 x 12 x 12"));
  CHECK(refuses([&] { return tnn::evaluate(model, two_channels); }, "the samples are 2 x 1 x 1"));
  CHECK(
      refuses([&] { return tnn::evaluate(model, small(five_classes)); }, "5 classes", "network 4"));
  const tnn::Samples pairs({1, 12, 12}, std::vector<float>(144), std::vector<std::int32_t>{1, 2});
  CHECK(refuses([&] { return tnn::evaluate(model, pairs); }, "2 targets a sample", "the loss 1"));
  const tnn::Samples fifth({1, 12, 12}, std::vector<float>(288), std::vector<std::int32_t>{1, 4});
  CHECK(refuses([&] { return tnn::evaluate(model, fifth); },
                "sample 1 of the data has the label 4; 0 to 3 are expected"));
  std::vector<float> x(288);
  x[200] = -INFINITY;
  const tnn::Samples endless({1, 12, 12}, x, std::vector<std::int32_t>{1, 2});
  CHECK(refuses([&] { return tnn::evaluate(model, endless); },
                "sample 1 of the data has the value -inf"));
  const tnn::CrossEntropyLoss two_weights{.class_weights = {1, 2}};
  CHECK(refuses([&] { return tnn::evaluate(model, small(quarters(2)), two_weights); },
                "2 class weights", "4 classes"));
}

TEST_CASE("a label of -100 counts for nothing") {
  small_model model{tnn::Cpu{.threads = 1}, {.capacity = 2, .seed = 3}};
  std::vector<float> x(3 * 144);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 13) / 13;
  const tnn::Samples ignored({1, 12, 12}, x, std::vector<std::int32_t>{1, -100, 2});
  std::int64_t seen = 0;
  const auto found = tnn::evaluate(model, ignored, [&](std::int64_t done) {
    seen = done;
    return true;
  });
  CHECK(seen == 3);
  CHECK(found.count() == 2);
  const tnn::BatchResult sums = tnn::evaluate(model, ignored, tnn::CrossEntropyLoss{});
  CHECK(sums.labels == 2);
  CHECK(near(sums.mean_loss(), found.loss()));
}

TEST_CASE("the sums of any loss, of values and of labels at places, in double") {
  using Net = tnn::Sequential<tnn::Input<2>, tnn::Linear<3>>;
  tnn::Model<Net, tnn::Cpu, double> model{tnn::Cpu{}, {.capacity = 2, .seed = 1}};
  const std::vector<double> x{0.5, -1, 2, 0.25, 1, 1};
  const std::vector<double> y{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const tnn::BatchResult found = tnn::evaluate(model, tnn::Samples({2}, x, y), tnn::MSELoss{});
  const std::vector<double> out = model.forward(x);
  double sum = 0;
  for (std::size_t k = 0; k < 9; ++k) sum += (out[k] - y[k]) * (out[k] - y[k]);
  CHECK(near(found.loss, sum));
  CHECK(found.count == 3);
  CHECK(found.weight == 9);
  CHECK(found.labels == 0);
  CHECK(near(found.mean_loss(), sum / 9));

  using Places = tnn::Sequential<tnn::Input<1, 2, 2>, tnn::Conv2d<3, tnn::Kernel<1>>>;
  tnn::Model<Places, tnn::Cpu> dense{tnn::Cpu{}, {.capacity = 2, .seed = 1}};
  const tnn::Samples pixels({1, 2, 2}, std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8},
                            std::vector<std::int32_t>{0, 1, 2, -100, 2, 2, 1, 0});
  const tnn::BatchResult labelled = tnn::evaluate(dense, pixels, tnn::CrossEntropyLoss{});
  CHECK(labelled.labels == 7);  // one is ignore_index
  CHECK(labelled.count == 2);
  ClassificationMetrics by_hand(3);
  const std::vector<float> z = dense.forward(std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8});
  const std::vector<std::int32_t> labels{0, 1, 2, -100, 2, 2, 1, 0};
  for (std::size_t i = 0; i < 8; ++i) {
    if (labels[i] < 0) continue;
    const std::size_t at = i / 4 * 12 + i % 4;
    by_hand.add(std::span<const float>(std::vector<float>{z[at], z[at + 4], z[at + 8]}), labels[i]);
  }
  CHECK(near(labelled.mean_loss(), by_hand.loss()));
  CHECK(labelled.accuracy() == by_hand.top(1));
}
