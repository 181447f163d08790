#pragma once
// What Cuda offers besides memory and work: a batch that travels while the one before it is worked
// on, and a step or forward recorded once as a CUDA graph.
#include <tnn/backend/cuda/cuda.cuh>

namespace tnn {

/// Host -> pinned -> device on a stream of its own, then, in order with the work, to its place.
/// Each leg waits for the one before it and for whoever still reads what it overwrites.
template <class T>
class Cuda::Stage {
 public:
  Stage(Cuda& cuda, std::int64_t n)
      : pinned_((cuda.queue(), detail::pinned_memory<T>(n))),
        waiting_(detail::device_memory<T>(n)),
        arrived_(detail::make_event()),
        taken_(detail::make_event()) {}

  void put(Cuda& cuda, const T* host, std::int64_t n) {
    const cudaStream_t upload = cuda.queue().upload.get();
    const auto bytes = static_cast<std::size_t>(n) * sizeof(T);
    check(cudaEventSynchronize(arrived_.get()), "cudaEventSynchronize");  // pinned_ is free
    std::memcpy(pinned_.get(), host, bytes);
    check(cudaStreamWaitEvent(upload, taken_.get(), 0), "cudaStreamWaitEvent");  // waiting_ is free
    check(cudaMemcpyAsync(waiting_.get(), pinned_.get(), bytes, cudaMemcpyHostToDevice, upload),
          "cudaMemcpyAsync");
    check(cudaEventRecord(arrived_.get(), upload), "cudaEventRecord");
  }
  void take(Cuda& cuda, T* to, std::int64_t first, std::int64_t n) {
    check(cudaStreamWaitEvent(cuda.stream(), arrived_.get(), 0), "cudaStreamWaitEvent");
    cuda.copy(to, static_cast<const T*>(waiting_.get()) + first, n, cudaMemcpyDeviceToDevice);
    check(cudaEventRecord(taken_.get(), cuda.stream()), "cudaEventRecord");
  }

 private:
  std::unique_ptr<T[], detail::free_pinned> pinned_;
  std::unique_ptr<T[], detail::free_device> waiting_;
  detail::owned_event arrived_, taken_;
};

/// The first key (a batch's size, as a rule) that comes twice in a row is recorded, and replayed
/// from then on; others are told anew. The first time is never recorded: cuBLAS and the driver set
/// themselves up in it. With a timeline nothing is recorded, so that it sees each part.
class Cuda::Recording {
 public:
  template <class F>
  void run(Cuda& cuda, int key, F f) {
    const bool may = cuda.graphs && cuda.timeline == nullptr;
    if (may && !recorded_ && key == key_) record(cuda, f);
    if (may && recorded_ && key == key_) {
      check(cudaGraphLaunch(recorded_.get(), cuda.stream()), "cudaGraphLaunch");
    } else {
      f();
      if (!recorded_) key_ = key;
    }
  }
  bool recorded() const { return recorded_ != nullptr; }

 private:
  template <class F>
  void record(Cuda& cuda, F f) {
    cudaGraph_t g = nullptr;
    check(cudaStreamBeginCapture(cuda.stream(), cudaStreamCaptureModeThreadLocal),
          "cudaStreamBeginCapture");
    try {
      f();
    } catch (...) {
      detail::ignore(cudaStreamEndCapture(cuda.stream(), &g));
      const detail::owned_graph part(g);
      throw;
    }
    check(cudaStreamEndCapture(cuda.stream(), &g), "cudaStreamEndCapture");
    const detail::owned_graph whole(g);
    cudaGraphExec_t exec = nullptr;
    check(cudaGraphInstantiate(&exec, g, 0), "cudaGraphInstantiate");
    recorded_.reset(exec);
  }

  detail::owned_graph_exec recorded_;
  int key_ = -1;
};

static_assert(Backend<Cuda> && has_stage<Cuda> && has_recording<Cuda>);

}  // namespace tnn
