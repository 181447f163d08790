// What goes wrong on a device is an exception that says what, where and what to do.
#include <tnn/alexnet.hpp>
#include <tnn/cuda.cuh>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/every_layer.hpp"

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

TEST_CASE("too little memory says how much is needed and free", "[cuda]") {
  tnn_emulator::set_device_memory(1 << 20);
  CHECK(::refuses(
      [] {
        Model<AlexNet<>, Cuda> model{{}, {.capacity = 1}};
      },
      "1048576 bytes free", "187058984 more are needed", "a smaller batch"));
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

TEST_CASE("Cuda's memory is what the plan says", "[cuda]") {
  using M = Model<every_layer, Cuda>;
  const auto bytes = [](int at, mode m) { return bytes_of<every_layer, Cuda>(at, m, 1); };
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
