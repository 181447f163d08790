// Training on Cuda: steps replayed from a graph, batches sent ahead, and whatever order the device
// works in: the same bits.
#include <future>
#include <memory>
#include <vector>

#include <tnn/cuda.cuh>
#include <tnn/layers/add_up.hpp>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/every_layer.hpp"
#include "support/orders.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

using M = Model<every_layer, Cuda>;
constexpr int capacity = 5;

std::vector<float> images(int step, int batch) {
  return formula_values<float>(static_cast<std::uint32_t>(step), batch * M::input_size);
}
std::vector<std::int32_t> labels(int step, int batch) {
  std::vector<std::int32_t> l;
  for (int n = 0; n < batch; ++n) l.push_back((3 * n + step) % 5);
  return l;
}
int batch_of(int step) { return step == 3 ? 2 : capacity; }
SGD sgd_of(int step) { return {step < 2 ? 0.1 : 0.01, 0.9, 5e-4}; }

struct left {
  std::vector<double> losses;
  std::vector<float> parameters;
  friend bool operator==(const left&, const left&) = default;
};

void read(M& model, left& l) {
  for (const ParameterInfo& p : parameters_table<every_layer>) {
    std::vector<float> values(static_cast<std::size_t>(p.size));
    model.read(p.name, values);
    l.parameters.insert(l.parameters.end(), values.begin(), values.end());
  }
}

left trained(Cuda cuda, int steps = 7) {
  M model{cuda, {.capacity = 2, .seed = 3}};
  Training training{model, {.capacity = capacity, .seed = 4}};
  left l;
  for (int step = 0; step < steps; ++step)
    l.losses.push_back(
        training.step(images(step, batch_of(step)), labels(step, batch_of(step)), sgd_of(step))
            .loss);
  read(model, l);
  return l;
}

/// Each batch is sent while the step before it may still run; its host memory is gone afterwards.
left trained_ahead(Cuda cuda, int steps = 7) {
  M model{cuda, {.capacity = 2, .seed = 3}};
  Training training{model, {.capacity = capacity, .seed = 4}};
  left l;
  const auto stage = [&](int step) {
    std::vector<float> x = images(step, batch_of(step));
    const auto y = labels(step, batch_of(step));
    training.stage(x, y);
    std::fill(x.begin(), x.end(), NAN);
  };
  stage(0);
  for (int step = 0; step < steps; ++step) {
    training.launch(sgd_of(step));
    if (step + 1 < steps) stage(step + 1);
    l.losses.push_back(training.result().loss);
  }
  read(model, l);
  return l;
}

}  // namespace

TEST_CASE("a replayed step is the step told anew, bit for bit", "[cuda]") {
  const left told = trained({.graphs = false});
  CHECK(trained({.graphs = true}) == told);
  CHECK(trained_ahead({.graphs = false}) == told);
  CHECK(trained_ahead({.graphs = true}) == told);
  for (const double loss : told.losses) CHECK(std::isfinite(loss));
}

TEST_CASE("no order of threads, blocks and streams changes a bit", "[cuda][small]") {
  const left first = trained_ahead({});
  in_every_order([&] { CHECK(trained_ahead({}) == first); });
}

#ifdef TNN_CUDA_EMULATOR  // which has as many devices as a test wants
TEST_CASE("two devices in turn, and a thread for each step", "[cuda]") {
  const left once = trained({}, 4);
  tnn_emulator::set_devices(2);
  std::vector<std::unique_ptr<M>> models;
  std::vector<std::unique_ptr<Training<M>>> trainings;
  for (const int device : {0, 1}) {
    models.push_back(
        std::make_unique<M>(Cuda{.device = device}, ModelOptions{.capacity = 2, .seed = 3}));
    trainings.push_back(std::make_unique<Training<M>>(
        *models.back(), TrainingOptions{.capacity = capacity, .seed = 4}));
  }
  left l[2];
  for (int step = 0; step < 4; ++step)
    for (const std::size_t i : {0u, 1u})
      std::async(std::launch::async, [&] {
        const auto x = images(step, batch_of(step));
        l[i].losses.push_back(
            trainings[i]->step(x, labels(step, batch_of(step)), sgd_of(step)).loss);
      }).get();
  for (const std::size_t i : {0u, 1u}) {
    read(*models[i], l[i]);
    CHECK(l[i] == once);
  }
  tnn_emulator::set_devices(1);
}
#endif

TEST_CASE("a batch size is recorded when it comes twice in a row, and replayed alone", "[cuda]") {
  Cuda cuda;
  Cuda::Recording recording;
  auto memory = cuda.allocate<float>(4);
  int told = 0;
  const auto once = [&](int key) {
    recording.run(cuda, key, [&] {
      ++told;
      cuda.for_each(4, detail::add_up<float>{memory.data(), memory.data(), 4, 1});
    });
    cuda.wait();
  };
  once(5);
  CHECK((told == 1 && !recording.recorded()));
  once(3);
  CHECK((told == 2 && !recording.recorded()));
  once(3);
  CHECK((told == 3 && recording.recorded()));
  once(3);
  once(3);
  CHECK(told == 3);
  once(5);
  CHECK(told == 4);
  once(3);
  CHECK(told == 4);
}

TEST_CASE("a replayed forward is the forward told anew, bit for bit", "[cuda]") {
  const auto logits = [](Cuda cuda, bool on_the_device) {
    M model{std::move(cuda), {.capacity = capacity, .seed = 3}};
    std::vector<float> all;
    for (const int batch : {2, capacity, capacity, capacity, 3, capacity}) {
      const std::vector<float> x = images(static_cast<int>(all.size()), batch);
      std::vector<float> y(static_cast<std::size_t>(batch * M::output_size));
      if (on_the_device) {
        model.backend().copy_in(model.input(), x.data(), batch * M::input_size);
        model.launch(batch);
        model.backend().copy_out(y.data(), model.output(), batch * M::output_size);
        model.backend().wait();
      } else {
        model.forward(x, y);
      }
      all.insert(all.end(), y.begin(), y.end());
    }
    return all;
  };
  const auto told = logits({.graphs = false}, false);
  CHECK(logits({.graphs = true}, false) == told);
  CHECK(logits({.graphs = true}, true) == told);
}

TEST_CASE("what a step does that cannot be recorded is an error, and the stream goes on",
          "[cuda]") {
  Cuda cuda;
  Cuda::Recording recording;
  auto memory = cuda.allocate<float>(4);
  const auto waits = [&] { cuda.wait(); };
  recording.run(cuda, 1, waits);
  CHECK_THROWS_AS(recording.run(cuda, 1, waits), cuda_error);
  std::vector<float> values(4, 1.0f), out(4);
  cuda.copy_in(memory.data(), values.data(), 4);
  cuda.copy_out(out.data(), memory.data(), 4);
  cuda.wait();
  CHECK(out == values);
}
