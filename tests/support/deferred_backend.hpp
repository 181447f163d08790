#pragma once
// A backend that behaves as badly as the concept allows. Its memory is closed to everybody but its
// own work: a read or write from the host traps. Its work is only queued, and done in wait(), in
// order. A buffer ends where a page that never opens begins, so a kernel that runs over the end
// traps too.
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include <tnn/layers/compute.hpp>
#include <tnn/layers/conv2d/direct.hpp>
#include <tnn/layers/linear/direct.hpp>
#include <tnn/tnn.hpp>

class Deferred {
 public:
  static constexpr bool direct = true;

  template <class T>
  class Buffer;

  template <class T>
  Buffer<T> allocate(std::int64_t n) {
    return Buffer<T>(machine_, n);
  }
  template <class T>
  void copy_in(T* to, const T* host, std::int64_t n) {
    later([=] { std::copy(host, host + n, to); });
  }
  template <class T>
  void copy_out(T* host, const T* from, std::int64_t n) {
    later([=] { std::copy(from, from + n, host); });
  }
  template <class F>
  void for_each(std::int64_t n, F f) {
    later([=] {
      // Any order will do.
      for (std::int64_t i = n; i-- > 0;) f(i);
    });
  }
  void wait() {
    machine_->protect(PROT_READ | PROT_WRITE);
    for (const auto& work : machine_->queue) work();
    machine_->queue.clear();
    machine_->protect(PROT_NONE);
  }
  int thread_count() const { return 3; }

  /// Of all buffers that exist, as asked for.
  std::int64_t bytes_allocated() const { return machine_->bytes; }

 private:
  struct region {
    void* start;
    std::size_t size;
  };
  struct machine {
    std::vector<region> regions;
    std::vector<std::function<void()>> queue;
    std::int64_t bytes = 0;
    void protect(int access) const {
      for (const region& r : regions)
        if (mprotect(r.start, r.size, access) != 0) throw std::bad_alloc();
    }
  };
  void later(std::function<void()> work) { machine_->queue.push_back(std::move(work)); }

  std::shared_ptr<machine> machine_ = std::make_shared<machine>();
};

/// n zeros.
template <class T>
class Deferred::Buffer {
 public:
  Buffer(std::shared_ptr<machine> m, std::int64_t n) : machine_(std::move(m)), size_(n) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    bytes_ = (used() + page - 1) / page * page;
    start_ = mmap(nullptr, bytes_ + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start_ == MAP_FAILED) throw std::bad_alloc();
    mapped_ = bytes_ + page;
    if (bytes_ > 0) machine_->regions.push_back({start_, bytes_});
    machine_->bytes += static_cast<std::int64_t>(used());
  }
  Buffer(Buffer&& other) noexcept
      : machine_(std::move(other.machine_)),
        size_(other.size_),
        start_(other.start_),
        bytes_(other.bytes_),
        mapped_(other.mapped_) {}
  Buffer& operator=(Buffer&&) = delete;
  ~Buffer() {
    if (machine_ == nullptr) return;
    std::erase_if(machine_->regions, [&](const region& r) { return r.start == start_; });
    machine_->bytes -= static_cast<std::int64_t>(used());
    munmap(start_, mapped_);
  }
  T* data() { return reinterpret_cast<T*>(static_cast<char*>(start_) + (bytes_ - used())); }
  const T* data() const { return const_cast<Buffer*>(this)->data(); }

 private:
  std::size_t used() const { return static_cast<std::size_t>(size_) * sizeof(T); }
  std::shared_ptr<machine> machine_;
  std::int64_t size_;
  void* start_;
  std::size_t bytes_, mapped_;
};

static_assert(tnn::Backend<Deferred>);
