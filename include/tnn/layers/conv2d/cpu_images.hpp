#pragma once
// A convolution's images on Cpu, in memory and as lanes. What follows the convolution in its step
// is its tail: ReLU, or ReLU and a MaxPool2d, or in inference BatchNorm, the sum of a Residual and
// ReLU. It is done on the way: `store` makes y of the convolution's output, `load` makes the
// gradient of that output from y's. So the output itself is nowhere in memory.
#include <tnn/backend/cpu/lanes.hpp>
#include <tnn/layers/conv2d/geometry.hpp>
#include <tnn/layers/maxpool2d/cpu.hpp>
#include <tnn/layers/relu/relu.hpp>
#include <tnn/layers/window.hpp>

namespace tnn::detail {

template <class T>
struct plane_moments;  // cpu_normed.hpp

/// What a tail needs besides y: nothing, or a norm's factor and summand of each channel, and the
/// images that are added; or a place for the moments of each plane.
template <class T>
struct tail_values {
  const T* scale = nullptr;
  const T* shift = nullptr;
  const T* other = nullptr;
  plane_moments<T>* moments = nullptr;
  /// The same from a channel, and a value of an image, on.
  constexpr tail_values from(std::int64_t channel, std::int64_t value) const {
    return {scale == nullptr ? nullptr : scale + channel,
            shift == nullptr ? nullptr : shift + channel,
            other == nullptr ? nullptr : other + value,
            moments == nullptr ? nullptr : moments + channel};
  }
};

template <class T>
struct cpu_images {
  const T* from = nullptr;  ///< image 0, channel 0
  T* to = nullptr;
  std::int64_t size = 0;  ///< values from an image to the next
  int plane = 0, width = 0;
  const T* y = nullptr;           ///< what forward stored, where load asks for it
  std::uint8_t* saved = nullptr;  ///< image 0's, where store saves
  std::int64_t saved_size = 0;    ///< bytes of an image
  tail_values<T> tail{};          ///< of channel 0, and of image 0

  /// Reads channels [c, c + count) of an image, at most as many as a vector has lanes. A vector of
  /// `at` holds one place of the image, a lane of it one channel; rows of the image begin `pitch`
  /// vectors apart. The caller sets `at` to zero first, so that what lies around the rows is the
  /// convolution's padding. `room` has space for the tail's `spare` values.
  void (*load)(const cpu_images&, std::int64_t image, int c, int count, T* at, int pitch,
               T* room) = nullptr;
  /// The inverse: writes the channels from vectors in `at`, whose rows follow one another without
  /// a gap. What is in `at` may be overwritten.
  void (*store)(const cpu_images&, std::int64_t image, int c, int count, T* at, T* room) = nullptr;
};

/// A convolution that makes Y or, where Relu is true, max(Y, 0).
template <class T, class Y, bool Relu>
struct plane_tail {
  static constexpr bool reads_y = Relu;
  static constexpr std::int64_t saved = 0, spare = 0;
  using output = Y;

