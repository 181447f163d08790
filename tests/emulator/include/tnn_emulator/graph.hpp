#pragma once
// Capture and graphs. A graph keeps work with the arguments it was captured with, and replays it in
// any order that the captured streams and events allow.
#include "stream.hpp"

struct CUgraphExec_st {
  std::shared_ptr<const CUgraph_st> graph;
};

namespace tnn_emulator {

inline void replay(const CUgraph_st& graph) {
  const std::size_t n = graph.nodes.size();
  std::vector<char> done(n, 0);
  for (std::size_t ran = 0; ran < n; ++ran) {
    std::vector<std::size_t> able;
    for (std::size_t i = 0; i < n; ++i) {
      const auto& after = graph.nodes[i].after;
      if (!done[i] && std::all_of(after.begin(), after.end(), [&](auto k) { return done[k]; }))
        able.push_back(i);
    }
    const std::size_t i = able[the().order.first(the().order.streams, able.size())];
    perform(graph.nodes[i].name, graph.nodes[i].run);
    done[i] = 1;
  }
}

/// Do the nodes at the origin's end come after all that its capture's streams did?
inline bool joined(const CUstream_st& origin) {
  const auto& nodes = origin.capturing->graph.nodes;
  std::vector<char> before(nodes.size(), 0);
  for (const std::size_t t : origin.tail) before[t] = 1;
  for (std::size_t i = nodes.size(); i-- > 0;)
    if (before[i])
      for (const std::size_t k : nodes[i].after) before[k] = 1;
  for (const auto& s : streams())
    if (s->capturing == origin.capturing)
      for (const std::size_t t : s->tail)
        if (!before[t]) return false;
  return true;
}

}  // namespace tnn_emulator

inline cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  return tnn_emulator::call([&] {
    const auto s = tnn_emulator::find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    if (s == tnn_emulator::streams().front()) return cudaErrorStreamCaptureUnsupported;
    if (s->capturing != nullptr) return cudaErrorIllegalState;
    s->capturing = std::make_shared<tnn_emulator::capture>();
    s->capturing->mode = mode;
    s->capturing->origin = s.get();
    s->tail.clear();
    return cudaSuccess;
  });
}

inline cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  return tnn_emulator::call([&] {
    const auto s = tnn_emulator::find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    *graph = nullptr;
    const auto c = s->capturing;
    if (c == nullptr) return cudaErrorIllegalState;
    if (c->mode != cudaStreamCaptureModeRelaxed && c->thread != std::this_thread::get_id())
      return cudaErrorStreamCaptureWrongThread;
    cudaError_t e = cudaSuccess;
    if (c->invalid)
      e = cudaErrorStreamCaptureInvalidated;
    else if (c->origin != s.get())
      e = cudaErrorStreamCaptureUnmatched;
    else if (!tnn_emulator::joined(*s))
      e = cudaErrorStreamCaptureUnjoined;
    c->ended = true;
    for (const auto& other : tnn_emulator::streams())
      if (other->capturing == c) other->capturing = nullptr, other->tail.clear();
    if (e == cudaSuccess) *graph = new CUgraph_st(std::move(c->graph));
    return e;
  });
}

inline cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* to) {
  return tnn_emulator::call([&] {
    const auto s = tnn_emulator::find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    *to = s->capturing == nullptr ? cudaStreamCaptureStatusNone
          : s->capturing->invalid ? cudaStreamCaptureStatusInvalidated
                                  : cudaStreamCaptureStatusActive;
    return cudaSuccess;
  });
}

inline cudaError_t cudaGraphInstantiate(cudaGraphExec_t* to, cudaGraph_t graph,
                                        unsigned long long flags = 0) {
  return tnn_emulator::call([&] {
    if (graph == nullptr || flags != 0) return cudaErrorInvalidValue;
    *to = new CUgraphExec_st{std::make_shared<const CUgraph_st>(*graph)};
    return cudaSuccess;
  });
}
inline cudaError_t cudaGraphInstantiate(cudaGraphExec_t* to, cudaGraph_t graph, cudaGraphNode_t*,
                                        char*, std::size_t) {
  return cudaGraphInstantiate(to, graph, 0);
}
inline cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
  return tnn_emulator::call([&] {
    if (exec == nullptr) return cudaErrorInvalidValue;
    return tnn_emulator::submit(stream, "cudaGraphLaunch",
                                [graph = exec->graph] { tnn_emulator::replay(*graph); });
  });
}
/// As many as there are, or as *count has room for; the rest of `nodes` is null.
inline cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes,
                                     std::size_t* count) {
  return tnn_emulator::call([&] {
    if (graph == nullptr || count == nullptr) return cudaErrorInvalidValue;
    const std::size_t have = graph->nodes.size();
    if (nodes == nullptr) {
      *count = have;
      return cudaSuccess;
    }
    for (std::size_t i = 0; i < *count; ++i) nodes[i] = i < have ? &graph->nodes[i] : nullptr;
    *count = std::min(*count, have);
    return cudaSuccess;
  });
}
inline cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  return tnn_emulator::call([&] {
    if (graph == nullptr) return cudaErrorInvalidValue;
    delete graph;
    return cudaSuccess;
  });
}
inline cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  return tnn_emulator::call([&] {
    if (exec == nullptr) return cudaErrorInvalidValue;
    delete exec;
    return cudaSuccess;
  });
}
