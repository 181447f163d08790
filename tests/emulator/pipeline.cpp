// Copies into shared memory behind a thread's back.
#include <cuda_pipeline_primitives.h>

#include <cmath>

#include "emulator/child.hpp"
#include "emulator/device_vector.hpp"
#include "emulator/sample.cuh"
#include "support/values.hpp"

using tnn_emulator::order;

namespace {

struct cells {
  alignas(16) float values[3][4];
};

/// Three commits of a thread; the sums of what is there when all but `open` have arrived.
__global__ void three(const float* from, float* to, unsigned open) {
  auto& s = sample::shared<cells>();
  for (int c = 0; c < 3; ++c) {
    __pipeline_memcpy_async(s.values[c], from + 4 * c, 16, c == 1 ? 8 : 0);
    __pipeline_commit();
  }
  __pipeline_wait_prior(open);
  for (int c = 0; c < 3; ++c) to[c] = s.values[c][0] + s.values[c][3];
  __pipeline_wait_prior(0);
}

enum class wrong { nothing, size, zeros, address, not_waited };
__global__ void misuse(const float* from, wrong what) {
  auto& s = sample::shared<cells>();
  __pipeline_memcpy_async(s.values[0], from + (what == wrong::address ? 1 : 0),
                          what == wrong::size ? 12 : 16, what == wrong::zeros ? 17 : 0);
  __pipeline_commit();
  if (what != wrong::not_waited) __pipeline_wait_prior(0);
}

}  // namespace

TEST_CASE("copies arrive when they are waited for, in the order of their commits") {
  const device_vector from(std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const device_vector to(std::vector<float>(3));
  for (const unsigned open : {0u, 1u, 2u, 3u}) {
    REQUIRE(launch(1, 1, three, from.data, to.data, open) == cudaSuccess);
    const auto found = to.values();
    const float expected[] = {1 + 4, 5 + 0, 9 + 12};
    for (unsigned c = 0; c < 3; ++c) {
      if (c + open < 3)
        CHECK(found[c] == expected[c]);
      else
        CHECK(std::isnan(found[c]));
    }
  }
}

TEST_CASE("what a copy behind a thread's back may not be") {
  const device_vector from(std::vector<float>(8));
  const auto run = [&](wrong what) {
    return [&, what] { launch(1, 1, misuse, from.data, what), synchronize(); };
  };
  CHECK(failure_of(run(wrong::nothing)) == "");
  CHECK(fails(run(wrong::size), "misuse", "__pipeline_memcpy_async 12 bytes"));
  CHECK(fails(run(wrong::zeros), "__pipeline_memcpy_async 17 zeros"));
  CHECK(fails(run(wrong::address), "no multiple of 16"));
  CHECK(fails(run(wrong::not_waited), "thread (0, 0, 0) ends with copies under way"));
}
