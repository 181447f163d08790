// predict WEIGHTS: what AlexNet with these weights makes of a grey image.
#include <algorithm>
#include <iostream>
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/io.hpp>
#include <vector>

using Net = tnn::AlexNet<>;

int main(int, char** argv) {
  tnn::Model<Net, tnn::Cpu> model{tnn::Cpu{.threads = 2}, {.capacity = 1}};
  tnn::load(model, argv[1]);
  std::vector<float> image(tnn::input_t<Net>::size, 0.5f), logits(10);
  model.forward(image, logits);
  std::cout << "class " << std::ranges::max_element(logits) - logits.begin() << '\n';
}
