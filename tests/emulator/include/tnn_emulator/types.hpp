#pragma once
// The names of CUDA that stand for types and numbers: qualifiers, vectors, errors, flags. Values
// are CUDA's own, so that a number in a log means the same here and there.
#include <climits>
#include <cstddef>
#include <cstdint>

#include "vectors.hpp"

#define __global__ inline  // of a header; nvcc does without
#define __device__
#define __host__
#define __shared__ static
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)

#define CUDART_VERSION 13000

// --- errors ------------------------------------------------------------------------------------

#define TNN_EMULATOR_ERRORS(E)                                                                     \
  E(Success, 0, "no error")                                                                        \
  E(ErrorInvalidValue, 1, "invalid argument")                                                      \
  E(ErrorMemoryAllocation, 2, "out of memory")                                                     \
  E(ErrorInvalidConfiguration, 9, "invalid configuration argument")                                \
  E(ErrorInvalidMemcpyDirection, 21, "invalid copy direction for memcpy")                          \
  E(ErrorInsufficientDriver, 35, "CUDA driver version is insufficient for CUDA runtime version")   \
  E(ErrorInvalidDeviceFunction, 98, "invalid device function")                                     \
  E(ErrorNoDevice, 100, "no CUDA-capable device is detected")                                      \
  E(ErrorInvalidDevice, 101, "invalid device ordinal")                                             \
  E(ErrorNoKernelImageForDevice, 209, "no kernel image is available for execution on the device")  \
  E(ErrorInvalidResourceHandle, 400, "invalid resource handle")                                    \
  E(ErrorIllegalState, 401, "the operation cannot be performed in the present state")              \
  E(ErrorNotReady, 600, "device not ready")                                                        \
  E(ErrorIllegalAddress, 700, "an illegal memory access was encountered")                          \
  E(ErrorLaunchOutOfResources, 701, "too many resources requested for launch")                     \
  E(ErrorLaunchFailure, 719, "unspecified launch failure")                                         \
  E(ErrorNotPermitted, 800, "operation not permitted")                                             \
  E(ErrorNotSupported, 801, "operation not supported")                                             \
  E(ErrorStreamCaptureUnsupported, 900, "operation not permitted when stream is capturing")        \
  E(ErrorStreamCaptureInvalidated, 901, "operation failed due to a previous error during capture") \
  E(ErrorStreamCaptureMerge, 902, "operation would result in a merge of separate captures")        \
  E(ErrorStreamCaptureUnmatched, 903, "capture was not ended in the same stream as it began")      \
  E(ErrorStreamCaptureUnjoined, 904, "capturing stream has unjoined work")                         \
  E(ErrorStreamCaptureIsolation, 905, "dependency created on uncaptured work in another stream")   \
  E(ErrorStreamCaptureImplicit, 906,                                                               \
    "operation would make the legacy stream depend on a capturing blocking stream")                \
  E(ErrorCapturedEvent, 907,                                                                       \
    "operation not permitted on an event last recorded in a capturing stream")                     \
  E(ErrorStreamCaptureWrongThread, 908,                                                            \
    "attempt to terminate a thread-local capture sequence from another thread")                    \
  E(ErrorUnknown, 999, "unknown error")

enum cudaError {
#define TNN_EMULATOR_ERROR(name, number, text) cuda##name = number,
  TNN_EMULATOR_ERRORS(TNN_EMULATOR_ERROR)
#undef TNN_EMULATOR_ERROR
};
using cudaError_t = cudaError;

inline const char* cudaGetErrorName(cudaError_t e) {
  switch (e) {
#define TNN_EMULATOR_ERROR(name, number, text) \
  case cuda##name:                             \
    return "cuda" #name;
    TNN_EMULATOR_ERRORS(TNN_EMULATOR_ERROR)
#undef TNN_EMULATOR_ERROR
  }
  return "unrecognized error code";
}
inline const char* cudaGetErrorString(cudaError_t e) {
  switch (e) {
#define TNN_EMULATOR_ERROR(name, number, text) \
  case cuda##name:                             \
    return text;
    TNN_EMULATOR_ERRORS(TNN_EMULATOR_ERROR)
#undef TNN_EMULATOR_ERROR
  }
  return "unrecognized error code";
}

// --- handles, flags, records -------------------------------------------------------------------

using cudaStream_t = struct CUstream_st*;
using cudaEvent_t = struct CUevent_st*;
using cudaGraph_t = struct CUgraph_st*;
using cudaGraphNode_t = struct CUgraphNode_st*;
using cudaGraphExec_t = struct CUgraphExec_st*;

