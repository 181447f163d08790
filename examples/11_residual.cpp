// A residual network on images of floats in memory, by AdamW and the one-cycle schedule: is there a
// ring, a cross or a bar in the noise? While they are loaded, images are moved and mirrored at
// random.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include <tnn/cpu.hpp>
#include <tnn/data.hpp>
#include <tnn/train.hpp>

using namespace tnn;

// [network]
template <int Channels, class... Options>
using ConvNorm =
    Sequential<Conv2d<Channels, Kernel<3>, Padding<1>, NoBias, Options...>, BatchNorm2d<>>;

template <int Channels>
using Block = Sequential<Residual<Sequential<ConvNorm<Channels>, ReLU, ConvNorm<Channels>>>, ReLU>;

using Net = Sequential<Input<1, 16, 16>, ConvNorm<8>, ReLU, Block<8>,  //   8 x 16 x 16
                       ConvNorm<16, Stride<2>>, ReLU, Block<16>,       //  16 x 8 x 8
                       AdaptiveAvgPool2d<1>, Flatten, Linear<3>>;
// [/network]

// [data]
constexpr int edge = 16;

bool in_shape(std::int32_t label, int y, int x) {  // seen from the shape's middle
  const double radius = std::sqrt(y * y + x * x);
  if (label == 0) return radius > 2.5 && radius < 4;                                   // ring
  if (label == 1) return std::abs(std::abs(y) - std::abs(x)) < 1 && std::abs(y) <= 3;  // cross
  return std::abs(y - x) < 2 && std::abs(y) <= 3;                                      // bar
}

Samples<float, std::int32_t> shapes(int count, std::uint32_t seed) {
  std::vector<float> pixels;
  std::vector<std::int32_t> labels;
  std::mt19937 random(seed);
  const auto below = [&](unsigned bound) { return static_cast<int>(random() % bound); };
  for (int i = 0; i < count; ++i) {
    const std::int32_t label = below(3);
    const int top = 4 + below(8), left = 4 + below(8);
    for (int y = 0; y < edge; ++y)
      for (int x = 0; x < edge; ++x)
        pixels.push_back(float(below(1000)) / 1000 +
                         (in_shape(label, y - top, x - left) ? 0.6f : 0.0f));
    labels.push_back(label);
  }
  return {{1, edge, edge}, std::move(pixels), std::move(labels)};
}

// [/data]

// [noise]
void noise(std::span<float> image, Draws& draws) {
  for (float& pixel : image) pixel += 0.2f * draws.uniform();
}
// [/noise]

int main() {
  // [train]
  Model<Net, Cpu> model{Cpu{.threads = 2}, {.capacity = 50, .seed = 1}};
  Training training{model,
                    {.clip_norm = 5, .rule = no_decay_of_vectors},
                    CrossEntropyLoss{.label_smoothing = 0.05},
                    AdamW{.rate = 0.01, .weight_decay = 0.05}};
  constexpr int epochs = 12;
  Trainer trainer{
      training,
      Transformed{shapes(1000, 1), RandomCrop<edge, edge, 1>{}, RandomHorizontalFlip{}, noise,
                  Normalise{{0.5}, {0.3}}},
      Transformed{shapes(200, 2), Normalise{{0.5}, {0.3}}},
      {.schedule = {.kind = ScheduleKind::one_cycle, .epochs = epochs}, .loader_threads = 2}};
  trainer.run(epochs);
  const auto found = evaluate(model, Transformed{shapes(500, 3), Normalise{{0.5}, {0.3}}});
  std::printf("right: %s 90%%\n", found.top(1) > 0.9 ? "more than" : "LESS than");
  // [/train]
  return found.top(1) > 0.9 ? 0 : 1;
}
