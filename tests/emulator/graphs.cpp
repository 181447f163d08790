// Capture and replay, and what CUDA forbids meanwhile.
#include <thread>

#include "emulator/child.hpp"
#include "emulator/device_vector.hpp"

using tnn_emulator::order;

namespace {

__global__ void plus(float* to, float value) { to[threadIdx.x] += value; }
__global__ void times(float* to, float value) { to[threadIdx.x] *= value; }

/// Two streams, an event, four floats of 1.
struct captured {
  captured() : x(std::vector<float>(4, 1.0f)) {
    REQUIRE(cudaStreamCreateWithFlags(&a, cudaStreamNonBlocking) == cudaSuccess);
    REQUIRE(cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking) == cudaSuccess);
    REQUIRE(cudaEventCreateWithFlags(&e, cudaEventDisableTiming) == cudaSuccess);
    REQUIRE(cudaMallocHost(&pinned, 4 * sizeof(float)) == cudaSuccess);
  }
  ~captured() {
    cudaGraph_t rest = nullptr;
    cudaStreamEndCapture(a, &rest);
    cudaFreeHost(pinned);
    cudaEventDestroy(e);
    cudaStreamDestroy(a), cudaStreamDestroy(b);
    cudaGetLastError();
  }
  captured(const captured&) = delete;
  captured& operator=(const captured&) = delete;

  void begin(cudaStreamCaptureMode mode = cudaStreamCaptureModeThreadLocal) const {
    REQUIRE(cudaStreamBeginCapture(a, mode) == cudaSuccess);
  }
  cudaError_t run(cudaStream_t s, void (*kernel)(float*, float), float value) const {
    const cudaLaunchConfig_t config{1, 4, 0, s, nullptr, 0};
    return cudaLaunchKernelEx(&config, kernel, x.data, value);
  }
  cudaGraph_t end() const {
    cudaGraph_t graph = nullptr;
    REQUIRE(cudaStreamEndCapture(a, &graph) == cudaSuccess);
    REQUIRE(graph != nullptr);
    return graph;
  }
  /// Of a capture in which `call` was made: its error, then the error of the end.
  template <class Call>
  void forbids(Call call, cudaError_t error) const {
    CHECK(call() == error);
    cudaStreamCaptureStatus status{};
    CHECK(cudaStreamIsCapturing(a, &status) == cudaSuccess);
    CHECK(status == cudaStreamCaptureStatusInvalidated);
    CHECK(run(a, plus, 1) == cudaErrorStreamCaptureInvalidated);
    cudaGraph_t graph = reinterpret_cast<cudaGraph_t>(1);
    CHECK(cudaStreamEndCapture(a, &graph) == cudaErrorStreamCaptureInvalidated);
    CHECK(graph == nullptr);
    CHECK(run(a, plus, 1) == cudaSuccess);  // the stream works on
    CHECK(cudaStreamSynchronize(a) == cudaSuccess);
    cudaGetLastError();
  }

  cudaStream_t a = nullptr, b = nullptr;
  cudaEvent_t e = nullptr;
  device_vector x;
  float* pinned = nullptr;
};

}  // namespace

TEST_CASE("a graph replays what was captured, with the values of then") {
  const captured c;
  cudaStreamCaptureStatus status{};
  c.begin();
  CHECK(cudaStreamIsCapturing(c.a, &status) == cudaSuccess);
  CHECK(status == cudaStreamCaptureStatusActive);
  float value = 2;
  REQUIRE(c.run(c.a, plus, value) == cudaSuccess);
  value = 100;
  REQUIRE(c.run(c.a, times, 3) == cudaSuccess);
  REQUIRE(tnn_emulator::enqueue(c.a, [p = c.x.data] { p[0] += 1; }) == cudaSuccess);
  REQUIRE(cudaMemcpyAsync(c.pinned, c.x.data, 16, cudaMemcpyDeviceToHost, c.a) == cudaSuccess);
  const cudaGraph_t graph = c.end();
  CHECK(cudaStreamIsCapturing(c.a, &status) == cudaSuccess);
  CHECK(status == cudaStreamCaptureStatusNone);
  CHECK(c.x.values()[0] == 1);  // nothing has run

  std::size_t n = 0;
  CHECK(cudaGraphGetNodes(graph, nullptr, &n) == cudaSuccess);
  CHECK(n == 4);
  cudaGraphExec_t exec = nullptr;
  REQUIRE(cudaGraphInstantiate(&exec, graph, 0) == cudaSuccess);
  REQUIRE(cudaGraphDestroy(graph) == cudaSuccess);
  for (int i = 0; i < 2; ++i) REQUIRE(cudaGraphLaunch(exec, c.b) == cudaSuccess);
  CHECK(c.x.values()[0] == 1);
  REQUIRE(cudaStreamSynchronize(c.b) == cudaSuccess);
  CHECK(c.pinned[0] == ((1 + 2) * 3 + 1 + 2) * 3 + 1);
  CHECK(c.pinned[1] == ((1 + 2) * 3 + 2) * 3);
  REQUIRE(cudaGraphExecDestroy(exec) == cudaSuccess);
}

