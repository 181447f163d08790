// The parts of Cuda's work by name, as profilers and cuda_timeline see them.
#include <nvtx3/nvToolsExt.h>

#include <string>
#include <vector>

#include <tnn/cuda.cuh>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

using Net =
    Sequential<Input<2, 6, 5>,
               Named<"features", Sequential<Conv2d<3, Kernel<3>>, ReLU, Conv2d<2, Kernel<2>>>>,
               Flatten, Linear<4>>;
using M = Model<Net, Cuda>;

const std::vector<std::string> forward{"features.0 Conv2d<3, Kernel<3>>, ReLU forward",
                                       "features.2 Conv2d<2, Kernel<2>> forward",
                                       "1 Flatten forward", "2 Linear<4> forward"};

/// A step's backward, with the parts of each.
std::vector<std::string> step_paths() {
  std::vector<std::string> all = forward;
  const auto add = [&](const std::string& layer, std::vector<const char*> parts) {
    all.push_back(layer + " backward");
    for (const char* part : parts) all.push_back(layer + " backward/" + part);
  };
  add("2 Linear<4>", {"weight gradient", "bias gradient", "data gradient"});
  add("1 Flatten", {});
  add("features.2 Conv2d<2, Kernel<2>>", {"weight gradient", "bias gradient", "data gradient"});
  add("features.0 Conv2d<3, Kernel<3>>, ReLU", {"weight gradient", "bias gradient"});
  return all;
}

void step(Training<M>& training) {
  const auto x = formula_values<float>(1, 2 * M::input_size);
  const std::vector<std::int32_t> labels{1, 2};
  training.step(x, labels, {.rate = 0.1});
}

}  // namespace

TEST_CASE("NVTX has a range for each layer's pass and for the parts of it", "[cuda]") {
  M model{Cuda{}, {.capacity = 2}};
  Training training{model, {.capacity = 2}};
  tnn_emulator::nvtx() = {};
  step(training);
  CHECK(tnn_emulator::nvtx().seen == step_paths());
  CHECK(tnn_emulator::nvtx().open.empty());
}

TEST_CASE("a replayed step or forward opens no range", "[cuda]") {
  M model{Cuda{}, {.capacity = 2}};
  Training training{model, {.capacity = 2}};
  std::vector<float> logits(2 * 4);
  const auto forward_again = [&] {
    model.forward(formula_values<float>(1, 2 * M::input_size), logits);
  };
  for (int i = 0; i < 2; ++i) step(training), forward_again();
  tnn_emulator::nvtx() = {};
  step(training);
  forward_again();
  CHECK(tnn_emulator::nvtx().seen.empty());
}

TEST_CASE("a timeline that could not record an event says so once, and goes on", "[cuda]") {
  cuda_timeline timeline;
  Cuda cuda{.timeline = &timeline};
  { const Cuda::Range good(cuda, "good"); }
  auto& compute = cuda.queue().compute;
  const cudaStream_t there = compute.release(), gone = detail::make_stream().release();
  REQUIRE(cudaStreamDestroy(gone) == cudaSuccess);
  compute.reset(gone);
  CHECK_THROWS_AS(Cuda::Range(cuda, "bad"), cuda_error);
  (void)compute.release();
  compute.reset(there);
  { const Cuda::Range good(cuda, "again"); }
  const auto found = timeline.read(cuda);
  REQUIRE(found.size() == 2);
  CHECK((found[1].name == "again" && found[1].depth == 0));
}

TEST_CASE("a timeline times them, and no step is replayed meanwhile", "[cuda]") {
  cuda_timeline timeline;
  M model{Cuda{.timeline = &timeline}, {.capacity = 2}};
  Training training{model, {.capacity = 2}};
  const auto check_step = [&] {
    const auto found = timeline.read(model.backend());
    std::vector<std::string> paths;
    std::string outer;
    float inner = 0;
    // Backwards: the parts of a range then come before it.
    for (auto entry = found.rbegin(); entry != found.rend(); ++entry) {
      if (entry->depth == 0) {
        CHECK(entry->milliseconds >= inner);
        inner = 0;
      } else {
        CHECK(entry->milliseconds > 0);
        inner += entry->milliseconds;
      }
    }
    for (const auto& entry : found) {
      if (entry.depth == 0) outer = entry.name;
      paths.push_back(entry.depth == 0 ? outer : outer + "/" + entry.name);
    }
    CHECK(paths == step_paths());
  };
  for (int i = 0; i < 3; ++i) {
    step(training);
    check_step();
  }
  std::vector<float> logits(2 * 4);
  for (int i = 0; i < 3; ++i) {
    model.forward(formula_values<float>(1, 2 * M::input_size), logits);
    CHECK(timeline.read(model.backend()).size() == forward.size());
  }
  CHECK(timeline.read(model.backend()).empty());
}
