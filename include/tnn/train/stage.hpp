#pragma once
// What Training does where a backend can neither send a batch ahead nor record a step: the batch
// stays where it is until its step begins, and each step is told to the backend anew.
#include <cstdint>

#include <tnn/core/backend.hpp>

namespace tnn {
namespace detail {

template <class T>
class held_batch {
 public:
  template <class B>
  constexpr held_batch(B&, std::int64_t) {}
  template <class B>
  constexpr void put(B&, const T* host, std::int64_t) {
    host_ = host;
  }
  template <class B>
  constexpr void take(B& backend, T* to, std::int64_t n) {
    backend.copy_in(to, host_, n);
    backend.wait();
  }

 private:
  const T* host_ = nullptr;
};

struct no_recording {
  template <class B, class F>
  constexpr void run(B&, int, F f) {
    f();
  }
};

template <class B, class T>
struct stage_type {
  using type = held_batch<T>;
};
template <has_stage B, class T>
struct stage_type<B, T> {
  using type = typename B::template Stage<T>;
};

template <class B>
struct recording_type {
  using type = no_recording;
};
template <has_recording B>
struct recording_type<B> {
  using type = typename B::Recording;
};

}  // namespace detail

template <class B, class T>
using stage_of = typename detail::stage_type<B, T>::type;

template <class B>
using recording_of = typename detail::recording_type<B>::type;

}  // namespace tnn
