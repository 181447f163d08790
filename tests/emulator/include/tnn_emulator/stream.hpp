#pragma once
// Streams are queues, and lazy: nothing runs before the host waits for something, and then only
// until that has come. Which stream goes on is the order's choice, as far as events allow. A stream
// that captures gives its work to the graph instead.
#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "memory.hpp"

struct CUgraphNode_st {
  std::string name;
  std::function<void()> run;
  std::vector<std::size_t> after;  ///< earlier nodes of the graph
};
struct CUgraph_st {
  std::vector<CUgraphNode_st> nodes;
};

namespace tnn_emulator {

/// Some work of a stream: its first `count`.
struct point {
  std::shared_ptr<CUstream_st> stream;
  std::uint64_t count = 0;
  bool reached() const;
};

struct work {
  std::string name;
  std::function<void()> run;
  std::vector<point> after;
};

struct capture {
  CUgraph_st graph;
  cudaStreamCaptureMode mode;
  const CUstream_st* origin;
  std::thread::id thread = std::this_thread::get_id();
  bool invalid = false, ended = false;
};

}  // namespace tnn_emulator

struct CUstream_st {
  bool blocking = true, destroyed = false;
  int device = 0;
  std::deque<tnn_emulator::work> queue;
  std::uint64_t given = 0, done = 0;
  std::shared_ptr<tnn_emulator::capture> capturing;
  std::vector<std::size_t>
      tail;  ///< of the capture's nodes, what this stream's next one comes after
};

struct CUevent_st {
  int device = 0;
  bool timing = true;
  tnn_emulator::point at;
  std::shared_ptr<tnn_emulator::capture> captured;
  std::vector<std::size_t> tail;
};

namespace tnn_emulator {

inline bool point::reached() const { return stream == nullptr || stream->done >= count; }

/// All streams as they were created; the first is the legacy stream.
inline std::vector<std::shared_ptr<CUstream_st>>& streams() {
  static std::vector<std::shared_ptr<CUstream_st>> all{std::make_shared<CUstream_st>()};
  return all;
}
inline std::shared_ptr<CUstream_st> find(cudaStream_t handle) {
  if (handle == nullptr || handle == cudaStreamLegacy) return streams().front();
  for (const auto& s : streams())
    if (s.get() == handle && !s->destroyed) return s;
  return nullptr;
}

// --- what a capture forbids ----------------------------------------------------------------------

/// Ruins all captures for which `hit` holds; were there any?
template <class Hit>
bool invalidate(Hit hit) {
  bool any = false;
  for (const auto& s : streams())
    if (s->capturing != nullptr && hit(*s)) any = s->capturing->invalid = true;
  return any;
}

/// Of calls that no capture in this thread, or a global one anywhere, puts up with.
inline cudaError_t unsafe_call() {
  const bool hit = invalidate([](const CUstream_st& s) {
    return s.capturing->mode == cudaStreamCaptureModeGlobal ||
           (s.capturing->mode == cudaStreamCaptureModeThreadLocal &&
            s.capturing->thread == std::this_thread::get_id());
  });
  return hit ? cudaErrorStreamCaptureUnsupported : cudaSuccess;
}

/// Of waiting for a stream.
inline cudaError_t may_wait(const CUstream_st& stream) {
  if (stream.capturing != nullptr)
    return std::exchange(stream.capturing->invalid, true) ? cudaErrorStreamCaptureInvalidated
                                                          : cudaErrorStreamCaptureUnsupported;
  if (&stream == streams().front().get() &&
      invalidate([](const CUstream_st& s) { return s.blocking; }))
    return cudaErrorStreamCaptureImplicit;
  return cudaSuccess;
}

// --- giving and running ------------------------------------------------------------------------

/// Queues work, or adds it to the graph that the stream captures.
inline cudaError_t submit(cudaStream_t handle, std::string name, std::function<void()> run) {
  const auto s = find(handle);
  if (s == nullptr) return cudaErrorInvalidResourceHandle;
  if (s->capturing != nullptr) {
    if (s->capturing->invalid) return cudaErrorStreamCaptureInvalidated;
    auto& nodes = s->capturing->graph.nodes;
    nodes.push_back({std::move(name), std::move(run), s->tail});
    s->tail = {nodes.size() - 1};
    return cudaSuccess;
  }
  work w{std::move(name), std::move(run), {}};
  const auto& legacy = streams().front();
  if (s == legacy) {
    if (const cudaError_t e = may_wait(*s); e != cudaSuccess) return e;
    for (const auto& other : streams())
      if (other->blocking && other != s) w.after.push_back({other, other->given});
  } else if (s->blocking) {
    w.after.push_back({legacy, legacy->given});
  }
  s->queue.push_back(std::move(w));
  ++s->given;
  return cudaSuccess;
}

/// The legacy stream is each device's own.
inline int device_of(const CUstream_st& s) {
  return &s == streams().front().get() ? current_device : s.device;
}

/// Queues work that the current device must do: copies alone may be given to another one's streams.
inline cudaError_t submit_here(cudaStream_t handle, std::string name, std::function<void()> run) {
  const auto s = find(handle);
  if (s == nullptr || device_of(*s) != current_device) return cudaErrorInvalidResourceHandle;
  return submit(handle, std::move(name), std::move(run));
}

/// One piece of device work: a failure names it.
inline void perform(const std::string& name, const std::function<void()>& run) {
  the().doing = name;
  run();
  memory().check_guards();
}

/// Runs the next piece of work of one stream; false where none can go on.
inline bool step() {
  std::vector<CUstream_st*> able;
  for (const auto& s : streams())
    if (!s->queue.empty() &&
        std::all_of(s->queue.front().after.begin(), s->queue.front().after.end(),
                    [](const point& p) { return p.reached(); }))
      able.push_back(s.get());
  if (able.empty()) return false;
  CUstream_st& s = *able[the().order.first(the().order.streams, able.size())];
  const work w = std::move(s.queue.front());
  s.queue.pop_front();
  if (w.run) perform(w.name, w.run);
  ++s.done;
  return true;
}

/// Device memory is open while one exists. After a failure nothing of what was queued is left.
class working {
 public:
  working() {
    if (the().working) throw failure(the().doing + " waits for the device from within its work");
    explain_traps();
    memory().open(true);
    the().working = true;
  }
  ~working() {
    the().working = the().in_kernel = false;
    memory().open(false);
    if (std::uncaught_exceptions() == before_) return;
    for (const auto& s : streams()) s->queue.clear(), s->done = s->given;
  }
  working(const working&) = delete;
  working& operator=(const working&) = delete;

 private:
  int before_ = std::uncaught_exceptions();
};

template <class Done>
void run_until(Done done) {
  if (done()) return;
  const working scope;
  while (!done())
    if (!step()) throw failure("no stream can go on");
}
inline void run_stream(const CUstream_st& s) {
  run_until([&] { return s.done == s.given; });
}
inline void run_all() {
  for (const auto& s : streams()) run_stream(*s);
  std::erase_if(streams(), [](const auto& s) { return s->destroyed; });
}

/// Runs host code that works on device memory (Thrust, say) in a stream's order; a graph that is
/// captured keeps it.
inline cudaError_t enqueue(cudaStream_t stream, std::function<void()> run,
                           std::string name = "enqueued work") {
  return call([&] { return submit_here(stream, std::move(name), std::move(run)); });
}

}  // namespace tnn_emulator
