#pragma once
// Thrust: memory and for_each of Thrust's device system, which the command line picks:
//   -DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_OMP (or CPP, TBB)
// and which a plain C++ compiler builds on the CPU. It is a direct backend, without a matrix
// product: it shows what the backend parameter means, not speed.
#include <cstdint>

#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>

namespace tnn {

struct Thrust {
  static constexpr bool direct = true;

  /// A device_vector, zero at first.
  template <class T>
  class Buffer {
   public:
    explicit Buffer(std::int64_t n) : values_(static_cast<std::size_t>(n)) {}
    T* data() { return thrust::raw_pointer_cast(values_.data()); }
    const T* data() const { return thrust::raw_pointer_cast(values_.data()); }
    std::int64_t size() const { return static_cast<std::int64_t>(values_.size()); }

   private:
    thrust::device_vector<T> values_;
  };

  template <class T>
  Buffer<T> allocate(std::int64_t n) {
    return Buffer<T>(n);
  }
  template <class T>
  void copy_in(T* to, const T* host, std::int64_t n) {
    thrust::copy_n(host, n, thrust::device_pointer_cast(to));
  }
  template <class T>
  void copy_out(T* host, const T* from, std::int64_t n) {
    thrust::copy_n(thrust::device_pointer_cast(from), n, host);
  }
  template <class F>
  void for_each(std::int64_t n, F f) {
    thrust::for_each_n(thrust::device, thrust::counting_iterator<std::int64_t>(0), n, f);
  }
  void wait() {}
  /// No step keeps scratch a thread.
  int thread_count() const { return 1; }
};

static_assert(Backend<Thrust>);

}  // namespace tnn