enum cudaMemcpyKind {
  cudaMemcpyHostToHost = 0,
  cudaMemcpyHostToDevice = 1,
  cudaMemcpyDeviceToHost = 2,
  cudaMemcpyDeviceToDevice = 3,
  cudaMemcpyDefault = 4
};
enum cudaStreamCaptureStatus {
  cudaStreamCaptureStatusNone = 0,
  cudaStreamCaptureStatusActive = 1,
  cudaStreamCaptureStatusInvalidated = 2
};
enum cudaStreamCaptureMode {
  cudaStreamCaptureModeGlobal = 0,
  cudaStreamCaptureModeThreadLocal = 1,
  cudaStreamCaptureModeRelaxed = 2
};
enum cudaFuncAttribute {
  cudaFuncAttributeMaxDynamicSharedMemorySize = 8,
  cudaFuncAttributePreferredSharedMemoryCarveout = 9
};
enum cudaDeviceAttr {
  cudaDevAttrMaxThreadsPerBlock = 1,
  cudaDevAttrMaxBlockDimX = 2,
  cudaDevAttrMaxBlockDimY = 3,
  cudaDevAttrMaxBlockDimZ = 4,
  cudaDevAttrMaxGridDimX = 5,
  cudaDevAttrMaxGridDimY = 6,
  cudaDevAttrMaxGridDimZ = 7,
  cudaDevAttrMaxSharedMemoryPerBlock = 8,
  cudaDevAttrWarpSize = 10,
  cudaDevAttrMaxRegistersPerBlock = 12,
  cudaDevAttrClockRate = 13,
  cudaDevAttrMultiProcessorCount = 16,
  cudaDevAttrConcurrentKernels = 31,
  cudaDevAttrMemoryClockRate = 36,
  cudaDevAttrGlobalMemoryBusWidth = 37,
  cudaDevAttrL2CacheSize = 38,
  cudaDevAttrMaxThreadsPerMultiProcessor = 39,
  cudaDevAttrComputeCapabilityMajor = 75,
  cudaDevAttrComputeCapabilityMinor = 76,
  cudaDevAttrMaxSharedMemoryPerMultiprocessor = 81,
  cudaDevAttrMaxSharedMemoryPerBlockOptin = 97,
  cudaDevAttrMaxBlocksPerMultiprocessor = 106
};

#define cudaStreamDefault 0x00
#define cudaStreamNonBlocking 0x01
#define cudaStreamLegacy (reinterpret_cast<cudaStream_t>(0x1))
#define cudaEventDefault 0x00
#define cudaEventBlockingSync 0x01
#define cudaEventDisableTiming 0x02
#define cudaHostAllocDefault 0x00
#define cudaHostAllocPortable 0x01

struct cudaLaunchAttribute;  // none is supported
struct cudaLaunchConfig_t {
  dim3 gridDim, blockDim;
  std::size_t dynamicSmemBytes;
  cudaStream_t stream;
  cudaLaunchAttribute* attrs;
  unsigned numAttrs;
};

struct cudaFuncAttributes {
  std::size_t sharedSizeBytes, constSizeBytes, localSizeBytes;
  int maxThreadsPerBlock, numRegs, ptxVersion, binaryVersion, maxDynamicSharedSizeBytes;
};

struct cudaDeviceProp {
  char name[256];
  std::size_t totalGlobalMem, sharedMemPerBlock, sharedMemPerBlockOptin, sharedMemPerMultiprocessor;
  int regsPerBlock, warpSize, maxThreadsPerBlock, maxThreadsDim[3], maxGridSize[3], major, minor;
  int multiProcessorCount, l2CacheSize, maxThreadsPerMultiProcessor, maxBlocksPerMultiProcessor;
  int memoryBusWidth, concurrentKernels;
};

/// The device that is emulated, and how many of it there are.
namespace tnn_emulator::device {
inline int count = 1;
inline bool exists(int device) { return device >= 0 && device < count; }
inline constexpr int multiprocessors = 4;
inline int capability = 86;  ///< 10 times the compute capability
inline int built_for = 86;   ///< the architecture that kernels were compiled for
inline constexpr unsigned warp = 32, block_threads = 1024, block_z = 64, grid_yz = 65535;
inline constexpr std::size_t shared_memory = 48 * 1024, shared_memory_opted_in = 99 * 1024;
inline constexpr std::size_t alignment = 256;
}  // namespace tnn_emulator::device
