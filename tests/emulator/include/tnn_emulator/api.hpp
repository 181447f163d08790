#pragma once
// The rest of the API: memory, copies, and what the device is.
#include "stream.hpp"

// --- memory ------------------------------------------------------------------------------------

inline cudaError_t cudaMalloc(void** to, std::size_t size) {
  return tnn_emulator::call([&] {
    if (const cudaError_t e = tnn_emulator::unsafe_call(); e != cudaSuccess) return e;
    tnn_emulator::explain_traps();
    return tnn_emulator::memory().allocate(to, size);
  });
}
/// Waits for the device, as CUDA's does.
inline cudaError_t cudaFree(void* p) {
  return tnn_emulator::call([&] {
    if (const cudaError_t e = tnn_emulator::unsafe_call(); e != cudaSuccess) return e;
    tnn_emulator::run_all();
    return tnn_emulator::memory().release(p);
  });
}
inline cudaError_t cudaHostAlloc(void** to, std::size_t size, unsigned) {
  return tnn_emulator::call([&] {
    if (const cudaError_t e = tnn_emulator::unsafe_call(); e != cudaSuccess) return e;
    *to = tnn_emulator::pinned().allocate(size);
    return *to == nullptr ? cudaErrorMemoryAllocation : cudaSuccess;
  });
}
inline cudaError_t cudaMallocHost(void** to, std::size_t size) {
  return cudaHostAlloc(to, size, cudaHostAllocDefault);
}
inline cudaError_t cudaFreeHost(void* p) {
  return tnn_emulator::call([&] {
    if (const cudaError_t e = tnn_emulator::unsafe_call(); e != cudaSuccess) return e;
    tnn_emulator::run_all();
    if (p == nullptr || tnn_emulator::pinned().release(p)) return cudaSuccess;
    return cudaErrorInvalidValue;
  });
}
template <class T>
cudaError_t cudaMalloc(T** to, std::size_t size) {
  return cudaMalloc(reinterpret_cast<void**>(to), size);
}
template <class T>
cudaError_t cudaMallocHost(T** to, std::size_t size, unsigned flags = 0) {
  return cudaHostAlloc(reinterpret_cast<void**>(to), size, flags);
}
inline cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  return tnn_emulator::call([&] {
    const auto& m = tnn_emulator::memory();
    *total = m.capacity;
    *free = m.capacity - m.used;
    return cudaSuccess;
  });
}

// --- copies ------------------------------------------------------------------------------------

namespace tnn_emulator {

enum class place { device, pinned, pageable, nowhere };
inline place place_of(const void* p, std::size_t n) {
  if (memory().is_mine(p))
    return memory().holding(p, n) != nullptr ? place::device : place::nowhere;
  bool fits = true;
  if (pinned().holds(p, n, fits)) return fits ? place::pinned : place::nowhere;
  return p == nullptr ? place::nowhere : place::pageable;
}

/// Pageable sources are staged at the call, pageable targets waited for; pinned memory is read and
/// written when the copy runs.
inline cudaError_t copy(void* to, const void* from, std::size_t n, cudaMemcpyKind kind,
                        cudaStream_t stream, const char* name) {
  if (n == 0) return cudaSuccess;
  const place target = place_of(to, n), source = place_of(from, n);
  if (target == place::nowhere || source == place::nowhere) return cudaErrorInvalidValue;
  const int found = (source == place::device ? 2 : 0) + (target == place::device ? 1 : 0);
  if (kind < 0 || kind > cudaMemcpyDefault) return cudaErrorInvalidMemcpyDirection;
  if (kind != cudaMemcpyDefault && kind != found) return cudaErrorInvalidValue;

  const auto s = find(stream);
  if (s == nullptr) return cudaErrorInvalidResourceHandle;
  const bool pageable = source == place::pageable || target == place::pageable;
  if (pageable && s->capturing != nullptr)
    return std::exchange(s->capturing->invalid, true) ? cudaErrorStreamCaptureInvalidated
                                                      : cudaErrorStreamCaptureUnsupported;
  if (source == place::pageable) {
    const auto* bytes = static_cast<const char*>(from);
    const auto staged = std::make_shared<std::vector<char>>(bytes, bytes + n);
    const cudaError_t e =
        submit(stream, name, [to, staged, n] { std::memcpy(to, staged->data(), n); });
    if (e != cudaSuccess || target != place::pageable) return e;
  } else if (const cudaError_t e =
                 submit(stream, name, [to, from, n] { std::memmove(to, from, n); });
             e != cudaSuccess) {
    return e;
  }
  if (target == place::pageable) run_stream(*s);
  return cudaSuccess;
}

inline cudaError_t set(void* to, int value, std::size_t n, cudaStream_t stream, const char* name) {
  if (n == 0) return cudaSuccess;
  if (place_of(to, n) != place::device) return cudaErrorInvalidValue;
  return submit(stream, name, [to, value, n] { std::memset(to, value, n); });
}

}  // namespace tnn_emulator

inline cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t n, cudaMemcpyKind kind,
                                   cudaStream_t stream = nullptr) {
  return tnn_emulator::call(
      [&] { return tnn_emulator::copy(to, from, n, kind, stream, "cudaMemcpyAsync"); });
}
inline cudaError_t cudaMemcpy(void* to, const void* from, std::size_t n, cudaMemcpyKind kind) {
  return tnn_emulator::call([&] {
    if (const cudaError_t e = tnn_emulator::unsafe_call(); e != cudaSuccess) return e;
    const cudaError_t e = tnn_emulator::copy(to, from, n, kind, nullptr, "cudaMemcpy");
    if (e == cudaSuccess) tnn_emulator::run_stream(*tnn_emulator::streams().front());
    return e;
  });
}
inline cudaError_t cudaMemsetAsync(void* to, int value, std::size_t n,
                                   cudaStream_t stream = nullptr) {
  return tnn_emulator::call(
      [&] { return tnn_emulator::set(to, value, n, stream, "cudaMemsetAsync"); });
}
inline cudaError_t cudaMemset(void* to, int value, std::size_t n) {
  return tnn_emulator::call([&] { return tnn_emulator::set(to, value, n, nullptr, "cudaMemset"); });
}

