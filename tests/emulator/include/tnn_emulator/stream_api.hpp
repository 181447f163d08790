#pragma once
// The API of streams and events.
#include "stream.hpp"

inline cudaError_t cudaStreamCreateWithFlags(cudaStream_t* to, unsigned flags) {
  return tnn_emulator::call([&] {
    if (flags > cudaStreamNonBlocking) return cudaErrorInvalidValue;
    const auto& s = tnn_emulator::streams().emplace_back(std::make_shared<CUstream_st>());
    s->blocking = flags != cudaStreamNonBlocking;
    s->device = tnn_emulator::current_device;
    *to = s.get();
    return cudaSuccess;
  });
}
inline cudaError_t cudaStreamCreate(cudaStream_t* to) {
  return cudaStreamCreateWithFlags(to, cudaStreamDefault);
}
/// What is queued still runs.
inline cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  return tnn_emulator::call([&] {
    const auto s = tnn_emulator::find(stream);
    if (s == nullptr || s == tnn_emulator::streams().front()) return cudaErrorInvalidResourceHandle;
    if (s->capturing != nullptr) {
      s->capturing->invalid = true;
      return cudaErrorStreamCaptureUnsupported;
    }
    s->destroyed = true;
    if (s->queue.empty()) std::erase(tnn_emulator::streams(), s);
    return cudaSuccess;
  });
}
inline cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  return tnn_emulator::call([&] {
    const auto s = tnn_emulator::find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    if (const cudaError_t e = tnn_emulator::may_wait(*s); e != cudaSuccess) return e;
    tnn_emulator::run_stream(*s);
    return cudaSuccess;
  });
}
/// Lets one piece of work run before it answers, so that who polls gets there.
inline cudaError_t cudaStreamQuery(cudaStream_t stream) {
  return tnn_emulator::call([&] {
    const auto s = tnn_emulator::find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    if (const cudaError_t e = tnn_emulator::may_wait(*s); e != cudaSuccess) return e;
    if (s->done < s->given) {
      const tnn_emulator::working scope;
      tnn_emulator::step();
    }
    return s->done < s->given ? cudaErrorNotReady : cudaSuccess;
  });
}
inline cudaError_t cudaDeviceSynchronize() {
  return tnn_emulator::call([&] {
    if (tnn_emulator::invalidate([](const CUstream_st&) { return true; }))
      return cudaErrorStreamCaptureUnsupported;
    tnn_emulator::run_all();
    return cudaSuccess;
  });
}

inline cudaError_t cudaEventCreateWithFlags(cudaEvent_t* to, unsigned flags) {
  return tnn_emulator::call([&] {
    if (flags > (cudaEventBlockingSync | cudaEventDisableTiming)) return cudaErrorInvalidValue;
    *to = new CUevent_st{.device = tnn_emulator::current_device,
                         .timing = (flags & cudaEventDisableTiming) == 0,
                         .at = {},
                         .captured = {},
                         .tail = {}};
    return cudaSuccess;
  });
}
inline cudaError_t cudaEventCreate(cudaEvent_t* to) {
  return cudaEventCreateWithFlags(to, cudaEventDefault);
}
inline cudaError_t cudaEventDestroy(cudaEvent_t event) {
  return tnn_emulator::call([&] {
    if (event == nullptr) return cudaErrorInvalidResourceHandle;
    delete event;
    return cudaSuccess;
  });
}
inline cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream = nullptr) {
  return tnn_emulator::call([&] {
    const auto s = tnn_emulator::find(stream);
    if (s == nullptr || event == nullptr) return cudaErrorInvalidResourceHandle;
    if (event->device != tnn_emulator::device_of(*s)) return cudaErrorInvalidResourceHandle;
    if (s->capturing == nullptr) {
      // A piece of work of its own, since on the legacy stream it waits for other streams.
      const cudaError_t e = tnn_emulator::submit(stream, "cudaEventRecord", {});
      if (e == cudaSuccess) *event = {event->device, event->timing, {s, s->given}, nullptr, {}};
      return e;
    }
    if (s->capturing->invalid) return cudaErrorStreamCaptureInvalidated;
    *event = {event->device, event->timing, {}, s->capturing, s->tail};
    return cudaSuccess;
  });
}
inline cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  return tnn_emulator::call([&] {
    if (event == nullptr) return cudaErrorInvalidResourceHandle;
    if (event->captured != nullptr) {
      event->captured->invalid = true;
      return cudaErrorCapturedEvent;
    }
    tnn_emulator::run_until([&] { return event->at.reached(); });
    return cudaSuccess;
  });
}
inline cudaError_t cudaEventQuery(cudaEvent_t event) {
  return tnn_emulator::call([&] {
    if (event == nullptr) return cudaErrorInvalidResourceHandle;
    if (event->captured != nullptr) {
      event->captured->invalid = true;
      return cudaErrorCapturedEvent;
    }
    if (!event->at.reached()) {
      const tnn_emulator::working scope;
      tnn_emulator::step();
    }
    return event->at.reached() ? cudaSuccess : cudaErrorNotReady;
  });
}
/// Of two events of one stream: a millisecond for each piece of its work between them.
inline cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t begin, cudaEvent_t end) {
  return tnn_emulator::call([&] {
    for (const cudaEvent_t e : {begin, end}) {
      if (e == nullptr || !e->timing || e->captured != nullptr || e->at.stream == nullptr)
        return cudaErrorInvalidResourceHandle;
      if (!e->at.reached()) return cudaErrorNotReady;
    }
    if (begin->at.stream != end->at.stream) return cudaErrorInvalidResourceHandle;
    *ms = static_cast<float>(end->at.count) - static_cast<float>(begin->at.count + 1);
    return cudaSuccess;
  });
}
inline cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned = 0) {
  return tnn_emulator::call([&] {
    const auto s = tnn_emulator::find(stream);
    if (s == nullptr || event == nullptr) return cudaErrorInvalidResourceHandle;
    if (event->captured != nullptr) {  // the stream joins that capture
      if (event->captured->ended) return cudaErrorCapturedEvent;
      if (s == tnn_emulator::streams().front()) {
        event->captured->invalid = true;
        return cudaErrorStreamCaptureImplicit;
      }
      if (s->capturing != nullptr && s->capturing != event->captured) {
        s->capturing->invalid = event->captured->invalid = true;
        return cudaErrorStreamCaptureMerge;
      }
      if (event->captured->invalid) return cudaErrorStreamCaptureInvalidated;
      s->capturing = event->captured;
      s->tail.insert(s->tail.end(), event->tail.begin(), event->tail.end());
      return cudaSuccess;
    }
    if (s->capturing != nullptr) {
      s->capturing->invalid = true;
      return cudaErrorStreamCaptureIsolation;
    }
    const cudaError_t e = tnn_emulator::submit(stream, "cudaStreamWaitEvent", {});
    if (e == cudaSuccess) s->queue.back().after.push_back(event->at);
    return e;
  });
}
