#pragma once
// A backend is memory and a handful of primitives. It is an object that the model holds
// (Cpu{.threads = 2}); its primitives may be asynchronous, run in the order of the calls, and have
// ended when wait() returns. Until then host memory given to copy_in and copy_out must stay.
// Only code that runs on the backend may follow the pointers of its Buffer.
#include <tnn/core/requirements.hpp>

#include <concepts>
#include <cstdint>

namespace tnn {

namespace detail {

/// for_each(n, f) calls f(i) once for each i in [0, n), in any order, perhaps at once. A functor is
/// a named struct of plain values and backend pointers, copied at the call.
struct example_functor {
  float* y;
  constexpr void operator()(std::int64_t i) const { y[i] = 0; }
};

}  // namespace detail

/// allocate gives zeros; copies are told in values, not bytes.
template <class B>
concept has_memory = requires(B b, std::int64_t n, float* backend, const float* host, float* out) {
  typename B::template Buffer<float>;
  { b.template allocate<float>(n) } -> std::same_as<typename B::template Buffer<float>>;
  { b.template allocate<float>(n).data() } -> std::same_as<float*>;
  b.copy_in(backend, host, n);
  b.copy_out(out, host, n);
};

template <class B>
concept has_for_each = requires(B b, std::int64_t n, detail::example_functor f) {
  b.for_each(n, f);
};

template <class B>
concept has_wait = requires(B b) {
  b.wait();
};

/// Threads decide how much scratch a step needs, never what it computes.
template <class B>
concept has_thread_count = requires(const B b) {
  { b.thread_count() } -> std::same_as<int>;
};

template <class B>
concept Backend = has_memory<B> && has_for_each<B> && has_wait<B> && has_thread_count<B>;

/// A backend without a product of its own says `static constexpr bool direct = true;`: Conv2d and
/// Linear are then functors over for_each too (layers/NAME/direct.hpp).
template <class B>
concept direct_backend = Backend<B> && B::direct;

// What a backend may offer besides. Without them a batch is copied when its step begins, every step
// is told to the backend anew, and profilers are shown no names.

/// Stage<T>{backend, n}: put(backend, host, n) starts a copy beside the work under way,
/// take(backend, to, first, n) puts values [first, first + n) of it where they are wanted, in order
/// with the work.
template <class B>
concept has_stage = requires {
  typename B::template Stage<float>;
};

/// Recording{}: run(backend, key, f) does what f() asks of the backend, from the second call of one
/// key on perhaps by replaying what it asked before: the same functors, addresses and sizes.
template <class B>
concept has_recording = requires {
  typename B::Recording;
};

/// Range{backend, name}: while it lives, what is asked of the backend belongs to the part of the
/// work called name, which profilers show. The text of name must outlive the backend.
template <class B>
concept has_range = requires {
  requires std::constructible_from<typename B::Range, B&, const char*>;
};

}  // namespace tnn
