#pragma once
// What Training does where a backend can't send a batch ahead: the batch stays where it is until
// its step begins.
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
  constexpr void take(B& backend, T* to, std::int64_t first, std::int64_t n) {
    backend.copy_in(to, host_ + first, n);
    backend.wait();
  }

 private:
  const T* host_ = nullptr;
};

template <class B, class T>
struct stage_type {
  using type = held_batch<T>;
};
template <has_stage B, class T>
struct stage_type<B, T> {
  using type = typename B::template Stage<T>;
};

}  // namespace detail

template <class B, class T>
using stage_of = typename detail::stage_type<B, T>::type;

}  // namespace tnn
