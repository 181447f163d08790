#pragma once
// Dropout on every backend that has for_each: four values a call, since a Philox block is four
// words. The same functor masks x on the way forward and dy on the way back.
#include <tnn/core/backend.hpp>
#include <tnn/core/compute.hpp>
#include <tnn/core/host_device.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/core/philox.hpp>
#include <tnn/layers/dropout/dropout.hpp>

namespace tnn {

/// A value is dropped if its word is below p * 2^32.
template <class Rate>
inline constexpr auto dropout_threshold = static_cast<std::uint32_t>(
    static_cast<double>(Rate::num) / static_cast<double>(Rate::den) * 4294967296.0);

template <class Rate, class T>
inline constexpr T dropout_scale = static_cast<T>(static_cast<double>(Rate::den) /
                                                  static_cast<double>(Rate::den - Rate::num));

template <class Rate, std::int64_t Size, class T>
struct dropout_mask {
  static constexpr std::int64_t groups = detail::ceil_div(Size, 4);
  const T* from;
  T* to;
  std::uint64_t key;
  std::uint32_t layer, first_sample;
  const std::uint32_t* step;

  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    const std::int64_t sample = i / groups, group = i % groups;
    const philox_block words =
        philox(key, static_cast<std::uint32_t>(group),
               first_sample + static_cast<std::uint32_t>(sample), layer, *step);
    for (std::int64_t lane = 0; lane < 4 && group * 4 + lane < Size; ++lane) {
      const std::int64_t at = sample * Size + group * 4 + lane;
      const bool keep = words.v[lane] >= dropout_threshold<Rate>;
      to[at] = keep ? from[at] * dropout_scale<Rate, T> : T{0};
    }
  }
};

template <Backend B, class T, class Rate, class X, class Y>
struct compute<B, T, bound<Dropout<Rate>, X, Y>> : compute_base {
  using mask = dropout_mask<Rate, X::size, T>;
  static constexpr storage output(mode m) {
    return m == mode::train ? storage::in_place : storage::alias;
  }
  static constexpr void forward(B& backend, const pass<T>& p) {
    if (p.mode == mode::train) apply(backend, p, p.x, p.y);
  }
  static constexpr void backward(B& backend, const pass<T>& p) {
    if (p.dx != nullptr) apply(backend, p, p.dy, p.dx);
  }

 private:
  static constexpr void apply(B& backend, const pass<T>& p, const T* from, T* to) {
    const std::uint64_t key = stream_key(p.seed, random_stream::dropout);
    backend.for_each(p.batch * mask::groups, mask{from, to, key, p.layer, p.first_sample, p.step});
  }
};

}  // namespace tnn