// --- the device --------------------------------------------------------------------------------

inline cudaError_t cudaGetDeviceCount(int* count) {
  *count = tnn_emulator::device::count;
  return cudaSuccess;
}
inline cudaError_t cudaSetDevice(int device) {
  return tnn_emulator::call([&] {
    if (!tnn_emulator::device::exists(device)) return cudaErrorInvalidDevice;
    tnn_emulator::current_device = device;
    return cudaSuccess;
  });
}
inline cudaError_t cudaGetDevice(int* device) {
  *device = tnn_emulator::current_device;
  return cudaSuccess;
}
inline cudaError_t cudaDriverGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}
inline cudaError_t cudaRuntimeGetVersion(int* version) { return cudaDriverGetVersion(version); }

inline cudaError_t cudaGetDeviceProperties(cudaDeviceProp* to, int device) {
  namespace d = tnn_emulator::device;
  return tnn_emulator::call([&] {
    if (!d::exists(device)) return cudaErrorInvalidDevice;
    *to = {};
    std::strcpy(to->name, "tnn emulator");
    to->totalGlobalMem = tnn_emulator::memory().capacity;
    to->sharedMemPerBlock = d::shared_memory;
    to->sharedMemPerBlockOptin = d::shared_memory_opted_in;
    to->sharedMemPerMultiprocessor = d::shared_memory_opted_in + 1024;
    to->regsPerBlock = 65536;
    to->warpSize = d::warp;
    to->maxThreadsPerBlock = to->maxThreadsDim[0] = to->maxThreadsDim[1] = d::block_threads;
    to->maxThreadsDim[2] = d::block_z;
    to->maxGridSize[0] = INT_MAX;
    to->maxGridSize[1] = to->maxGridSize[2] = d::grid_yz;
    to->major = d::capability / 10, to->minor = d::capability % 10;
    to->multiProcessorCount = d::multiprocessors;
    to->l2CacheSize = 4 << 20;
    to->maxThreadsPerMultiProcessor = 1536, to->maxBlocksPerMultiProcessor = 16;
    to->memoryBusWidth = 384, to->concurrentKernels = 1;
    return cudaSuccess;
  });
}

inline cudaError_t cudaDeviceGetAttribute(int* to, cudaDeviceAttr attribute, int device) {
  cudaDeviceProp p;
  if (const cudaError_t e = cudaGetDeviceProperties(&p, device); e != cudaSuccess) return e;
  return tnn_emulator::call([&] {
    switch (attribute) {
      case cudaDevAttrMaxThreadsPerBlock:
        *to = p.maxThreadsPerBlock;
        break;
      case cudaDevAttrMaxBlockDimX:
        *to = p.maxThreadsDim[0];
        break;
      case cudaDevAttrMaxBlockDimY:
        *to = p.maxThreadsDim[1];
        break;
      case cudaDevAttrMaxBlockDimZ:
        *to = p.maxThreadsDim[2];
        break;
      case cudaDevAttrMaxGridDimX:
        *to = p.maxGridSize[0];
        break;
      case cudaDevAttrMaxGridDimY:
        *to = p.maxGridSize[1];
        break;
      case cudaDevAttrMaxGridDimZ:
        *to = p.maxGridSize[2];
        break;
      case cudaDevAttrMaxSharedMemoryPerBlock:
        *to = static_cast<int>(p.sharedMemPerBlock);
        break;
      case cudaDevAttrWarpSize:
        *to = p.warpSize;
        break;
      case cudaDevAttrMaxRegistersPerBlock:
        *to = p.regsPerBlock;
        break;
      case cudaDevAttrClockRate:
        *to = 1000000;
        break;
      case cudaDevAttrMultiProcessorCount:
        *to = p.multiProcessorCount;
        break;
      case cudaDevAttrConcurrentKernels:
        *to = p.concurrentKernels;
        break;
      case cudaDevAttrMemoryClockRate:
        *to = 1000000;
        break;
      case cudaDevAttrGlobalMemoryBusWidth:
        *to = p.memoryBusWidth;
        break;
      case cudaDevAttrL2CacheSize:
        *to = p.l2CacheSize;
        break;
      case cudaDevAttrMaxThreadsPerMultiProcessor:
        *to = p.maxThreadsPerMultiProcessor;
        break;
      case cudaDevAttrComputeCapabilityMajor:
        *to = p.major;
        break;
      case cudaDevAttrComputeCapabilityMinor:
        *to = p.minor;
        break;
      case cudaDevAttrMaxSharedMemoryPerMultiprocessor:
        *to = static_cast<int>(p.sharedMemPerMultiprocessor);
        break;
      case cudaDevAttrMaxSharedMemoryPerBlockOptin:
        *to = static_cast<int>(p.sharedMemPerBlockOptin);
        break;
      case cudaDevAttrMaxBlocksPerMultiprocessor:
        *to = p.maxBlocksPerMultiProcessor;
        break;
      default:
        return cudaErrorInvalidValue;
    }
    return cudaSuccess;
  });
}
