// A layer of your own with a tensor and an option of its own: LayerScale (Touvron et al. 2021,
// "Going deeper with Image Transformers"), y[c] = gamma[c] * x[c], where gamma begins small.
#include <cstdio>
#include <ratio>
#include <string_view>
#include <vector>

#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

// [layer]
struct gamma_tensor {
  static constexpr std::string_view name = "gamma";  // in files, and in model.read("2.gamma", ...)
};

struct start_of_gamma;  // what the option is about
template <class Ratio>
struct Start {
  using is = start_of_gamma;
  using ratio = Ratio;
};

template <class... Options>
struct LayerScale : tnn::layer_base {
  using start = typename tnn::option_t<start_of_gamma, Start<std::ratio<1, 10>>, Options...>::ratio;

  template <class X>
  static constexpr auto rule() {
    using options = decltype(tnn::options_rule<start_of_gamma>(tnn::given<Options...>{}));
    if constexpr (options::refused) {
      return options{};
    } else {
      return tnn::accepts<X>{};  // the shape stays as it is
    }
  }

  template <class X>
  using tensors =
      tnn::tensor_list<tnn::parameter<gamma_tensor, tnn::Shape<X::extent(0)>,
                                      tnn::starts_at<start::num, start::den>, tnn::no_decay>>;
};
// [/layer]

// [math]
/// y = gamma x on the way forward, dx = gamma dy on the way back.
template <class X, class T>
struct scale_channels {
  static constexpr std::int64_t channels = X::extent(0), places = X::size / channels;
  const T* from;
  const T* gamma;
  T* to;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t i) const {
    to[i] = gamma[i / places % channels] * from[i];
  }
};

/// dgamma[c] = sum of dy x over all samples and places.
template <class X, class T>
struct gamma_gradient {
  static constexpr std::int64_t places = X::size / X::extent(0);
  const T* x;
  const T* dy;
  T* dgamma;
  int batch;
  TNN_HOST_DEVICE constexpr void operator()(std::int64_t c) const {
    T sum = 0;
    for (int n = 0; n < batch; ++n)
      for (std::int64_t k = 0; k < places; ++k) {
        const std::int64_t i = n * X::size + c * places + k;
        sum += dy[i] * x[i];
      }
    dgamma[c] = sum;
  }
};

/// On every backend: Cpu and Cuda call the functors above.
template <tnn::Backend B, class T, class... O, class X>
struct tnn::compute<B, T, tnn::bound<LayerScale<O...>, X, X>> : tnn::compute_base {
  static constexpr bool backward_reads_x = true;

  static constexpr void forward(B& backend, const auto& p) {
    backend.for_each(p.batch * X::size, scale_channels<X, T>{p.x, p.get(gamma_tensor{}), p.y});
  }
  static constexpr void backward(B& backend, const auto& p) {
    backend.for_each(X::extent(0),
                     gamma_gradient<X, T>{p.x, p.dy, p.gradient(gamma_tensor{}), p.batch});
    if (p.dx != nullptr)  // nobody needs it where nothing before this layer is trained
      backend.for_each(p.batch * X::size, scale_channels<X, T>{p.dy, p.get(gamma_tensor{}), p.dx});
  }
};
// [/math]

// [use]
using Net =
    tnn::Sequential<tnn::Input<1, 8, 8>, tnn::Conv2d<4, tnn::Kernel<3>>, tnn::BatchNorm2d<>,
                    LayerScale<Start<std::ratio<1, 2>>>, tnn::ReLU, tnn::Flatten, tnn::Linear<3>>;
static_assert(tnn::parameters_table<Net>[4].name == "2.gamma");
// [/use]

int main() {
  tnn::Model<Net, tnn::Cpu> model{tnn::Cpu{}, {.capacity = 6, .seed = 1}};
  tnn::Training training{model, {.capacity = 6}};
  std::vector<float> images(6 * 64);
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<float>(i * i % 17) / 17;
  const std::vector<std::int32_t> labels{0, 1, 2, 0, 1, 2};
  std::vector<float> gamma(4);
  model.read("2.gamma", gamma);
  std::printf("gamma begins at %.2f\n", static_cast<double>(gamma[0]));
  double first = 0, last = 0;
  for (int step = 0; step < 50; ++step) {
    last = training.step(images, labels, {.rate = 0.1}).mean_loss();
    if (step == 0) first = last;
  }
  model.read("2.gamma", gamma);
  std::printf("the loss falls: %s\n", last < first / 2 ? "yes" : "no");
  std::printf("gamma has learned: %s\n", gamma[0] != 0.5f ? "yes" : "no");
  std::printf("batches that BatchNorm has seen: %lld\n",
              static_cast<long long>(model.counters()[0]));
  return 0;
}
