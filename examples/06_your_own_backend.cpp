// A third backend in one page: host memory, serial work, and a count of what it was asked to do.
#include <cstdio>
#include <cstring>
#include <vector>

#include <tnn/layers/compute.hpp>
#include <tnn/layers/conv2d/direct.hpp>
#include <tnn/layers/linear/direct.hpp>
#include <tnn/lenet.hpp>
#include <tnn/train/training.hpp>

// [backend]
struct Counting {
  static constexpr bool direct = true;  // Conv2d and Linear are functors over for_each, too
  std::int64_t* calls;

  template <class T>
  class Buffer {  // memory that only the backend's own code follows; zero at first
   public:
    explicit Buffer(std::int64_t n) : values_(static_cast<std::size_t>(n)) {}
    T* data() { return values_.data(); }
    const T* data() const { return values_.data(); }

   private:
    std::vector<T> values_;
  };

  template <class T>
  Buffer<T> allocate(std::int64_t n) {
    return Buffer<T>(n);
  }
  template <class T>
  void copy_in(T* to, const T* host, std::int64_t n) {
    std::memcpy(to, host, static_cast<std::size_t>(n) * sizeof(T));
  }
  template <class T>
  void copy_out(T* host, const T* from, std::int64_t n) {
    std::memcpy(host, from, static_cast<std::size_t>(n) * sizeof(T));
  }
  template <class F>
  void for_each(std::int64_t n, F f) {  // f(0) ... f(n - 1), in any order
    for (std::int64_t i = 0; i < n; ++i) f(i);
    *calls += n;
  }
  void wait() {}  // here all has been done when a call returns
  int thread_count() const { return 1; }
};
static_assert(tnn::Backend<Counting>);
// [/backend]

int main() {
  // [use]
  std::int64_t calls = 0;
  tnn::Model<tnn::LeNet<>, Counting> model{Counting{&calls}, {.capacity = 1, .seed = 7}};
  tnn::Training training{model, {.capacity = 3}};
  const std::vector<float> images(3 * 28 * 28, 0.5f);
  const std::vector<std::int32_t> labels{3, 1, 4};
  const double loss = training.step(images, labels, {.rate = 0.1}).mean_loss();
  // [/use]
  std::printf("loss %.4f after %lld calls of functors\n", loss, static_cast<long long>(calls));
  return loss > 0 && loss < 10 && calls > 0 ? 0 : 1;
}
