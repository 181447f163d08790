// interop NET save|load FILE: writes the weights of a new model, or reads weights that PyTorch
// wrote, and prints the logits of two images and the counters as JSON. tests/fixtures/interop.py is
// PyTorch's side.
#include <cstdio>
#include <string>

#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/io.hpp>
#include <tnn/resnet.hpp>
#include "support/mixed_net.hpp"
#include "support/torch_run.hpp"

namespace {

// Buffers and counters as no new model has them.
template <class M>
void change_statistics(M& model) {
  std::vector<float> values;
  for (const tnn::ParameterInfo& p : tnn::buffers_table<typename M::network>) {
    values.resize(static_cast<std::size_t>(p.size));
    const float first = p.name.ends_with("running_mean") ? -0.109375f : 0.0625f;  // else a variance
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = first + 0.03125f * static_cast<float>(i % 8);
    model.write(p.name, values);
  }
  std::int64_t count = std::int64_t{1} << 40;
  for (std::int64_t& counter : model.counters()) counter = ++count;
}

template <class Net>
void run(bool save, const char* file) {
  constexpr int batch = 2;
  tnn::Initialisation initial = tnn::zero_initialisation;
  if (save) initial = {{.bias = 0.125}, {.bias = 0.25}};
  tnn::Model<Net, tnn::Cpu> model{tnn::Cpu{.threads = 2}, {batch, 1, initial}};
  if (save) {
    change_statistics(model);
    tnn::save(model, file);
  } else {
    tnn::load(model, file);
  }
  std::vector<float> logits(batch * model.output_size);
  model.forward(formula_images<float>(batch * model.input_size, 1), logits);
  nlohmann::json counters = nlohmann::json::object();
  std::size_t i = 0;
  for (const std::int64_t counter : model.counters())
    counters[std::string(tnn::counters_table<Net>[i++])] = counter;
  std::puts(nlohmann::json{{"logits", logits}, {"counters", counters}}.dump().c_str());
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string net = argc == 4 ? argv[1] : "", what = argc == 4 ? argv[2] : "";
  if ((net != "alexnet" && net != "mixed_net" && net != "resnet18") ||
      (what != "save" && what != "load")) {
    std::fputs("usage: interop alexnet|mixed_net|resnet18 save|load FILE\n", stderr);
    return 2;
  }
  if (net == "alexnet") {
    run<tnn::AlexNet<>>(what == "save", argv[3]);
  } else if (net == "resnet18") {
    run<tnn::ResNet18<>>(what == "save", argv[3]);
  } else {
    run<mixed_net>(what == "save", argv[3]);
  }
  return 0;
} catch (const tnn::error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
