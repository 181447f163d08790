// A network is a type. Its shapes are proved while this file compiles; what is left for run time is
// arithmetic, on the backend that one template parameter names.
// [hello]
#include <cstdio>
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <vector>

using Net = tnn::AlexNet<>;  // 1 x 224 x 224 -> 10
static_assert(tnn::outputs<Net, tnn::Shape<10>>);
static_assert(tnn::parameter_count<Net> == 46'764'746);

int main() {
  tnn::Model<Net, tnn::Cpu> model{tnn::Cpu{.threads = 2}, {.capacity = 1, .seed = 1}};
  std::vector<float> image(model.input_size, 0.5f), logits(model.output_size);
  model.forward(image, logits);
  for (const float logit : logits) std::printf("%.3f\n", logit);
}
// [/hello]
