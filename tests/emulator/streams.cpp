// Streams are lazy, their order is free but for events, and copies read when CUDA's do.
#include <future>

#include "emulator/child.hpp"
#include "emulator/device_vector.hpp"

using tnn_emulator::order;

namespace {

__global__ void fill(float* to, float value) { to[threadIdx.x] = value; }
__global__ void add_into(float* to, const float* from) { to[threadIdx.x] += from[threadIdx.x]; }

struct stream {
  explicit stream(unsigned flags = cudaStreamNonBlocking) {
    REQUIRE(cudaStreamCreateWithFlags(&handle, flags) == cudaSuccess);
  }
  ~stream() { cudaStreamDestroy(handle); }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  /// Says its name when it runs.
  void note(std::string& to, char name) const {
    REQUIRE(tnn_emulator::enqueue(handle, [&to, name] { to += name; }) == cudaSuccess);
  }
  template <class... P, class... A>
  cudaError_t launch_here(void (*kernel)(P...), A... arguments) const {
    const cudaLaunchConfig_t config{1, 4, 0, handle, nullptr, 0};
    return cudaLaunchKernelEx(&config, kernel, arguments...);
  }
  void wait() const { REQUIRE(cudaStreamSynchronize(handle) == cudaSuccess); }
  cudaStream_t handle = nullptr;
};

struct event {
  event() { REQUIRE(cudaEventCreateWithFlags(&handle, cudaEventDisableTiming) == cudaSuccess); }
  ~event() { cudaEventDestroy(handle); }
  event(const event&) = delete;
  event& operator=(const event&) = delete;
  void record(const stream& s) const { REQUIRE(cudaEventRecord(handle, s.handle) == cudaSuccess); }
  void hold(const stream& s) const {
    REQUIRE(cudaStreamWaitEvent(s.handle, handle) == cudaSuccess);
  }
  cudaEvent_t handle = nullptr;
};

struct pinned_floats {
  explicit pinned_floats(float value) {
    REQUIRE(cudaMallocHost(&data, 4 * sizeof(float)) == cudaSuccess);
    std::fill(data, data + 4, value);
  }
  ~pinned_floats() { cudaFreeHost(data); }
  pinned_floats(const pinned_floats&) = delete;
  pinned_floats& operator=(const pinned_floats&) = delete;
  float* data = nullptr;
};

constexpr std::size_t bytes = 4 * sizeof(float);

}  // namespace

TEST_CASE("nothing runs before the host waits, and then what it waits for") {
  const stream a, b;
  std::string ran;
  a.note(ran, '1'), b.note(ran, '2'), a.note(ran, '3');
  CHECK(ran == "");
  const orders_kept kept;
  tnn_emulator::set_order(order::reverse);
  b.wait();
  CHECK(ran == "2");
  a.wait();
  CHECK(ran == "213");
}

TEST_CASE("streams take turns as the order says") {
  const orders_kept kept;
  const auto run = [](order o, std::uint64_t seed) {
    const stream a, b;
    std::string ran;
    for (const char c : {'1', '2', '3'}) a.note(ran, c);
    for (const char c : {'7', '8', '9'}) b.note(ran, c);
    tnn_emulator::set_order(o, seed);
    synchronize();
    return ran;
  };
  CHECK(run(order::forward, 1) == "123789");
  CHECK(run(order::reverse, 1) == "789123");
  CHECK(run(order::random, 5) == run(order::random, 5));
  std::vector<std::string> seen;
  for (std::uint64_t seed = 1; seed < 40; ++seed) {
    const std::string ran = run(order::random, seed);
    if (std::find(seen.begin(), seen.end(), ran) == seen.end()) seen.push_back(ran);
    CHECK(ran.find('1') < ran.find('2'));
    CHECK(ran.find('8') < ran.find('9'));
  }
  CHECK(seen.size() > 10);  // of 20
}

TEST_CASE("a stream waits for an event, as it was recorded") {
  const orders_kept kept;
  tnn_emulator::set_order(order::reverse);
  const stream a, b;
  const event e;
  std::string ran;
  e.hold(b);  // never recorded: no wait
  a.note(ran, '1');
  e.record(a);
  a.note(ran, '2');
  b.note(ran, '3');
  e.hold(b);
  b.note(ran, '4');
  CHECK(cudaEventSynchronize(e.handle) == cudaSuccess);
  CHECK(ran == "31");
  b.wait();
  CHECK(ran == "314");
  a.wait();
  CHECK(ran == "3142");
}

TEST_CASE("who polls gets there") {
  const stream a;
  const event e;
  std::string ran;
  a.note(ran, '1'), a.note(ran, '2');
  e.record(a);
  CHECK(cudaStreamQuery(a.handle) == cudaErrorNotReady);
  CHECK(ran == "1");
  CHECK(cudaEventQuery(e.handle) == cudaErrorNotReady);
  CHECK(cudaEventQuery(e.handle) == cudaSuccess);
  CHECK(cudaStreamQuery(a.handle) == cudaSuccess);
  cudaGetLastError();
}

TEST_CASE("the legacy stream waits for blocking streams, and they for it") {
  const orders_kept kept;
  tnn_emulator::set_order(GENERATE(order::forward, order::reverse, order::random), 3);
  const stream a(cudaStreamDefault), b(cudaStreamDefault);
  std::string ran;
  a.note(ran, '1'), b.note(ran, '1');
  REQUIRE(tnn_emulator::enqueue(nullptr, [&] { ran += '2'; }) == cudaSuccess);
  a.note(ran, '3'), b.note(ran, '3');
  synchronize();
  CHECK(ran == "11233");
  // A stream that isn't blocking takes no part: the copy finds what was there before.
  const device_vector x(std::vector<float>(4, 1.0f));
  const stream c;
  REQUIRE(c.launch_here(fill, x.data, 2.0f) == cudaSuccess);
  tnn_emulator::set_order(order::forward);
  CHECK(x.values()[0] == 1);
  c.wait();
  CHECK(x.values()[0] == 2);
}

