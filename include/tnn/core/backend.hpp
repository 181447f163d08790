#pragma once
// A backend is memory and a handful of primitives. It is an object that the model holds
// (Cpu{.threads = 2}); its primitives may be asynchronous, run in the order of the calls, and have
// ended when wait() returns. Until then host memory given to copy_in and copy_out must stay.
// Only code that runs on the backend may follow the pointers of its Buffer.
#include <concepts>
#include <cstdint>

namespace tnn {

/// for_each(n, f) calls f(i) once for each i in [0, n), in any order, perhaps at once. A functor is
/// a named struct of plain values and backend pointers, copied at the call.
struct example_functor {
  float* y;
  constexpr void operator()(std::int64_t i) const { y[i] = 0; }
};

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
concept has_for_each = requires(B b, std::int64_t n, example_functor f) {
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

}  // namespace tnn
