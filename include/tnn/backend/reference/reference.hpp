#pragma once
// Reference: naive loops in one thread, the oracle of every test. All of it is constexpr: a small
// network can be evaluated in a static_assert.
#include <cstdint>
#include <utility>

#include <tnn/core/backend.hpp>

namespace tnn {

struct Reference {
  /// Memory of the host, zero at first.
  template <class T>
  class Buffer {
   public:
    constexpr explicit Buffer(std::int64_t n)
        : data_(new T[static_cast<std::size_t>(n > 0 ? n : 1)]{}), size_(n) {}
    constexpr Buffer(Buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    constexpr Buffer& operator=(Buffer&& other) noexcept {
      std::swap(data_, other.data_);
      std::swap(size_, other.size_);
      return *this;
    }
    constexpr ~Buffer() { delete[] data_; }
    constexpr T* data() { return data_; }
    constexpr const T* data() const { return data_; }
    constexpr std::int64_t size() const { return size_; }

   private:
    T* data_;
    std::int64_t size_;
  };

  template <class T>
  constexpr Buffer<T> allocate(std::int64_t n) {
    return Buffer<T>(n);
  }
  template <class T>
  constexpr void copy_in(T* to, const T* host, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = host[i];
  }
  template <class T>
  constexpr void copy_out(T* host, const T* from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) host[i] = from[i];
  }
  template <class F>
  constexpr void for_each(std::int64_t n, F f) {
    for (std::int64_t i = 0; i < n; ++i) f(i);
  }
  constexpr void wait() {}
  constexpr int thread_count() const { return 1; }
};

static_assert(Backend<Reference>);

}  // namespace tnn
