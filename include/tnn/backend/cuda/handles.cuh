#pragma once
// What CUDA gives out and takes back: streams, events, graphs, memory of the device and pinned
// memory of the host. Each is a unique_ptr: moved, never copied.
#include <cstdint>
#include <memory>
#include <type_traits>

#include <tnn/backend/cuda/check.cuh>

namespace tnn::detail {

template <class Handle, auto Destroy>
struct destroyer {
  using pointer = Handle;
  void operator()(Handle handle) const { Destroy(handle); }
};
template <class Handle, auto Destroy>
using owned = std::unique_ptr<std::remove_pointer_t<Handle>, destroyer<Handle, Destroy>>;

// Functions of our own: a template argument must have linkage and no attributes.
inline void destroy_stream(cudaStream_t s) { ignore(cudaStreamDestroy(s)); }
inline void destroy_event(cudaEvent_t e) { ignore(cudaEventDestroy(e)); }
inline void destroy_graph(cudaGraph_t g) { ignore(cudaGraphDestroy(g)); }
inline void destroy_graph_exec(cudaGraphExec_t g) { ignore(cudaGraphExecDestroy(g)); }
inline void destroy_blas(cublasHandle_t h) { cublasDestroy(h); }

using owned_stream = owned<cudaStream_t, destroy_stream>;
using owned_event = owned<cudaEvent_t, destroy_event>;
using owned_graph = owned<cudaGraph_t, destroy_graph>;
using owned_graph_exec = owned<cudaGraphExec_t, destroy_graph_exec>;
using owned_blas = owned<cublasHandle_t, destroy_blas>;

inline owned_stream make_stream() {
  cudaStream_t s = nullptr;
  check(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  return owned_stream(s);
}
inline owned_event make_event(unsigned flags = cudaEventDisableTiming) {
  cudaEvent_t e = nullptr;
  check(cudaEventCreateWithFlags(&e, flags), "cudaEventCreateWithFlags");
  return owned_event(e);
}
inline owned_blas make_blas(cudaStream_t on) {
  cublasHandle_t h = nullptr;
  check(cublasCreate(&h), "cublasCreate");
  owned_blas owner(h);
  check(cublasSetStream(h, on), "cublasSetStream");
  return owner;
}

struct free_device {
  template <class T>
  void operator()(T* p) const {
    ignore(cudaFree(p));
  }
};
struct free_pinned {
  template <class T>
  void operator()(T* p) const {
    ignore(cudaFreeHost(p));
  }
};

template <class T>
std::unique_ptr<T[], free_device> device_memory(std::int64_t n) {
  if (n <= 0) return nullptr;
  void* p = nullptr;
  const auto bytes = static_cast<std::size_t>(n) * sizeof(T);
  const cudaError_t code = cudaMalloc(&p, bytes);
  if (code == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    std::size_t free = 0, total = 0;
    check(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
    throw cuda_error("the device has " + std::to_string(free) + " bytes free of " +
                     std::to_string(total) + ", but " + std::to_string(bytes) +
                     " more are needed: a smaller batch needs less");
  }
  check(code, "cudaMalloc");
  return std::unique_ptr<T[], free_device>(static_cast<T*>(p));
}

template <class T>
std::unique_ptr<T[], free_pinned> pinned_memory(std::int64_t n) {
  if (n <= 0) return nullptr;
  void* p = nullptr;
  check(cudaMallocHost(&p, static_cast<std::size_t>(n) * sizeof(T)), "cudaMallocHost");
  return std::unique_ptr<T[], free_pinned>(static_cast<T*>(p));
}

}  // namespace tnn::detail
