// What goes wrong on a device is an exception that says what, where and what to do.
#include <tnn/alexnet.hpp>
#include <tnn/cuda.cuh>
#include <tnn/layers/add_up.hpp>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/every_layer.hpp"
#include "support/layer.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

std::int64_t bytes_used() {
  std::size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  return static_cast<std::int64_t>(total - free);
}

__global__ void does_nothing() {}

}  // namespace

TEST_CASE("a device that is not there", "[cuda]") {
  CHECK(::refuses([] { Cuda{.device = 1}.wait(); }, "device 1", "this machine has 1"));
  CHECK(::refuses([] { Cuda{.device = -1}.free_bytes(); }, "device -1"));
}

TEST_CASE("a Cuda that is open keeps its device and precision", "[cuda]") {
  tnn_emulator::set_devices(2);
  Cuda cuda{.device = 1, .precision = cuda_precision::tf32};
  cuda.wait();
  cuda.device = 0;
  CHECK(::refuses([&] { cuda.wait(); }, "which was on device 1 with tf32",
                  "make another for device 0 with tf32"));
  cuda.device = 1;
  cuda.wait();
  cuda.precision = cuda_precision::fp32;
  CHECK(::refuses([&] { cuda.wait(); }, "make another for device 1 with fp32"));
  tnn_emulator::set_devices(1);
}

TEST_CASE("too little memory says how much is needed and free", "[cuda]") {
  tnn_emulator::set_device_memory(1 << 20);
  CHECK(::refuses(
      [] {
        Model<AlexNet<>, Cuda> model{{}, {.capacity = 1}};
      },
      "1048576 bytes free", "187059008 more are needed", "a smaller batch"));
  CHECK(bytes_used() == 0);
  tnn_emulator::set_device_memory(std::size_t{4} << 30);
  Cuda cuda;
  CHECK(cuda.free_bytes() == std::int64_t{4} << 30);
}

TEST_CASE("a failed call is named, with its place, the error and its meaning", "[cuda]") {
  CHECK(::refuses([] { check(cudaErrorInvalidValue, "cudaSomething"); }, "cudaSomething failed",
                  "errors.cpp:", "cudaErrorInvalidValue", "invalid argument"));
  CHECK(::refuses([] { check(CUBLAS_STATUS_NOT_INITIALIZED, "cublasSomething"); },
                  "cublasSomething failed", "errors.cpp:", "CUBLAS_STATUS_NOT_INITIALIZED"));
  CHECK(::refuses([] { check(cudaErrorNoDevice, "x"); }, "is one in this machine"));
  CHECK(::refuses([] { check(cudaErrorInsufficientDriver, "x"); }, "driver is missing or older"));
  CHECK(::refuses([] { check(cudaErrorNoKernelImageForDevice, "x"); }, "CMAKE_CUDA_ARCHITECTURES"));
  Cuda cuda;
  CHECK(::refuses(
      [&] {
        detail::launch(cuda.stream(), {dim3{1}, dim3{2048}}, does_nothing);
      },
      "cudaLaunchKernelEx failed", "launch.cuh:", "cudaErrorInvalidConfiguration"));
}

namespace {

/// The loss of a step, and of another after `fail` has failed in between.
template <class Fail>
std::pair<double, double> around(Fail fail) {
  using M = Model<every_layer, Cuda>;
  M model{Cuda{}, {.capacity = 1, .seed = 3}};
  Training training{model, {.capacity = 2, .seed = 4}};
  const auto x = formula_values<float>(1, 2 * M::input_size);
  const std::vector<std::int32_t> labels{1, 2};
  const double first = training.step(x, labels, {.rate = 0.1}).loss;
  fail(model.backend());
  const double second = training.step(x, labels, {.rate = 0.1}).loss;
  return {first, second};
}

}  // namespace

TEST_CASE("after a failure that was caught the next step is what it would have been", "[cuda]") {
  const auto undisturbed = around([](Cuda&) {});
  CHECK(around([](Cuda& cuda) {
          CHECK_THROWS_AS(detail::launch(cuda.stream(), {dim3{1}, dim3{2048}}, does_nothing),
                          cuda_error);
        }) == undisturbed);
  CHECK(around([](Cuda& cuda) {
          tnn_emulator::set_device_memory(std::size_t{1} << 27);
          CHECK_THROWS_AS(cuda.allocate<float>(1 << 26), cuda_error);
          tnn_emulator::set_device_memory(std::size_t{4} << 30);
        }) == undisturbed);
  CHECK(around([](Cuda& cuda) {
          Cuda::Recording recording;
          const auto waits = [&] { cuda.wait(); };
          recording.run(cuda, 1, waits);
          CHECK_THROWS_AS(recording.run(cuda, 1, waits), cuda_error);
        }) == undisturbed);
  CHECK(around([](Cuda& cuda) {
          float host = 0;
          CHECK_THROWS_AS(cuda.copy_in(static_cast<float*>(nullptr), &host, 1), cuda_error);
        }) == undisturbed);
  CHECK(around([](Cuda& cuda) {  // what a destructor can't give back
          detail::free_device{}(reinterpret_cast<float*>(&cuda));
        }) == undisturbed);
}

