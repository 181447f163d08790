#pragma once
// compute<Backend, T, Bound...>: the math of one step of a network (one bound layer, or a run of
// layers that a backend does together) on a backend, for scalars T. The primary template is not
// defined: that is how a backend says that it has no math for a layer.
// All pointers are the backend's memory: only code that runs on the backend may follow them.
#include <cstdint>
#include <span>
#include <type_traits>

#include <tnn/core/branches.hpp>
#include <tnn/core/host_device.hpp>

namespace tnn {

enum class mode { infer, train };

/// Where a step's output lives. alias: y is x, untouched. in_place: y may overwrite x, where the
/// plan finds that nobody needs x any more.
enum class storage { own, in_place, alias };

template <class T, class... Bounds>
struct pass;

/// What a step works on. The samples of a batch lie one after the other without a gap; but those
/// of y and dy, where the compute says that it takes that, y_stride values apart.
template <class T>
struct pass<T> {
  int batch = 0;
  tnn::mode mode = tnn::mode::infer;
  const T* x = nullptr;
  T* y = nullptr;             ///< forward writes it; backward may read it if backward_reads_y
  T* dy = nullptr;            ///< backward may overwrite it: nobody reads it afterwards
  std::int64_t y_stride = 0;  ///< values from a sample of y, and of dy, to the next
  T* dx = nullptr;            ///< nullptr where nobody needs it; may be dy itself where in_place
  std::uint8_t* saved = nullptr;  ///< what forward leaves for backward, `saved` bytes a sample
  T* kept = nullptr;              ///< likewise, `kept` values of the whole batch
  T* scratch = nullptr;           ///< scratch(...) values, undefined at the start of every call
  std::uint64_t seed = 0;         ///< random numbers are of (seed, step, layer, sample, i)
  const std::uint32_t* step = nullptr;  ///< training only; in memory, for a recorded step
  std::uint32_t layer = 0;
  std::uint32_t first_sample = 0;  ///< where these samples begin in their whole batch

  /// What is saved, as values of another type: it begins where any type may.
  template <class U>
  U* saved_as() const {
    return reinterpret_cast<U*>(saved);
  }
};

namespace detail {

/// The tensors of a run's layers, one after the other; counters are none of math's business.
template <class... Bounds>
struct run_tensors {
  static constexpr int count = (0 + ... + (Bounds::parameters::size + Bounds::buffers::size));

  /// Index of the tensor Tag of layer I of the run; -1 where that layer declares none.
  template <class Tag, int I>
  static constexpr int index() {
    int layer = 0, at = 0, found = -1;
    ((found = layer == I && Bounds::template place_of<Tag> >= 0
                  ? at + Bounds::template place_of<Tag>
                  : found,
      at += Bounds::parameters::size + Bounds::buffers::size, ++layer),
     ...);
    return found;
  }
};

template <int Index, class T>
constexpr T* at_or_null(T* const* tensors) {
  if constexpr (Index < 0) {
    return nullptr;
  } else {
    return tensors[Index];
  }
}

}  // namespace detail

/// With the tensors of the run's layers, by tag and by the number of the layer in the run:
/// p.get(tensor_name::weight{}), p.gradient(tensor_name::weight{}); and with what those of its
/// layers that join branches read besides x.
template <class T, class... Bounds>
struct pass : pass<T> {
  using tensors = detail::run_tensors<Bounds...>;
  /// Unless the workspace sets another stride, the samples of y follow one another without a gap:
  /// the stride is the size of what the run's last layer makes.
  constexpr pass() {
    for (const std::int64_t size : {Bounds::output::size...}) this->y_stride = size;
  }
  T* values[tensors::count + 1] = {};
  T* gradients[tensors::count + 1] = {};

  static constexpr int others = (0 + ... + (Bounds::layer::inputs - 1));
  const T* other[std::size_t{others} + 1] = {};
  /// Where the gradients of `other` go; nullptr where nobody needs one. Two branches may be the
  /// same value, whose gradients then have the same place: so backward makes the gradients in the
  /// order of the branches, dx first. dx may lie in dy, too: then what backward reads of dy for the
  /// others must still be right after dx is written.
  T* other_gradient[std::size_t{others} + 1] = {};
  /// Whether backward adds to dx and to the others' gradients; only where can_add.
  bool adds = false, adds_other[std::size_t{others} + 1] = {};

