#pragma once
// What must not depend on the order in which a device does what CUDA leaves unordered.

/// f() in several orders of threads, blocks and streams on the emulator; twice on a device.
template <class F>
void in_every_order(F f) {
#ifdef TNN_CUDA_EMULATOR
  using tnn_emulator::order;
  for (const auto o : {order::forward, order::reverse, order::random}) {
    tnn_emulator::set_order(o, 3);
    f();
  }
  tnn_emulator::set_order(order::forward);
#else
  f();
  f();
#endif
}
