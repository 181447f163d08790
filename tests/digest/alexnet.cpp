// The weights that a training ends with, to the last bit: what changes them says so by changing
// this digest, and why in its commit. Built by GCC for x86-64-v3: other instructions round
// otherwise, and another version of the compiler may choose others.
#include <cstring>

#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

/// FNV-1a over the bytes (Fowler, Noll, Vo), a word of 8 at a time.
class digest {
 public:
  void add(const std::vector<float>& values) {
    for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
      std::uint64_t word = 0;
      std::memcpy(&word, &values[i], sizeof word);
      state_ = (state_ ^ word) * 0x100000001b3u;
    }
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325u;
};

}  // namespace

TEST_CASE("AlexNet's weights and momentum after four steps have not changed by a bit") {
  using Net = AlexNet<>;
  using M = Model<Net, Cpu>;
  constexpr int batch = 5;
  M model{Cpu{}, {.capacity = 1, .seed = 3}};
  Training training{model, {.capacity = batch, .seed = 4}};
  for (int step = 0; step < 4; ++step) {
    const auto x = formula_values<float>(static_cast<std::uint32_t>(step), batch * M::input_size);
    std::vector<std::int32_t> labels;
    for (int n = 0; n < batch; ++n) labels.push_back((3 * n + step) % 10);
    training.step(x, labels, {.rate = 0.01, .momentum = 0.9, .weight_decay = 5e-4});
  }
  digest all;
  for (const ParameterInfo& p : parameters_table<Net>) {
    std::vector<float> values(static_cast<std::size_t>(p.size));
    model.read(p.name, values);
    all.add(values);
    training.read_state("momentum_buffer", p.name, values);
    all.add(values);
  }
#if __GNUC__ == 12 && !defined(__clang__)
  CHECK(all.value() == 0x69f28fc5cd916c01u);
#else
  WARN("the digest is of GCC 12; here it is " << all.value());
#endif
}