TEST_CASE("pinned memory is read when the copy runs, pageable memory at the call") {
  const stream s;
  const device_vector x(std::vector<float>(4));
  const pinned_floats pinned(1);
  std::vector<float> pageable(4, 1.0f);
  const auto copied = [&](float* from) {
    REQUIRE(cudaMemcpyAsync(x.data, from, bytes, cudaMemcpyHostToDevice, s.handle) == cudaSuccess);
    from[2] = 5;
    s.wait();
    return x.values()[2];
  };
  CHECK(copied(pinned.data) == 5);
  CHECK(copied(pageable.data()) == 1);
  // The way back: into pinned memory when it runs, into pageable memory at once.
  REQUIRE(s.launch_here(fill, x.data, 8.0f) == cudaSuccess);
  REQUIRE(cudaMemcpyAsync(pinned.data, x.data, bytes, cudaMemcpyDeviceToHost, s.handle) ==
          cudaSuccess);
  CHECK(pinned.data[0] == 1);
  REQUIRE(cudaMemcpyAsync(pageable.data(), x.data, bytes, cudaMemcpyDeviceToHost, s.handle) ==
          cudaSuccess);
  CHECK(pageable[0] == 8);
  CHECK(pinned.data[0] == 8);
  CHECK(cudaMemcpyAsync(x.data, pinned.data + 1, bytes, cudaMemcpyHostToDevice, s.handle) ==
        cudaErrorInvalidValue);
  cudaGetLastError();
}

TEST_CASE("a missing event shows in some order") {
  const orders_kept kept;
  const auto run = [](order o, bool right) {
    const stream a, b;
    const event e;
    const device_vector x(std::vector<float>(4, 1.0f)), y(std::vector<float>(4, 1.0f));
    tnn_emulator::set_order(o);
    REQUIRE(a.launch_here(fill, x.data, 3.0f) == cudaSuccess);
    if (right) e.record(a), e.hold(b);
    REQUIRE(b.launch_here(add_into, y.data, static_cast<const float*>(x.data)) == cudaSuccess);
    synchronize();
    return y.values()[0];
  };
  CHECK(run(order::forward, true) == 4);
  CHECK(run(order::reverse, true) == 4);
  CHECK(run(order::forward, false) == 4);
  CHECK(run(order::reverse, false) == 2);
}

TEST_CASE("a stream that is destroyed still does its work") {
  std::string ran;
  cudaStream_t handle = nullptr;
  REQUIRE(cudaStreamCreateWithFlags(&handle, cudaStreamNonBlocking) == cudaSuccess);
  REQUIRE(tnn_emulator::enqueue(handle, [&] { ran += '1'; }) == cudaSuccess);
  REQUIRE(cudaStreamDestroy(handle) == cudaSuccess);
  CHECK(cudaStreamSynchronize(handle) == cudaErrorInvalidResourceHandle);
  CHECK(ran == "");
  synchronize();
  CHECK(ran == "1");
  cudaGetLastError();
}

TEST_CASE("host work on device memory runs in its stream, where memory is open") {
  const stream s;
  const device_vector x(std::vector<float>(4, 1.0f));
  REQUIRE(s.launch_here(fill, x.data, 2.0f) == cudaSuccess);
  float* const data = x.data;
  REQUIRE(tnn_emulator::enqueue(s.handle, [data] { data[1] *= 3; }) == cudaSuccess);
  s.wait();
  CHECK(x.values()[1] == 6);
  // Which may not wait for the device itself.
  REQUIRE(tnn_emulator::enqueue(s.handle, [] { cudaDeviceSynchronize(); }) == cudaSuccess);
  s.note(*std::make_unique<std::string>(), '1');  // never runs
  CHECK(fails([&] { cudaStreamSynchronize(s.handle); }, "from within"));
  s.wait();
}

TEST_CASE("work is given to the current device of its thread, copies to any", "[emulator]") {
  tnn_emulator::set_devices(2);
  CHECK(cudaSetDevice(2) == cudaErrorInvalidDevice);
  const stream on0;
  const event of0;
  const device_vector a(std::vector<float>(4));
  const float values[4] = {1, 2, 3, 4};
  std::async(std::launch::async, [&] {
    int device = -1;
    CHECK((cudaGetDevice(&device) == cudaSuccess && device == 0));
    REQUIRE(cudaSetDevice(1) == cudaSuccess);
    const stream on1;
    CHECK(on1.launch_here(fill, a.data, 1.0f) == cudaSuccess);
    CHECK(on0.launch_here(fill, a.data, 1.0f) == cudaErrorInvalidResourceHandle);
    CHECK(tnn_emulator::enqueue(on0.handle, [] {}) == cudaErrorInvalidResourceHandle);
    CHECK(cudaEventRecord(of0.handle, on1.handle) == cudaErrorInvalidResourceHandle);
    CHECK(cudaEventRecord(of0.handle, on0.handle) == cudaSuccess);
    CHECK(cudaStreamWaitEvent(on1.handle, of0.handle) == cudaSuccess);
    CHECK(cudaMemcpyAsync(a.data, values, sizeof values, cudaMemcpyHostToDevice, on0.handle) ==
          cudaSuccess);
    on1.wait();
  }).get();
  CHECK(on0.launch_here(fill, a.data, 1.0f) == cudaSuccess);
  on0.wait();
  cudaGetLastError();
  tnn_emulator::set_devices(1);
}