TEST_CASE("a graph keeps the events of its streams") {
  const orders_kept kept;
  const auto run = [](order o, bool right) {
    const captured c;
    tnn_emulator::set_order(o);
    c.begin();
    REQUIRE(cudaEventRecord(c.e, c.a) == cudaSuccess);
    REQUIRE(cudaStreamWaitEvent(c.b, c.e) == cudaSuccess);  // forks
    REQUIRE(c.run(c.a, plus, 1) == cudaSuccess);
    if (right) {
      REQUIRE(cudaEventRecord(c.e, c.a) == cudaSuccess);
      REQUIRE(cudaStreamWaitEvent(c.b, c.e) == cudaSuccess);
    }
    REQUIRE(c.run(c.b, times, 4) == cudaSuccess);
    REQUIRE(cudaEventRecord(c.e, c.b) == cudaSuccess);
    REQUIRE(cudaStreamWaitEvent(c.a, c.e) == cudaSuccess);  // joins
    const cudaGraph_t graph = c.end();
    cudaGraphExec_t exec = nullptr;
    REQUIRE(cudaGraphInstantiate(&exec, graph) == cudaSuccess);
    REQUIRE(cudaGraphLaunch(exec, c.a) == cudaSuccess);
    REQUIRE(cudaStreamSynchronize(c.a) == cudaSuccess);
    cudaGraphExecDestroy(exec);
    cudaGraphDestroy(graph);
    return c.x.values()[0];
  };
  CHECK(run(order::forward, true) == 8);
  CHECK(run(order::reverse, true) == 8);
  CHECK(run(order::forward, false) == 8);
  CHECK(run(order::reverse, false) == 5);
}

TEST_CASE("what a capture forbids ruins it") {
  const captured c;
  const auto mode = GENERATE(cudaStreamCaptureModeGlobal, cudaStreamCaptureModeThreadLocal);
  const auto unsupported = cudaErrorStreamCaptureUnsupported;
  float host[4];
  void* p = nullptr;
  c.begin(mode);
  SECTION("cudaMalloc") {
    c.forbids([&] { return cudaMalloc(&p, 4); }, unsupported);
  }
  SECTION("cudaFree") {
    c.forbids([&] { return cudaFree(c.x.data); }, unsupported);
  }
  SECTION("cudaMallocHost") {
    c.forbids([&] { return cudaMallocHost(&p, 4); }, unsupported);
  }
  SECTION("cudaMemcpy") {
    c.forbids([&] { return cudaMemcpy(host, c.x.data, 16, cudaMemcpyDeviceToHost); }, unsupported);
  }
  SECTION("pageable copies") {
    c.forbids([&] { return cudaMemcpyAsync(host, c.x.data, 16, cudaMemcpyDeviceToHost, c.a); },
              unsupported);
  }
  SECTION("waiting for the stream") {
    c.forbids([&] { return cudaStreamSynchronize(c.a); }, unsupported);
  }
  SECTION("asking the stream") {
    c.forbids([&] { return cudaStreamQuery(c.a); }, unsupported);
  }
  SECTION("waiting for the device") { c.forbids(cudaDeviceSynchronize, unsupported); }
  SECTION("waiting for an event of it") {
    REQUIRE(cudaEventRecord(c.e, c.a) == cudaSuccess);
    c.forbids([&] { return cudaEventSynchronize(c.e); }, cudaErrorCapturedEvent);
  }
  SECTION("an event of work outside") {
    REQUIRE(cudaEventRecord(c.e, c.b) == cudaSuccess);
    c.forbids([&] { return cudaStreamWaitEvent(c.a, c.e); }, cudaErrorStreamCaptureIsolation);
  }
}