TEST_CASE("an error of others that Thrust finds is named, and taken away", "[cuda]") {
  Cuda cuda;
  auto memory = cuda.allocate<float>(4);
  const auto sums = [&] {
    cuda.for_each(4, detail::add_up<float>{memory.data(), memory.data(), 4, 1});
  };
  cudaSetDevice(77);  // unchecked
  CHECK(::refuses(sums, "thrust failed", "launch.cuh:", "cudaErrorInvalidDevice"));
  CHECK_FALSE(::refuses(sums));
  cuda.wait();
}

TEST_CASE("Cuda's memory is what the plan says", "[cuda]") {
  using M = Model<every_layer, Cuda>;
  const auto bytes = [](int at, mode m) {
    return m == mode::train ? training_bytes<every_layer, Cuda>({.capacity = at}, 1)
                            : bytes_of<every_layer, Cuda>(at, m, 1);
  };
  for (const int infer : {1, 5})
    for (const int train : {1, 7}) {
      M model{Cuda{}, {.capacity = infer}};
      CHECK(bytes_used() == bytes(infer, mode::infer).total());
      Training training{model, {.capacity = train}};
      CHECK(bytes_used() == bytes(infer, mode::infer).total() + bytes(train, mode::train).total() -
                                bytes(train, mode::train).parameters);
    }
  CHECK(bytes_used() == 0);
}

TEST_CASE("a device without tensor cores, or a program without code for them", "[cuda]") {
  const auto open = [](cuda_precision precision) {
    return [=] { Cuda{.precision = precision}.wait(); };
  };
  tnn_emulator::set_capability(75);
  CHECK(::refuses(open(cuda_precision::tf32), "device 0", "compute capability 7.5", "tf32",
                  "needs 8.0", "ask for precision fp32"));
  CHECK(::refuses(open(cuda_precision::bf16), "compute capability 7.5", "bf16", "needs 8.0"));
  CHECK_FALSE(::refuses(open(cuda_precision::fp32)));
  tnn_emulator::set_capability(90, 75);
  CHECK(::refuses(open(cuda_precision::bf16), "built for compute capability 7.5", "bf16",
                  "ask for precision fp32", "-DCMAKE_CUDA_ARCHITECTURES=90"));
  CHECK_FALSE(::refuses(open(cuda_precision::fp32)));
  tnn_emulator::set_capability(80, 80);
  CHECK_FALSE(::refuses(open(cuda_precision::tf32)));
  tnn_emulator::set_capability();
}

TEST_CASE("a batch whose places no int can number is refused before anything is launched",
          "[cuda]") {
  using Case = layer_case<Conv2d<2, Kernel<3>, Padding<2>>, Shape<1, 100, 100>>;
  using math = compute<Cuda, float, Case::bound>;
  Cuda cuda;
  pass<float, Case::bound> p;
  const auto refused = [&](int batch, auto... words) {
    p.batch = batch;
    return ::refuses([&] { math::forward(cuda, p); }, words...) &&
           ::refuses([&] { math::backward(cuda, p); }, words...);
  };
  // 102 x 102 places: 206,412 images make 2,147,510,448.
  CHECK(refused(206412, "206412", "10404 places", "206409 is the largest"));
  CHECK(refused(206410, "206410", "206409 is the largest"));
  CHECK_FALSE(::refuses([] { detail::require_indices(206409, 10404); }));
  // The data's gradient is numbered by places of the input.
  using narrowing = layer_case<Conv2d<2, Kernel<51>>, Shape<1, 100, 100>>;
  float dx = 0;
  pass<float, narrowing::bound> back;
  back.dx = &dx;
  back.batch = 214749;
  CHECK(::refuses([&] { compute<Cuda, float, narrowing::bound>::backward(cuda, back); },
                  "10000 places", "214748 is the largest"));
  cuda.wait();
}
