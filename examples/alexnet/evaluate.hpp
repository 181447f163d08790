#pragma once
// alexnet evaluate: loss, top-1, top-5 and the confusion matrix on the test images.
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <tnn/alexnet.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/io/weights.hpp>
#include <tnn/train/evaluate.hpp>

#include "images.hpp"
#include "memory.hpp"
#include "not_finite.hpp"
#include "progress.hpp"
#include "run.hpp"
#include "weights_note.hpp"

namespace program {

inline void print_confusion(const tnn::ClassificationMetrics& m) {
  fmt::print("\nrows: what it is; columns: what it was taken for\n{:12}", "");
  for (int p = 0; p < m.classes(); ++p) fmt::print("{:>6}", p);
  fmt::print("   right\n");
  for (int label = 0; label < m.classes(); ++label) {
    std::int64_t all = 0;
    for (int p = 0; p < m.classes(); ++p) all += m.confusion(label, p);
    fmt::print("{} {:10}", label, tnn::fashion_mnist_class_names[static_cast<std::size_t>(label)]);
    for (int p = 0; p < m.classes(); ++p) fmt::print("{:>6}", m.confusion(label, p));
    fmt::print("  {:5.1f}%\n", all > 0 ? 100.0 * static_cast<double>(m.confusion(label, label)) /
                                             static_cast<double>(all)
                                       : 0.0);
  }
}

template <class Backend>
void evaluate_on(Backend backend, const evaluate_options& options) {
  using model_type = tnn::Model<tnn::AlexNet<>, Backend>;
  const tnn::LabelledImages data = tnn::fashion_mnist(options.data, tnn::Split::test);
  if (options.limit > data.size())
    throw tnn::error(fmt::format("--limit {} asks for more than the {} images of {}", options.limit,
                                 data.size(), data.name()));
  const tnn::LabelledImages images = options.limit > 0 ? data.first(options.limit) : data;
  require_memory(backend,
                 tnn::bytes_of<tnn::AlexNet<>, Backend>(options.batch, tnn::mode::infer,
                                                        backend.thread_count())
                     .total(),
                 options.batch);
  model_type model{std::move(backend),
                   {.capacity = options.batch, .initialise = tnn::zero_initialisation}};
  tnn::load(model, options.weights);
  note_origin(options.weights);
  progress bar(when_unread::fail);
  pace speed;
  std::int64_t before = 0;
  const auto metrics = tnn::evaluate(
      model, images_for_network(images, options.mean, options.deviation), [&](std::int64_t done) {
        speed.add(done - before);
        before = done;
        if (!options.json)
          bar.show("evaluating", done, images.size(),
                   fmt::format("{:.1f} images/s", speed.images_per_second()));
        return true;
      });
  if (!std::isfinite(metrics.loss()))
    throw not_finite("the loss on the test images", metrics.loss(), options.weights);
  if (options.json) {
    nlohmann::ordered_json confusion = nlohmann::ordered_json::array();
    for (int label = 0; label < metrics.classes(); ++label) {
      confusion.push_back(nlohmann::ordered_json::array());
      for (int p = 0; p < metrics.classes(); ++p)
        confusion.back().push_back(metrics.confusion(label, p));
    }
    const nlohmann::ordered_json report{{"images", metrics.count()},
                                        {"loss", metrics.loss()},
                                        {"top1", metrics.top(1)},
                                        {"top5", metrics.top(5)},
                                        {"confusion", confusion}};
    fmt::print("{}\n", report.dump());
    return;
  }
  bar.say(fmt::format("{} test images: loss {:.4f}, top-1 {:.2f}%, top-5 {:.2f}%", metrics.count(),
                      metrics.loss(), 100 * metrics.top(1), 100 * metrics.top(5)));
  print_confusion(metrics);
}

}  // namespace program
