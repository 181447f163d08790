#pragma once
// Cuda: an NVIDIA device. Its work is queued on one stream in the order of the calls and has ended
// when wait() returns. Results are the same bit for bit from run to run: nothing is added
// atomically, and sums that are split are put together in a fixed order.
#include <cstring>
#include <memory>

#include <tnn/backend/cuda/handles.cuh>
#include <tnn/backend/cuda/launch.cuh>
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>

namespace tnn {

/// How Conv2d's and Linear's products are computed. Weights, activations, gradients and sums are
/// float in all; tf32 and bf16 round the factors to 10 and 7 bits of mantissa for the tensor cores,
/// which devices have that from compute capability 8.0 on.
enum class cuda_precision { fp32, tf32, bf16 };

class cuda_timeline;

namespace detail {
template <class = void>
__global__ void says_what_it_is_built_for() {}
}  // namespace detail

/// The first use opens the device, and settles which and in what precision; later copies share it.
/// Any thread may use it, one at a time.
struct Cuda {
  int device = 0;
  /// Replays a step, or a forward, as one CUDA graph: of the first batch size that comes twice in a
  /// row.
  bool graphs = true;
  cuda_precision precision = cuda_precision::fp32;
  cuda_timeline* timeline = nullptr;  ///< times the parts of the work; see range.cuh

  template <class T>
  class Buffer;
  template <class T>
  class Stage;
  class Recording;
  class Range;

  /// n zeros. The first call finds the device; cuda_error where there is none that can be used.
  template <class T>
  Buffer<T> allocate(std::int64_t n);

  template <class T>
  void copy_in(T* to, const T* host, std::int64_t n) {
    copy(to, host, n, cudaMemcpyHostToDevice);
  }
  template <class T>
  void copy_out(T* host, const T* from, std::int64_t n) {
    copy(host, from, n, cudaMemcpyDeviceToHost);
  }
  template <class F>
  void for_each(std::int64_t n, F f) {
    detail::for_each(stream(), n, f);
  }
  void wait() { check(cudaStreamSynchronize(stream()), "cudaStreamSynchronize"); }
  /// No step keeps scratch a thread.
  int thread_count() const { return 1; }

  cudaStream_t stream() { return queue().compute.get(); }
  cublasHandle_t blas() { return queue().blas.get(); }

  std::int64_t free_bytes() {
    queue();
    std::size_t free = 0, total = 0;
    check(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
    return static_cast<std::int64_t>(free);
  }

  template <class T>
  void copy(T* to, const T* from, std::int64_t n, cudaMemcpyKind kind) {
    if (n > 0)
      check(cudaMemcpyAsync(to, from, static_cast<std::size_t>(n) * sizeof(T), kind, stream()),
            "cudaMemcpyAsync");
  }

  /// What copies of one Cuda share: made at first use.
  struct queues {
    int device;
    cuda_precision precision;
    detail::owned_stream compute = detail::make_stream(), upload = detail::make_stream();
    detail::owned_blas blas = detail::make_blas(compute.get());
  };
  std::shared_ptr<queues> shared{};

  /// Its device is the calling thread's current one from here on.
  queues& queue() {
    if (!shared) {
      open();
      shared = std::make_shared<queues>(queues{device, precision});
    }
    if (device != shared->device || precision != shared->precision)
      throw cuda_error("a Cuda's device and precision are settled at its first use, which was on " +
                       text(shared->device, shared->precision) + ": make another for " +
                       text(device, precision));
    check(cudaSetDevice(device), "cudaSetDevice");
    return *shared;
  }

 private:
  void open() const {
    int count = 0;
    check(cudaGetDeviceCount(&count), "cudaGetDeviceCount");
    if (device < 0 || device >= count)
      throw cuda_error("device " + std::to_string(device) +
                       " was asked for, but this machine has " + std::to_string(count) +
                       " (numbered from 0)");
    check(cudaSetDevice(device), "cudaSetDevice");
    if (precision != cuda_precision::fp32) require_tensor_cores();
  }

  static std::string text(cuda_precision p) {
    return p == cuda_precision::fp32 ? "fp32" : p == cuda_precision::tf32 ? "tf32" : "bf16";
  }
  static std::string text(int device, cuda_precision p) {
    return "device " + std::to_string(device) + " with " + text(p);
  }

  void require_tensor_cores() const {
    const std::string asked = text(precision);
    int major = 0, minor = 0;
    check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device),
          "cudaDeviceGetAttribute");
    check(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device),
          "cudaDeviceGetAttribute");
    if (major < 8)
      throw cuda_error("device " + std::to_string(device) + " has compute capability " +
                       std::to_string(major) + "." + std::to_string(minor) + ", and precision " +
                       asked + " needs 8.0: ask for precision fp32");
    // Kernels for older devices run on this one, too, but know nothing of its tensor cores.
    cudaFuncAttributes kernel{};
    check(cudaFuncGetAttributes(&kernel, detail::says_what_it_is_built_for<>),
          "cudaFuncGetAttributes");
    if (kernel.ptxVersion < 80)
      throw cuda_error("what this program holds for device " + std::to_string(device) +
                       " was built for compute capability " +
                       std::to_string(kernel.ptxVersion / 10) + "." +
                       std::to_string(kernel.ptxVersion % 10) + ", and precision " + asked +
                       " needs 8.0: ask for precision fp32, or build with "
                       "-DCMAKE_CUDA_ARCHITECTURES=" +
                       std::to_string(10 * major + minor));
  }
};

template <class T>
class Cuda::Buffer {
 public:
  explicit Buffer(std::int64_t n) : memory_(detail::device_memory<T>(n)), size_(n) {}
  T* data() { return memory_.get(); }
  const T* data() const { return memory_.get(); }
  std::int64_t size() const { return size_; }

 private:
  std::unique_ptr<T[], detail::free_device> memory_;
  std::int64_t size_;
};

template <class T>
Cuda::Buffer<T> Cuda::allocate(std::int64_t n) {
  queue();
  Buffer<T> buffer(n);
  if (n > 0)
    check(cudaMemsetAsync(buffer.data(), 0, static_cast<std::size_t>(n) * sizeof(T), stream()),
          "cudaMemsetAsync");
  return buffer;
}

}  // namespace tnn
