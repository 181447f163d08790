#pragma once
// Cpu: the host's memory and cores. Work is cut into items fixed by shapes alone and each item is
// computed by one thread in one order, so results are the same, bit for bit, on any number of
// threads.
#include <concepts>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <tnn/backend/cpu/shared_team.hpp>
#include <tnn/core/backend.hpp>
#include <tnn/core/integers.hpp>

namespace tnn {

/// Copies of a Cpu share its threads, and any number of threads may use one: while a loop of one of
/// them runs, another's loop is done by its caller alone. In a child that is forked off, loops are
/// done by their caller; not in one that is forked off while another thread makes a Cpu's first
/// call, which waits there for ever.
struct Cpu {
  /// 0: as many as the machine has cores. Read when the Cpu is made; a later change does nothing.
  int threads = 0;
  static constexpr bool winograd = true;  ///< convolutions may use it

  /// Memory of the host, aligned to cache lines, zero and touched: no page fault comes later. Large
  /// pieces ask for large pages, of which prefetching is less often interrupted.
  template <class T>
  class Buffer {
   public:
    explicit Buffer(std::int64_t n) : size_(n) {
      const std::size_t bytes = static_cast<std::size_t>(n) * sizeof(T);
      alignment_ = std::align_val_t{bytes < large_page ? 64 : large_page};
      data_ = static_cast<T*>(::operator new(bytes + sizeof(T), alignment_));
#ifdef MADV_HUGEPAGE
      if (bytes >= large_page) madvise(data_, bytes, MADV_HUGEPAGE);  // a wish: no harm if refused
#endif
      std::memset(static_cast<void*>(data_), 0, bytes);
    }
    Buffer(Buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          alignment_(other.alignment_) {}
    Buffer& operator=(Buffer&& other) noexcept {
      std::swap(data_, other.data_);
      std::swap(size_, other.size_);
      std::swap(alignment_, other.alignment_);
      return *this;
    }
    ~Buffer() { ::operator delete(data_, alignment_); }
    T* data() { return data_; }
    const T* data() const { return data_; }
    std::int64_t size() const { return size_; }

   private:
    static constexpr std::size_t large_page = std::size_t{2} << 20;
    T* data_;
    std::int64_t size_;
    std::align_val_t alignment_;
  };

  /// Also starts the threads, which takes memory: not in the first step.
  template <class T>
  Buffer<T> allocate(std::int64_t n) {
    parallel(2, [](std::int64_t, int) {});
    return Buffer<T>(n);
  }
  template <class T>
  void copy_in(T* to, const T* host, std::int64_t n) {
    copy(to, host, n);
  }
  template <class T>
  void copy_out(T* host, const T* from, std::int64_t n) {
    copy(host, from, n);
  }

  /// f(i) for i in [0, n), in chunks whose bounds depend on n alone: a compiler may round the end
  /// of a vectorized loop differently from its middle. A functor that offers f.range(first, last)
  /// does a chunk itself: what it reads once a chunk need not be read again for each value.
  template <class F>
  void for_each(std::int64_t n, F f) {
    constexpr std::int64_t most_chunks = 256, least = 64;
    const std::int64_t even = detail::ceil_div(n, most_chunks);
    const std::int64_t chunk = n <= most_chunks ? 1 : detail::round_up(even, least);
    parallel(detail::ceil_div(n, chunk), [&](std::int64_t item, int) {
      const std::int64_t first = item * chunk, last = detail::least(first + chunk, n);
      if constexpr (requires { f.range(first, last); }) {
        f.range(first, last);
      } else {
        for (std::int64_t i = first; i < last; ++i) f(i);
      }
    });
  }

  /// f(item, thread) for each item, on any of the threads 0 to thread_count() - 1.
  template <class F>
  void parallel(std::int64_t items, F&& f) {
    team.started().run(items, f);
  }

  void wait() {}

  [[nodiscard]] int thread_count() const { return team.threads(); }

  /// What copies share: as many threads as were asked for when the first of them was made.
  detail::shared_team team{threads};

 private:
  template <class T>
  void copy(T* to, const T* from, std::int64_t n) {
    constexpr std::int64_t chunk = 1 << 16;
    parallel(detail::ceil_div(n, chunk), [&](std::int64_t item, int) {
      const std::int64_t first = item * chunk, count = detail::least(n - first, chunk);
      std::memcpy(to + first, from + first, static_cast<std::size_t>(count) * sizeof(T));
    });
  }
};

/// Cpu with every convolution by its formula: slower, and with the smallest rounding errors.
struct DirectCpu : Cpu {
  static constexpr bool winograd = false;
};

/// Cpu and what derives from it; more constrained than Backend, so its math for a layer goes before
/// that for every backend.
template <class B>
concept CpuBackend = Backend<B> && std::derived_from<B, Cpu>;

static_assert(CpuBackend<Cpu> && CpuBackend<DirectCpu>);

}  // namespace tnn
