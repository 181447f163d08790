// interop NET save|load FILE: writes the weights of a new model, or reads weights that PyTorch
// wrote, and prints the logits of two images as JSON. tests/fixtures/interop.py is PyTorch's side.
#include <cstdio>
#include <string>

#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/io.hpp>
#include "support/mixed_net.hpp"
#include "support/torch_run.hpp"

namespace {

template <class Net>
void run(bool save, const char* file) {
  constexpr int batch = 2;
  tnn::Initialisation initial = tnn::zero_initialisation;
  if (save) initial = {{.bias = 0.125}, {.bias = 0.25}};
  tnn::Model<Net, tnn::Cpu> model{tnn::Cpu{.threads = 2}, {batch, 1, initial}};
  if (save) {
    tnn::save(model, file);
  } else {
    tnn::load(model, file);
  }
  std::vector<float> logits(batch * model.output_size);
  model.forward(formula_images<float>(batch * model.input_size, 1), logits);
  std::puts(nlohmann::json(logits).dump().c_str());
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string net = argc == 4 ? argv[1] : "", what = argc == 4 ? argv[2] : "";
  if ((net != "alexnet" && net != "mixed_net") || (what != "save" && what != "load")) {
    std::fputs("usage: interop alexnet|mixed_net save|load FILE\n", stderr);
    return 2;
  }
  if (net == "alexnet") {
    run<tnn::AlexNet<>>(what == "save", argv[3]);
  } else {
    run<mixed_net>(what == "save", argv[3]);
  }
  return 0;
} catch (const tnn::error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
