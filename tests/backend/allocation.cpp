// A training step and a forward take nothing from the heap. This file takes the place of malloc and
// its kin for the whole program, so operator new and what libraries ask for is counted too.
#include <cstdlib>

#include "support/catch.hpp"
#include "support/sanitized.hpp"

#if defined(TNN_SANITIZED) || !defined(__GLIBC__)

TEST_CASE("no allocation in a step", "[allocation]") {
  WARN("skipped: malloc is a sanitizer's, or not glibc's, and cannot be counted");
}

#else

#include <atomic>
#include <cerrno>
#include <new>

#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

#include "support/every_layer.hpp"
#include "support/values.hpp"

namespace {
std::atomic<long> allocations{0};
/// Allocations that this thread still gets; fewer than 0 if as many as it likes.
thread_local long allowed = -1;

bool refused() {
  ++allocations;
  if (allowed < 0) return false;
  if (allowed > 0) {
    --allowed;
    return false;
  }
  errno = ENOMEM;
  return true;
}
}  // namespace

extern "C" {
// glibc's own, by the names it keeps for this.
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t n) noexcept {
  if (refused()) return nullptr;
  return __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
  if (refused()) return nullptr;
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) noexcept {
  ++allocations;
  return __libc_realloc(p, n);
}
void* memalign(std::size_t alignment, std::size_t n) noexcept {
  ++allocations;
  return __libc_memalign(alignment, n);
}
void* aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
  ++allocations;
  return __libc_memalign(alignment, n);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t n) noexcept {
  ++allocations;
  *p = __libc_memalign(alignment, n);
  return *p == nullptr ? ENOMEM : 0;
}
}

using namespace tnn;

namespace {

/// Allocations during the call.
template <class Call>
long count(Call call) {
  const long before = allocations;
  call();
  return allocations - before;
}

void* volatile kept;  // an allocation that nobody could see might be left out

template <class T>
void free_kept() {
  if constexpr (std::is_void_v<T>) {
    std::free(kept);
  } else {
    delete static_cast<T*>(kept);
  }
}

/// Allocations of the very first forward and training step, and of some that follow.
template <class Net>
void check_no_allocation(Cpu cpu, int capacity, const Initialisation& how) {
  using M = Model<Net, Cpu>;
  M model{cpu, {.capacity = capacity, .initialise = how}};
  Training training{model, {.capacity = capacity}};
  const auto x = formula_values<float>(1, capacity * M::input_size);
  std::vector<float> y(static_cast<std::size_t>(capacity * M::output_size));
  const std::vector<std::int32_t> labels(static_cast<std::size_t>(capacity), 1);
  CHECK(count([&] { model.forward(x, y); }) == 0);
  for (int step = 0; step < 2; ++step) CHECK(count([&] { training.step(x, labels, SGD{}); }) == 0);
  const std::span<const float> one = std::span(x).first(static_cast<std::size_t>(M::input_size));
  CHECK(count([&] { training.step(one, std::span(labels).first(1), SGD{}); }) == 0);
  CHECK(count([&] {
          model.forward(one, std::span(y).first(static_cast<std::size_t>(M::output_size)));
        }) == 0);
}

}  // namespace

TEST_CASE("what is counted", "[allocation]") {
  struct alignas(128) wide {
    char bytes[128];
  };
  CHECK(count([] { kept = new int; }) == 1);
  free_kept<int>();
  CHECK(count([] { kept = new wide; }) == 1);
  free_kept<wide>();
  CHECK(count([] { kept = std::malloc(3); }) == 1);
  CHECK(count([] { kept = std::realloc(kept, 100000); }) == 1);
  free_kept<void>();
  CHECK(count([] { kept = std::calloc(3, 4); }) == 1);
  free_kept<void>();
  CHECK(count([] { kept = std::aligned_alloc(64, 64); }) == 1);
  free_kept<void>();
  void* p = nullptr;
  CHECK(count([&] { kept = posix_memalign(&p, 64, 64) == 0 ? p : nullptr; }) == 1);
  free_kept<void>();
  CHECK(count([] { Cpu{2}.allocate<float>(10); }) > 0);
}

TEST_CASE("a team whose allocations fail, one after another, ends the threads that it has started",
          "[allocation]") {
  int failures = 0;
  for (long n = 0;; ++n) {
    bool failed = false;
    allowed = n;
    try {
      detail::Team team(4);
      allowed = -1;
    } catch (const std::bad_alloc&) {
      failed = true;
    } catch (const error&) {
      failed = true;  // a thread's own memory
    }
    allowed = -1;
    failures += failed ? 1 : 0;
    if (!failed) break;
    REQUIRE(n < 1000);
  }
  CHECK(failures > 3);  // the vector, and at least one a thread
}

TEST_CASE("no allocation in a step or a forward of a network of every layer", "[allocation]") {
  for (const int threads : {2, 1, 3}) check_no_allocation<every_layer>(Cpu{threads}, 6, {});
}

TEST_CASE("no allocation in a step or a forward of AlexNet", "[allocation][slow]") {
  check_no_allocation<AlexNet<>>(Cpu{2}, 2, zero_initialisation);
}

#endif