  static void load(const cpu_images<T>& i, std::int64_t image, int c, int count, T* at, int pitch,
                   T*) {
    const std::int64_t first = image * i.size + std::int64_t{c} * i.plane;
    planes_to_lanes(i.from + first, count, i.plane, i.plane, i.width, pitch, at,
                    Relu ? i.y + first : nullptr);
  }
  static void store(const cpu_images<T>& i, std::int64_t image, int c, int count, T* at, T*) {
    using V = simd::vector<T>;
    if constexpr (Relu)
      for (int k = 0; k < i.plane; ++k) {
        const V v = simd::load(at + k * simd::lanes<T>);
        simd::store<T>(at + k * simd::lanes<T>, v < V{} ? V{} : v);
      }
    lanes_to_planes(at, count, i.plane, i.to + image * i.size + std::int64_t{c} * i.plane);
  }
  /// The tail of n values of a channel that are in y already.
  static void finish(const tail_values<T>&, int, std::int64_t, int n, T* y) {
    for (int k = 0; Relu && k < n; ++k) y[k] = y[k] < T{0} ? T{0} : y[k];
  }
};

/// A convolution that in inference makes y = max(scale c + shift + other, 0) of its output c.
/// `other` is added where Adds is true, and the maximum is taken where Relu is true.
template <class T, class Y, bool Adds, bool Relu>
struct norm_tail : plane_tail<T, Y, Relu> {
  static void store(const cpu_images<T>& i, std::int64_t image, int c, int count, T* at, T*) {
    T* const to = i.to + image * i.size + std::int64_t{c} * i.plane;
    lanes_to_planes(at, count, i.plane, to);
    for (int k = 0; k < count; ++k)
      finish(i.tail, c + k, image * Y::size + std::int64_t{c + k} * i.plane, i.plane,
             to + std::int64_t{k} * i.plane);
  }
  /// The same for n values of channel c; those to be added begin at `first`.
  static void finish(const tail_values<T>& tail, int c, std::int64_t first, int n, T* y) {
    const T scale = tail.scale[c], shift = tail.shift[c];
    for (int k = 0; k < n; ++k) {
      T v = scale * y[k] + shift;
      if constexpr (Adds) v += tail.other[first + k];
      y[k] = Relu && v < T{0} ? T{0} : v;
    }
  }
};

template <class T, class Y>
using no_tail = plane_tail<T, Y, false>;
template <class T, class Y>
using relu_tail = plane_tail<T, Y, true>;

/// A convolution that makes Y in Groups groups of channels, a ReLU, and a pool that makes P of Y.
/// For backward the pool saves which place of each window won (a `place`; of a small window one
/// byte). These lie in the order image, group, block of channels, output of the pool, channel of
/// the block. A block is as many channels as a vector has lanes; the last block of a group takes as
/// much memory where it has fewer.
template <class T, class Y, class Pool, class P, int Groups>
struct pool_tail {
  using pool = maxpool2d_lanes<window<Pool, Y, P>, T>;
  using place = typename pool::place;
  static constexpr int lanes = simd::lanes<T>, outputs = P::extent(1) * P::extent(2);
  static constexpr int blocks = ceil_div(Y::extent(0) / Groups, lanes);
  static constexpr std::int64_t block_saved = std::int64_t{outputs} * lanes;
  static constexpr std::int64_t group_saved = blocks * block_saved * std::int64_t{sizeof(place)};
  static constexpr bool reads_y = false;
  static constexpr std::int64_t saved = Groups * group_saved, spare = block_saved;
  using output = P;

  static void load(const cpu_images<T>& i, std::int64_t image, int c, int count, T* at, int pitch,
                   T* dy) {
    planes_to_lanes(i.from + image * i.size + std::int64_t{c} * outputs, count, outputs, outputs,
                    outputs, outputs, dy);
    pool::backward(dy, places(i, image, c), at, pitch);
  }
  static void store(const cpu_images<T>& i, std::int64_t image, int c, int count, T* at, T* y) {
    pool::template forward<true>(at, y, i.saved == nullptr ? nullptr : places(i, image, c));
    lanes_to_planes(y, count, outputs, i.to + image * i.size + std::int64_t{c} * outputs);
  }

 private:
  static place* places(const cpu_images<T>& i, std::int64_t image, int c) {
    return reinterpret_cast<place*>(i.saved + image * i.saved_size) + c / lanes * block_saved;
  }
};

/// The images on both sides of group g of a convolution, and their gradients.
template <class T, class L, class X, class Y, class Tail>
struct cpu_sides {
  using G = conv2d_geometry<L, X, Y>;
  using output = typename Tail::output;

  static cpu_images<T> x(const pass<T>& p, int g) { return inputs(p.x, nullptr, g); }
  static cpu_images<T> dx(const pass<T>& p, int g) { return inputs(nullptr, p.dx, g); }
  static cpu_images<T> y(const pass<T>& p, int g, const tail_values<T>& tail) {
    cpu_images<T> images = outputs(p, nullptr, p.y, g);
    images.tail = tail.from(g * G::filters, g * (output::size / G::groups));
    return images;
  }
  static cpu_images<T> dy(const pass<T>& p, int g) { return outputs(p, p.dy, nullptr, g); }

 private:
  static cpu_images<T> inputs(const T* from, T* to, int g) {
    using plain = no_tail<T, X>;
    const std::int64_t group = g * (X::size / G::groups);
    return {from == nullptr ? nullptr : from + group,
            to == nullptr ? nullptr : to + group,
            X::size,
            G::inputs,
            G::width,
            nullptr,
            nullptr,
            0,
            {},
            plain::load,
            plain::store};
  }
  static cpu_images<T> outputs(const pass<T>& p, const T* from, T* to, int g) {
    const std::int64_t group = g * (output::size / G::groups);
    return {from == nullptr ? nullptr : from + group,
            to == nullptr ? nullptr : to + group,
            p.y_stride,
            G::places,
            G::columns,
            Tail::reads_y ? p.y + group : nullptr,
            p.saved == nullptr ? nullptr : p.saved + g * (Tail::saved / G::groups),
            Tail::saved,
            {},
            Tail::load,
            Tail::store};
  }
};

}  // namespace tnn::detail
