// AlexNet's relatives against PyTorch in double: logits, and the first step's loss and gradients.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/lenet.hpp>

#include "support/catch.hpp"
#include "support/torch_run.hpp"

namespace {

template <class Net, class T>
void check(const char* file, double limit) {
  const torch_fixture fixture(file);
  const auto found = run_as_torch<Net, tnn::Cpu, T>(fixture, tnn::Cpu{.threads = 2}, 1);
  REQUIRE(fixture.tensors.size() == 2 + tnn::parameters_table<Net>.size());
  for (const auto& [name, expected] : fixture.tensors) {
    INFO(file << ", " << name);
    CHECK(difference(found.at(name), expected) <
          (name.starts_with("gradient") ? limit : limit / 5));
  }
}

}  // namespace

TEST_CASE("LeNet, with sigmoids and with ReLUs, is PyTorch's") {
  // In double, but for the weights, which are rounded to float on both sides' way.
  check<tnn::LeNet<>, double>("lenet.json", 1e-6);
  check<tnn::LeNetReLU<>, double>("lenet_relu.json", 1e-6);
}

// In float, as the weights would take half a gigabyte in double. Seen were 1e-5 of a gradient, but
// where rounding changes what a ReLU or a pool decides it is 1e-3.
TEST_CASE("the network of 2012 is PyTorch's", "[slow]") {
  check<tnn::AlexNet2012<>, float>("alexnet2012.json", 5e-3);
}
TEST_CASE("torchvision's AlexNet is PyTorch's", "[slow]") {
  check<tnn::TorchvisionAlexNet<>, float>("torchvision_alexnet.json", 5e-3);
}
