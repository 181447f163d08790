// The memory plan: an independent walk through forward and backward finds every value intact when
// it is read, for hand-made and for random lists of steps.
#include <random>
#include <vector>

#include <tnn/alexnet.hpp>
#include <tnn/core/plan.hpp>
#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

constexpr detail::step_facts own(std::int64_t in, std::int64_t out, bool reads_x = true) {
  return {in, out, storage::own, reads_x, false, true, 0};
}
constexpr detail::step_facts in_place(std::int64_t n) {
  return {n, n, storage::in_place, false, true, false, 0};
}
constexpr detail::step_facts alias(std::int64_t n) {
  return {n, n, storage::alias, false, false, false, 0};
}

/// Memory in which each place remembers who wrote it last. Values are named 0.. (activation i) and
/// 100 + i (gradient i).
class memory {
 public:
  explicit memory(std::int64_t size) : owner_(static_cast<std::size_t>(size), -1) {}
  void write(int name, std::int64_t at, std::int64_t size) {
    REQUIRE(at >= 0);
    REQUIRE(at + size <= static_cast<std::int64_t>(owner_.size()));
    for (std::int64_t k = at; k < at + size; ++k) owner_[static_cast<std::size_t>(k)] = name;
  }
  bool holds(int name, std::int64_t at, std::int64_t size) const {
    for (std::int64_t k = at; k < at + size; ++k)
      if (owner_[static_cast<std::size_t>(k)] != name) return false;
    return true;
  }

 private:
  std::vector<int> owner_;
};

/// Runs the steps as a backend would, and checks each read. An alias hands its name on.
template <std::size_t N>
void walk(const std::array<detail::step_facts, N>& steps, mode m) {
  const detail::memory_plan<N> plan = detail::plan_memory(steps, m);
  memory arena(plan.activations);
  const auto size = [&](std::size_t i) { return i < N ? steps[i].input : steps[N - 1].output; };
  std::array<int, N + 1> name{};
  arena.write(0, plan.value[0], size(0));
  for (std::size_t i = 0; i < N; ++i) {
    REQUIRE(arena.holds(name[i], plan.value[i], size(i)));
    name[i + 1] = steps[i].where == storage::alias ? name[i] : static_cast<int>(i) + 1;
    if (steps[i].where == storage::alias) {
      REQUIRE(plan.value[i + 1] == plan.value[i]);
    } else {
      if (steps[i].where == storage::own)  // x must survive until y is whole
        REQUIRE((plan.value[i + 1] >= plan.value[i] + size(i) ||
                 plan.value[i] >= plan.value[i + 1] + size(i + 1)));
      arena.write(name[i + 1], plan.value[i + 1], size(i + 1));
    }
  }
  REQUIRE(arena.holds(name[N], plan.value[N], size(N)));  // the logits are read at the end
  if (m == mode::infer) return;
  const std::size_t first = detail::first_trained(steps);
  if (first == N) return;
  arena.write(100 + static_cast<int>(N), plan.gradient[N], size(N));
  REQUIRE(arena.holds(name[N], plan.value[N], size(N)));  // loss and logits stay beside dlogits
  for (std::size_t i = N; i-- > first;) {
    REQUIRE(arena.holds(100 + static_cast<int>(i) + 1, plan.gradient[i + 1], size(i + 1)));
    if (steps[i].reads_x) REQUIRE(arena.holds(name[i], plan.value[i], size(i)));
    if (steps[i].reads_y) REQUIRE(arena.holds(name[i + 1], plan.value[i + 1], size(i + 1)));
    if (i == first) {
      REQUIRE(plan.gradient[i] == -1);
      break;
    }
    const bool apart = plan.gradient[i] >= plan.gradient[i + 1] + size(i + 1) ||
                       plan.gradient[i + 1] >= plan.gradient[i] + size(i);
    if (steps[i].where == storage::own) REQUIRE(apart);
    arena.write(100 + static_cast<int>(i), plan.gradient[i], size(i));
    // Writing dx must not have spoilt what this very step still reads.
    if (steps[i].reads_x) REQUIRE(arena.holds(name[i], plan.value[i], size(i)));
    if (steps[i].reads_y) REQUIRE(arena.holds(name[i + 1], plan.value[i + 1], size(i + 1)));
  }
}

}  // namespace

TEST_CASE("values live until they are read for the last time") {
  for (const mode m : {mode::infer, mode::train}) {
    walk<1>({own(16, 32)}, m);
    walk<4>({own(64, 128), in_place(128), alias(128), own(128, 16)}, m);
    walk<5>({in_place(48), own(48, 96), in_place(96), in_place(96), own(96, 16)}, m);
    walk<3>({own(16, 16, false), own(16, 16, false), own(16, 16, false)}, m);
  }
}