TEST_CASE("the legacy stream and a blocking stream that captures") {
  captured c;
  cudaStreamDestroy(c.a);
  REQUIRE(cudaStreamCreateWithFlags(&c.a, cudaStreamDefault) == cudaSuccess);
  c.begin(cudaStreamCaptureModeRelaxed);
  c.forbids([&] { return c.run(nullptr, plus, 1); }, cudaErrorStreamCaptureImplicit);
}

TEST_CASE("other threads, and relaxed captures") {
  const captured c;
  void* p = nullptr;
  const auto allocate = [&] {
    const cudaError_t e = cudaMalloc(&p, 4);
    return e == cudaSuccess ? (tnn_emulator::memory().release(p), e) : e;
  };
  const auto elsewhere = [](auto f) {
    cudaError_t e{};
    std::thread([&] { e = f(); }).join();
    return e;
  };
  c.begin(cudaStreamCaptureModeThreadLocal);
  CHECK(elsewhere(allocate) == cudaSuccess);
  cudaGraph_t graph = nullptr;
  CHECK(elsewhere([&] { return cudaStreamEndCapture(c.a, &graph); }) ==
        cudaErrorStreamCaptureWrongThread);
  cudaGraphDestroy(c.end());
  c.begin(cudaStreamCaptureModeGlobal);
  CHECK(elsewhere(allocate) == cudaErrorStreamCaptureUnsupported);
  CHECK(cudaStreamEndCapture(c.a, &graph) == cudaErrorStreamCaptureInvalidated);
  c.begin(cudaStreamCaptureModeRelaxed);
  CHECK(allocate() == cudaSuccess);
  CHECK(elsewhere(allocate) == cudaSuccess);
  cudaGraphDestroy(c.end());
}

TEST_CASE("captures begin and end where they may") {
  const captured c;
  cudaGraph_t graph = nullptr;
  constexpr auto mode = cudaStreamCaptureModeThreadLocal;
  CHECK(cudaStreamBeginCapture(nullptr, mode) == cudaErrorStreamCaptureUnsupported);
  CHECK(cudaStreamEndCapture(c.a, &graph) == cudaErrorIllegalState);
  c.begin();
  CHECK(cudaStreamBeginCapture(c.a, mode) == cudaErrorIllegalState);
  REQUIRE(cudaEventRecord(c.e, c.a) == cudaSuccess);
  REQUIRE(cudaStreamWaitEvent(c.b, c.e) == cudaSuccess);
  REQUIRE(c.run(c.b, plus, 1) == cudaSuccess);
  SECTION("a stream that forked and did not join") {
    CHECK(cudaStreamEndCapture(c.a, &graph) == cudaErrorStreamCaptureUnjoined);
    CHECK(graph == nullptr);
  }
  SECTION("another stream than it began in") {
    CHECK(cudaStreamEndCapture(c.b, &graph) == cudaErrorStreamCaptureUnmatched);
  }
  SECTION("two captures that meet") {
    cudaStream_t other = nullptr;
    REQUIRE(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking) == cudaSuccess);
    REQUIRE(cudaStreamBeginCapture(other, mode) == cudaSuccess);
    CHECK(cudaStreamWaitEvent(other, c.e) == cudaErrorStreamCaptureMerge);
    CHECK(cudaStreamEndCapture(other, &graph) == cudaErrorStreamCaptureInvalidated);
    CHECK(cudaStreamEndCapture(c.a, &graph) == cudaErrorStreamCaptureInvalidated);
    cudaStreamDestroy(other);
  }
  CHECK(cudaStreamWaitEvent(c.b, c.e) == cudaErrorCapturedEvent);  // of a capture that has ended
}