  template <class Tag, int Layer = 0>
  constexpr T* get(Tag, std::integral_constant<int, Layer> = {}) const {
    static_assert(tensors::template index<Tag, Layer>() >= 0, "the layer declares no such tensor");
    return values[tensors::template index<Tag, Layer>()];
  }
  /// Overwritten, not added to; summed over the batch.
  template <class Tag, int Layer = 0>
  constexpr T* gradient(Tag, std::integral_constant<int, Layer> = {}) const {
    static_assert(tensors::template index<Tag, Layer>() >= 0, "the layer declares no such tensor");
    return gradients[tensors::template index<Tag, Layer>()];
  }

  /// The same of a tensor that the layer may go without: nullptr where it declares none.
  template <class Tag>
  constexpr T* find(Tag) const {
    return detail::at_or_null<tensors::template index<Tag, 0>()>(values);
  }
  template <class Tag>
  constexpr T* find_gradient(Tag) const {
    return detail::at_or_null<tensors::template index<Tag, 0>()>(gradients);
  }
};

namespace detail {
/// What a bias that may be missing adds to output i, and the bias from output i on.
template <class T>
TNN_HOST_DEVICE constexpr T bias_of(const T* bias, std::int64_t i) {
  return bias == nullptr ? T{0} : bias[i];
}
template <class T>
constexpr T* bias_from(T* bias, std::int64_t i) {
  return bias == nullptr ? nullptr : bias + i;
}
}  // namespace detail

namespace detail {
/// Whether a compute can say what a step's gradients are.
template <class Compute, class B, class Pass>
concept has_backward = requires(B& backend, const Pass& p) {
  Compute::backward(backend, p);
};
}  // namespace detail

/// What a compute says of itself unless it says otherwise.
struct compute_base {
  static constexpr storage output(mode) { return storage::own; }
  static constexpr bool backward_reads_x = false;
  static constexpr bool backward_reads_y = false;
  static constexpr bool backward_reads_others = false;  ///< of a layer that joins branches
  /// Whether backward obeys `adds` of its pass: what else gave a value its gradient stays in it.
  static constexpr bool can_add = false;
  /// Whether y and dy may be parts of larger samples, p.y_stride values apart, that begin anywhere.
  static constexpr bool takes_y_stride = false;
  /// Of a layer that lays the values of its branches side by side: where in a sample of y those of
  /// each branch begin. A branch whose last step takes y_stride works there, and nobody moves its
  /// values: x (or an other) is nullptr in the pass, and so is dx, since its gradient is a part of
  /// dy, which backward may then not overwrite.
  static constexpr std::span<const std::int64_t> parts{};
  /// Whether a run of layers is done together in that mode; of one layer it is not asked.
  static constexpr bool together(mode) { return true; }
  static constexpr std::int64_t saved = 0;  ///< bytes a sample
  static constexpr std::int64_t kept = 0;   ///< values a batch
  static constexpr std::int64_t scratch(std::int64_t /*batch*/, int /*threads*/, mode) { return 0; }
};

template <class Backend, class T, class... Bounds>
struct compute;

// The backends of the library. Each is defined in one header, which brings every layer's math:
// <tnn/reference.hpp>, <tnn/cpu.hpp>, <tnn/thrust.hpp>, <tnn/cuda.cuh>.
struct Reference;
struct Cpu;
struct Thrust;
struct Cuda;

namespace fix {
struct include_tnn_reference_hpp;
struct include_tnn_cpu_hpp;
struct include_tnn_thrust_hpp;
struct include_tnn_cuda_cuh;
template <class Backend>
struct write_its_compute_for;
template <class Backend>
struct write_the_backward_of_its_compute_for;
}  // namespace fix

namespace detail {

template <class Backend>
constexpr refuses<fix::write_its_compute_for<Backend>> header_of(Backend*) {
  return {};
}
constexpr refuses<fix::include_tnn_reference_hpp> header_of(Reference*) { return {}; }
constexpr refuses<fix::include_tnn_cpu_hpp> header_of(Cpu*) { return {}; }
constexpr refuses<fix::include_tnn_thrust_hpp> header_of(Thrust*) { return {}; }
constexpr refuses<fix::include_tnn_cuda_cuh> header_of(Cuda*) { return {}; }

/// What to do where Backend has no math for a layer.
template <class Backend>
constexpr auto missing_math() {
  if constexpr (defined<Backend>) {
    return refuses<fix::write_its_compute_for<Backend>>{};
  } else {
    return header_of(static_cast<Backend*>(nullptr));
  }
}

}  // namespace detail
}  // namespace tnn
