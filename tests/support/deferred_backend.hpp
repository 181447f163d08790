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
#include <tnn/tnn.hpp>

class Deferred {
 public:
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

// --- Conv2d and Linear: one functor a sum, each element by itself
// ---------------------------------

template <class L, class X, class Y, class T>
struct deferred_conv2d {
  using K = typename L::kernel;
  using S = typename L::stride;
  using P = typename L::padding;
  static constexpr int C = X::extent(0) / L::groups, H = X::extent(1), W = X::extent(2);
  static constexpr int F = Y::extent(0) / L::groups, OH = Y::extent(1), OW = Y::extent(2);

  /// Place in x of what w[f,c,u,v] meets for output (i, j) of image n; -1 outside.
  static constexpr std::int64_t place(std::int64_t n, int f, int c, int u, int v, int i, int j) {
    const int row = i * S::height + u - P::height, column = j * S::width + v - P::width;
    if (row < 0 || row >= H || column < 0 || column >= W) return -1;
    return ((n * X::extent(0) + f / F * C + c) * H + row) * W + column;
  }
  static constexpr std::int64_t weight(int f, int c, int u, int v) {
    return ((std::int64_t{f} * C + c) * K::height + u) * K::width + v;
  }
  template <class Visit>
  static constexpr void window(Visit visit) {
    for (int c = 0; c < C; ++c)
      for (int u = 0; u < K::height; ++u)
        for (int v = 0; v < K::width; ++v) visit(c, u, v);
  }

  struct forward {
    const T *x, *w, *b;
    T* y;
    void operator()(std::int64_t o) const {
      const int j = static_cast<int>(o % OW), i = static_cast<int>(o / OW % OH);
      const int f = static_cast<int>(o / (OW * OH) % Y::extent(0));
      T sum = b[f];
      window([&](int c, int u, int v) {
        const std::int64_t at = place(o / Y::size, f, c, u, v, i, j);
        if (at >= 0) sum += w[weight(f, c, u, v)] * x[at];
      });
      y[o] = sum;
    }
  };
  struct weight_gradient {
    const T *x, *dy;
    T* dw;
    int batch;
    void operator()(std::int64_t k) const {
      const int v = static_cast<int>(k % K::width), u = static_cast<int>(k / K::width % K::height);
      const int c = static_cast<int>(k / (K::width * K::height) % C);
      const int f = static_cast<int>(k / (K::width * K::height) / C);
      T sum = 0;
      for (int n = 0; n < batch; ++n)
        for (int i = 0; i < OH; ++i)
          for (int j = 0; j < OW; ++j) {
            const std::int64_t at = place(n, f, c, u, v, i, j);
            if (at >= 0) sum += x[at] * dy[((n * Y::extent(0) + f) * OH + i) * OW + j];
          }
      dw[k] = sum;
    }
  };
  struct bias_gradient {
    const T* dy;
    T* db;
    int batch;
    void operator()(std::int64_t f) const {
      T sum = 0;
      for (int n = 0; n < batch; ++n)
        for (int k = 0; k < OH * OW; ++k) sum += dy[(n * Y::extent(0) + f) * OH * OW + k];
      db[f] = sum;
    }
  };
  struct data_gradient {
    const T *w, *dy;
    T* dx;
    void operator()(std::int64_t at) const {
      const std::int64_t n = at / X::size;
      T sum = 0;
      for (int f = 0; f < Y::extent(0); ++f)
        for (int i = 0; i < OH; ++i)
          for (int j = 0; j < OW; ++j)
            window([&](int c, int u, int v) {
              if (place(n, f, c, u, v, i, j) == at)
                sum += w[weight(f, c, u, v)] * dy[((n * Y::extent(0) + f) * OH + i) * OW + j];
            });
      dx[at] = sum;
    }
  };
};

template <class T, int F, class... O, class X, class Y>
struct tnn::compute<Deferred, T, tnn::bound<tnn::Conv2d<F, O...>, X, Y>> : tnn::compute_base {
  using L = tnn::Conv2d<F, O...>;
  using math = deferred_conv2d<L, X, Y, T>;
  static constexpr bool backward_reads_x = true;

  static void forward(Deferred& d, const tnn::pass<T>& p) {
    d.for_each(p.batch * Y::size, typename math::forward{p.x, p.weight, p.bias, p.y});
  }
  static void backward(Deferred& d, const tnn::pass<T>& p) {
    d.for_each(L::template weight<X>::size,
               typename math::weight_gradient{p.x, p.dy, p.dweight, p.batch});
    d.for_each(F, typename math::bias_gradient{p.dy, p.dbias, p.batch});
    if (p.dx != nullptr)
      d.for_each(p.batch * X::size, typename math::data_gradient{p.weight, p.dy, p.dx});
  }
};

/// y[r,c] = b[c] (0 without b) + sum over k of a[r,k] m[k,c], each operand by its two strides.
template <class T>
struct deferred_product {
  const T *a, *m, *b;
  T* y;
  std::int64_t columns, depth, a_row, a_step, m_step, m_column;
  void operator()(std::int64_t i) const {
    const std::int64_t r = i / columns, c = i % columns;
    T sum = b == nullptr ? T{0} : b[c];
    for (std::int64_t k = 0; k < depth; ++k)
      sum += a[r * a_row + k * a_step] * m[k * m_step + c * m_column];
    y[i] = sum;
  }
};
template <class T>
struct deferred_column_sum {
  const T* a;
  T* sum;
  std::int64_t rows, columns;
  void operator()(std::int64_t c) const {
    T s = 0;
    for (std::int64_t r = 0; r < rows; ++r) s += a[r * columns + c];
    sum[c] = s;
  }
};

template <class T, int Out, class... O, class X, class Y>
struct tnn::compute<Deferred, T, tnn::bound<tnn::Linear<Out, O...>, X, Y>> : tnn::compute_base {
  static constexpr std::int64_t in = X::size;
  static constexpr bool backward_reads_x = true;
  using product = deferred_product<T>;

  static void forward(Deferred& d, const tnn::pass<T>& p) {
    d.for_each(p.batch * std::int64_t{Out},
               product{p.x, p.weight, p.bias, p.y, Out, in, in, 1, 1, in});
  }
  static void backward(Deferred& d, const tnn::pass<T>& p) {
    d.for_each(Out * in, product{p.dy, p.x, nullptr, p.dweight, in, p.batch, 1, Out, in, 1});
    d.for_each(Out, deferred_column_sum<T>{p.dy, p.dbias, p.batch, Out});
    if (p.dx != nullptr)
      d.for_each(p.batch * in, product{p.dy, p.weight, nullptr, p.dx, in, Out, Out, 1, in, 1});
  }
};
