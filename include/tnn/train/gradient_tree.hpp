#pragma once
// The gradients of a batch that is cut into micro-batches: they are added in a tree that the number
// of micro-batches alone decides,
//   ((0 + 1) + (2 + 3)) + (4 + 5) ...
// so that equal micro-batches give equal bits. What waits for its other half has an arena of its
// own: after m micro-batches as many as m has ones among its binary digits.
#include <cstdint>

#include <tnn/core/give.hpp>

namespace tnn::detail {

/// The most arenas that so many micro-batches take: 1 + log2 of them.
constexpr int gradient_arenas(int micro_batches) {
  int arenas = 1;
  for (; micro_batches > 1; micro_batches /= 2) ++arenas;
  return arenas;
}

template <class B, class T>
class gradient_tree {
 public:
  constexpr gradient_tree(B& backend, std::int64_t size, int micro_batches)
      : size_(size), arenas_(backend.template allocate<T>(size * gradient_arenas(micro_batches))) {}

  /// Where micro-batch m's are wanted, behind those that wait.
  constexpr T* of(int m) { return arena(ones(m)); }

  /// Micro-batch m's are there: they are added as far as the tree says.
  constexpr void add(B& backend, int m) {
    int at = ones(m);
    for (int odd = m; odd % 2 == 1; odd /= 2, --at) add_to_previous(backend, at);
  }
  /// Adds what still waits after the last of `count` micro-batches, the later first.
  constexpr void finish(B& backend, int count) {
    for (int at = ones(count) - 1; at > 0; --at) add_to_previous(backend, at);
  }

  /// Of the whole batch, when it is finished.
  constexpr const T* sum() const { return arenas_.data(); }

 private:
  static constexpr int ones(int m) {
    int found = 0;
    for (; m > 0; m /= 2) found += m % 2;
    return found;
  }
  constexpr T* arena(int at) { return arenas_.data() + at * size_; }
  constexpr void add_to_previous(B& backend, int at) {
    backend.for_each(size_, add_to<T>{arena(at), arena(at - 1)});
  }

  std::int64_t size_;
  typename B::template Buffer<T> arenas_;
};

}  // namespace tnn::detail