TEST_CASE("random networks keep every value that is still read") {
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  for (int trial = 0; trial < 2000; ++trial) {
    constexpr std::size_t n = 9;
    std::array<detail::step_facts, n> steps{};
    std::int64_t size = 16 * (1 + below(8));
    for (detail::step_facts& s : steps) {
      const int kind = below(3);
      const std::int64_t out = kind == 0 ? 16 * (1 + below(8)) : size;
      s = {size,
           out,
           kind == 0   ? storage::own
           : kind == 1 ? storage::in_place
                       : storage::alias,
           kind == 0 && below(2) == 0,
           kind != 2 && below(2) == 0,
           kind == 0 && below(2) == 0,
           0};
      size = out;
    }
    walk(steps, mode::infer);
    walk(steps, mode::train);
  }
}

TEST_CASE("what works in place costs nothing, and nothing is kept that backward does not read") {
  // conv, ReLU, conv: one copy of the middle value in training, though two layers make it.
  constexpr std::array<detail::step_facts, 3> steps{own(16, 160), in_place(160), own(160, 16)};
  constexpr auto plan = detail::plan_memory(steps, mode::train);
  STATIC_REQUIRE(plan.value[1] == plan.value[2]);
  STATIC_REQUIRE(plan.gradient[0] == -1);
  // x 16, the middle 160, its gradient 160 (the logits' 16 lie there until the loss), dlogits 16
  STATIC_REQUIRE(plan.activations == 352);
  // ReLU after ReLU: the second may not overwrite what the first reads on the way back.
  constexpr std::array<detail::step_facts, 3> twice{own(16, 16), in_place(16), in_place(16)};
  STATIC_REQUIRE(detail::plan_memory(twice, mode::train).value[2] !=
                 detail::plan_memory(twice, mode::train).value[3]);
  STATIC_REQUIRE(detail::plan_memory(twice, mode::infer).value[2] ==
                 detail::plan_memory(twice, mode::infer).value[3]);
}

TEST_CASE("bytes of AlexNet by purpose are compile-time figures") {
  constexpr auto infer = bytes_of<AlexNet<>, Cpu>(1, mode::infer, 2);
  // The last bias is 10 values in a place of 16.
  STATIC_REQUIRE(infer.parameters == 4 * (46'764'746LL + 6));
  STATIC_REQUIRE(infer.gradients == 0);
  STATIC_REQUIRE(infer.saved == 0);
  // The largest pair alive at once: the image and the first pool's output. The output of the
  // convolution between them exists some channels at a time.
  STATIC_REQUIRE(infer.activations == 4 * (224 * 224 + 96 * 26 * 26));
  constexpr auto train = bytes_of<AlexNet<>, Cpu>(32, mode::train, 2);
  STATIC_REQUIRE(train.gradients == train.parameters);
  STATIC_REQUIRE(train.optimizer == train.parameters);
  // A byte an output of the pools; a label, a rank and a loss a sample.
  constexpr std::int64_t pooled = 96 * 26 * 26 + 256 * 12 * 12 + 256 * 5 * 5;
  STATIC_REQUIRE(train.saved >= 32 * (pooled + 12));
  STATIC_REQUIRE(train.saved <= 32 * (pooled + 12) / 100 * 102);
  // Most is alive in the backward pass of layer 8: what layers 0, 3, 6 and 8 received or made, the
  // gradient that arrives and the one that leaves. Few gaps between them.
  constexpr std::int64_t plane = 12 * 12;
  constexpr std::int64_t alive = 50'176 + 96 * 26 * 26 + (256 + 384 + 384 + 384 + 384) * plane;
  STATIC_REQUIRE(train.activations >= 32 * 4 * alive);
  STATIC_REQUIRE(train.activations <= 32 * 4 * alive / 5 * 6);
  // The filters of layer 8 in Winograd's 36 forms, and some tiles of the images: how many is a
  // matter of the width of the registers, but never as much again. One image does without the
  // former: its filters are used as soon as they are made.
  constexpr std::int64_t filters = 4 * 36 * 384 * 384;
  STATIC_REQUIRE((train.scratch > filters && train.scratch < filters * 2));
  STATIC_REQUIRE((infer.scratch > 0 && infer.scratch < filters / 2));
  // More threads mean more scratch and nothing else; the batch scales activations.
  constexpr auto four = bytes_of<AlexNet<>, Cpu>(32, mode::train, 4);
  STATIC_REQUIRE(four.scratch > train.scratch);
  STATIC_REQUIRE(four.activations == train.activations);
  STATIC_REQUIRE(2 * train.activations == bytes_of<AlexNet<>, Cpu>(64, mode::train, 2).activations);
  // Reference overwrites nothing: the output of layer 0 beside that of its ReLU.
  constexpr auto naive = bytes_of<AlexNet<>, Reference, double>(3, mode::infer, 1);
  STATIC_REQUIRE(naive.parameters == 8 * (46'764'746LL + 6));
  STATIC_REQUIRE(naive.activations == 3 * 8 * 2 * 96 * 54 * 54);
  STATIC_REQUIRE((naive.saved == 0 && naive.scratch == 0));
  STATIC_REQUIRE(naive.total() == naive.parameters + naive.activations);
}
