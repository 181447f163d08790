#pragma once
// alexnet bench: images a second on random images. `train` calls the very function that training
// calls; `infer` copies images in and logits out, as a user's program would. bench_table.cpp prints
// it.
#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include <tnn/alexnet.hpp>
#include <tnn/train/training.hpp>

#include "memory.hpp"
#include "run.hpp"

namespace program {

/// Floating-point operations of a training step on one sample: two a multiply-add, in forward, in
/// the weights' gradient and in the data's; the first layer's data gradient is not computed.
template <class Net>
constexpr double training_flops =
    2.0 * (3.0 * static_cast<double>(tnn::multiply_adds<Net>) -
           static_cast<double>(tnn::detail::nth_t<0, tnn::layers_t<Net>>::type::multiply_adds));

template <class Backend>
bench_result bench_on(Backend backend, const bench_options& options) {
  using Net = tnn::AlexNet<>;
  using model_type = tnn::Model<Net, Backend>;
  using clock = std::chrono::steady_clock;
  const auto n = static_cast<std::size_t>(options.batch);
  require_memory(backend,
                 tnn::bytes_of<Net, Backend>(options.batch,
                                             options.train ? tnn::mode::train : tnn::mode::infer,
                                             backend.thread_count())
                     .total(),
                 options.batch);
  model_type model{std::move(backend), {.capacity = options.train ? 1 : options.batch, .seed = 1}};
  std::vector<float> images(n * static_cast<std::size_t>(model_type::input_size));
  std::vector<float> logits(n * static_cast<std::size_t>(model_type::output_size));
  std::vector<std::int32_t> labels(n);
  const std::uint64_t key = tnn::stream_key(1, tnn::random_stream::images);
  for (std::size_t i = 0; i < images.size(); ++i)
    images[i] = tnn::uniform_float(tnn::philox(key, static_cast<std::uint32_t>(i), 0, 0, 0).v[0]);
  for (std::size_t i = 0; i < n; ++i) labels[i] = static_cast<std::int32_t>(i % 10);

  std::optional<tnn::Training<model_type>> training;
  if (options.train) training.emplace(model, tnn::TrainingOptions{options.batch, 1});
  const auto once = [&] {
    if (training) {
      training->step(images, labels, tnn::SGD{1e-4, 0.9, 5e-4});
    } else {
      model.forward(images, logits);
    }
  };
  once();
  std::vector<double> seconds;
  const auto since = [](clock::time_point at) {
    return std::chrono::duration<double>(clock::now() - at).count();
  };
  // At least three runs, unless they take ten times the seconds asked for.
  for (const auto began = clock::now();
       since(began) < options.seconds ||
       (seconds.size() < 3 && since(began) < 10 * options.seconds);) {
    const auto at = clock::now();
    once();
    seconds.push_back(since(at));
  }
  std::sort(seconds.begin(), seconds.end());
  const double median = seconds[seconds.size() / 2];
  const double flops =
      options.train ? training_flops<Net> : 2.0 * static_cast<double>(tnn::multiply_adds<Net>);
  bench_result r;
  r.runs = seconds.size();
  r.images_per_second = options.batch / median;
  r.median = 1000 * median;
  r.least = 1000 * seconds.front();
  r.most = 1000 * seconds.back();
  r.gflops = r.images_per_second * flops / 1e9;
  return r;
}

}  // namespace program
