#pragma once
// The parts of Cuda's work by name. NVIDIA's profilers show them while work is launched kernel by
// kernel (Cuda{.graphs = false}; a replayed graph shows none), and cuda_timeline times them.
#if __has_include(<nvtx3/nvToolsExt.h>)
#include <nvtx3/nvToolsExt.h>
#define TNN_NVTX 1
#else
#define TNN_NVTX 0
#endif

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <tnn/backend/cuda/cuda.cuh>

namespace tnn {

/// How long each range takes on the device, by CUDA events: Cuda{.timeline = &timeline}. Nothing is
/// replayed from graphs meanwhile, and each range costs two events.
class cuda_timeline {
 public:
  struct entry {
    std::string name;
    int depth = 0;  ///< ranges that enclose it
    float milliseconds = 0;
  };

  /// The ranges that have ended since the last call, in the order of their beginnings; not to be
  /// called within one. Waits for the stream. cuda_error where an event could not be recorded.
  std::vector<entry> read(Cuda& cuda) {
    const std::vector<span> ended = std::exchange(spans_, {});
    cuda.wait();
    std::vector<entry> all;
    for (const span& s : ended) {
      float ms = 0;
      check(cudaEventElapsedTime(&ms, s.begin.get(), s.end.get()), "cudaEventElapsedTime");
      all.push_back({s.name, s.depth, ms});
    }
    return all;
  }

 private:
  friend class Cuda::Range;
  struct span {
    const char* name;
    int depth;
    detail::owned_event begin, end;
  };
  std::size_t begin(cudaStream_t stream, const char* name) {
    span s{name, depth_, detail::make_event(cudaEventDefault),
           detail::make_event(cudaEventDefault)};
    check(cudaEventRecord(s.begin.get(), stream), "cudaEventRecord");
    spans_.push_back(std::move(s));
    ++depth_;
    return spans_.size() - 1;
  }
  /// A destructor must not throw: an error here shows in read().
  void end(cudaStream_t stream, std::size_t number) {
    --depth_;
    detail::ignore(cudaEventRecord(spans_[number].end.get(), stream));
  }

  std::vector<span> spans_;
  int depth_ = 0;
};

class Cuda::Range {
 public:
  Range(Cuda& cuda, const char* name) : cuda_(cuda), timeline_(cuda.timeline) {
    if (timeline_ != nullptr) number_ = timeline_->begin(cuda.stream(), name);
#if TNN_NVTX
    nvtxRangePushA(name);
#endif
  }
  Range(const Range&) = delete;
  Range& operator=(const Range&) = delete;
  ~Range() {
#if TNN_NVTX
    nvtxRangePop();
#endif
    if (timeline_ != nullptr) timeline_->end(cuda_.shared->compute.get(), number_);
  }

 private:
  Cuda& cuda_;
  cuda_timeline* timeline_;
  std::size_t number_ = 0;
};

static_assert(has_range<Cuda>);

}  // namespace tnn
