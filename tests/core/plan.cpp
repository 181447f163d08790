// The memory plan: an independent walk through forward and backward finds every value intact when
// it is read, for hand-made and for random lists of steps.
#include <algorithm>
#include <random>
#include <vector>

#include <tnn/alexnet.hpp>
#include <tnn/core/plan.hpp>
#include <tnn/cpu.hpp>
#include <tnn/reference.hpp>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

using detail::giving;
using detail::step_facts;

constexpr int links[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
/// The i-th step of a chain.
constexpr step_facts in_chain(std::size_t i, step_facts s) {
  s.reads = {links + i, 1};
  return s;
}
constexpr step_facts own(std::int64_t out, bool reads_x = true) {
  return {.output = out, .reads_x = reads_x, .trains = true};
}
constexpr step_facts in_place(std::int64_t n) {
  return {.output = n, .where = storage::in_place, .reads_y = true};
}
constexpr step_facts alias(std::int64_t n) { return {.output = n, .where = storage::alias}; }

template <std::size_t N>
constexpr std::array<step_facts, N> chain(std::array<step_facts, N> steps) {
  for (std::size_t i = 0; i < N; ++i) steps[i] = in_chain(i, steps[i]);
  return steps;
}

/// Memory in which each place remembers who wrote it last. Values are named 0.. (activation i),
/// 100 + i (gradient i) and 300 + r (a gradient apart).
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

bool apart(std::int64_t a, std::int64_t size_a, std::int64_t b, std::int64_t size_b) {
  return a >= b + size_b || b >= a + size_a;
}

/// Runs the steps as a backend would, and checks each read. An alias hands its name on.
template <std::size_t Reads, std::size_t N>
void walk(std::int64_t input, const std::array<step_facts, N>& steps, mode m) {
  const detail::memory_plan<N, Reads> plan = detail::plan_memory<Reads>(input, steps, m);
  memory arena(plan.activations);
  const auto size = [&](std::size_t v) { return v > 0 ? steps[v - 1].output : input; };
  std::array<int, N + 1> name{};
  const auto value_at = [&](std::size_t v) { return plan.value[v] + plan.within[v].begin; };
  const auto gradient_at = [&](std::size_t v) { return plan.gradient[v] + plan.within[v].begin; };
  const auto holds_value = [&](std::size_t v) {
    return arena.holds(name[v], value_at(v), size(v));
  };
  const auto gradient_name = [](std::size_t v) { return 100 + static_cast<int>(v); };
  const auto holds_gradient = [&](std::size_t v) {
    return arena.holds(gradient_name(v), gradient_at(v), size(v));
  };

  arena.write(0, plan.value[0], size(0));
  for (std::size_t i = 0; i < N; ++i) {
    const step_facts& s = steps[i];
    for (const int v : s.reads) REQUIRE(holds_value(static_cast<std::size_t>(v)));
    const auto x = static_cast<std::size_t>(s.reads[0]);
    name[i + 1] = s.where == storage::alias ? name[x] : static_cast<int>(i) + 1;
    if (s.where == storage::alias) {
      REQUIRE(plan.value[i + 1] == plan.value[x]);
      continue;
    }
    for (std::size_t k = 0; k < s.reads.size(); ++k) {  // what is read survives until y is whole
      const auto v = static_cast<std::size_t>(s.reads[k]);
      const bool same = s.where == storage::in_place && plan.value[v] == plan.value[x];
      const bool there = plan.within[v].whole == i + 1;
      if (there) {
        REQUIRE(steps[v - 1].takes_y_stride);
        REQUIRE(value_at(v) == value_at(i + 1) + s.parts[k]);
        name[v] = name[i + 1];
      } else if (!same) {
        REQUIRE(apart(value_at(i + 1), size(i + 1), value_at(v), size(v)));
      }
    }
    arena.write(name[i + 1], value_at(i + 1), size(i + 1));
  }
  REQUIRE(holds_value(N));  // the logits are read at the end
  if (m == mode::infer) return;

  const std::array<bool, N + 1> wanted = detail::wanted_gradients(steps);
  if (!wanted[N]) return;
  arena.write(gradient_name(N), gradient_at(N), size(N));
  REQUIRE(holds_value(N));  // loss and logits stay beside dlogits
  std::array<bool, N + 1> given{};
  std::size_t read = 0;
  for (const step_facts& s : steps) read += s.reads.size();
  for (std::size_t i = N; i-- > 0;) {
    const step_facts& s = steps[i];
    read -= s.reads.size();
    REQUIRE(plan.has_backward[i] == wanted[i + 1]);
    if (!wanted[i + 1]) continue;
    const auto reads_hold = [&] {
      if (s.reads_x) REQUIRE(holds_value(static_cast<std::size_t>(s.reads[0])));
      if (s.reads_y) REQUIRE(holds_value(i + 1));
      for (std::size_t k = 1; s.reads_others && k < s.reads.size(); ++k)
        REQUIRE(holds_value(static_cast<std::size_t>(s.reads[k])));
    };
    reads_hold();
    REQUIRE(holds_gradient(i + 1));
    // dy is read until the last gradient is made; that of x may take its place.
    for (std::size_t k = s.reads.size(); k-- > 0;) {
      const auto v = static_cast<std::size_t>(s.reads[k]);
      const giving gives = plan.gives[read + k];
      REQUIRE((gives == giving::nothing) == !wanted[v]);
      if (!wanted[v]) continue;
      const std::int64_t at = plan.dx[read + k] + plan.within[v].begin;
      const bool in_dy = plan.within[v].whole == i + 1 ||
                         (k == 0 && s.where != storage::own && at == gradient_at(i + 1));
      if (!in_dy) REQUIRE(apart(at, size(v), gradient_at(i + 1), size(i + 1)));
      if (gives == giving::added) REQUIRE(s.can_add);
      if (gives == giving::apart) {
        arena.write(300 + static_cast<int>(read + k), at, size(v));
      } else {
        REQUIRE(at == gradient_at(v));
        arena.write(gradient_name(v), at, size(v));
      }
      reads_hold();
    }
    for (std::size_t k = 0; k < s.reads.size(); ++k) {
      const auto v = static_cast<std::size_t>(s.reads[k]);
      if (!wanted[v]) continue;
      if (plan.gives[read + k] == giving::apart)
        REQUIRE(arena.holds(300 + static_cast<int>(read + k),
                            plan.dx[read + k] + plan.within[v].begin, size(v)));
      // The first to give a value its gradient stores it, all others add.
      const bool stores = plan.gives[read + k] == giving::stored;
      REQUIRE(stores != given[v]);
      given[v] = true;
      REQUIRE(holds_gradient(v));
    }
  }
}

template <std::size_t N>
void walk_chain(std::int64_t input, const std::array<step_facts, N>& steps, mode m) {
  walk<N>(input, chain(steps), m);
}

}  // namespace

TEST_CASE("values live until they are read for the last time") {
  for (const mode m : {mode::infer, mode::train}) {
    walk_chain<1>(16, {own(32)}, m);
    walk_chain<4>(64, {own(128), in_place(128), alias(128), own(16)}, m);
    walk_chain<5>(48, {in_place(48), own(96), in_place(96), in_place(96), own(16)}, m);
    walk_chain<3>(16, {own(16, false), own(16, false), own(16, false)}, m);
  }
}

TEST_CASE("random chains keep every value that is still read") {
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  for (int trial = 0; trial < 2000; ++trial) {
    constexpr std::size_t n = 9;
    std::array<step_facts, n> steps{};
    const std::int64_t input = 16 * (1 + below(8));
    std::int64_t size = input;
    for (step_facts& s : steps) {
      const int kind = below(3);
      size = kind == 0 ? 16 * (1 + below(8)) : size;
      s = {.output = size,
           .where = kind == 0   ? storage::own
                    : kind == 1 ? storage::in_place
                                : storage::alias,
           .reads_x = kind == 0 && below(2) == 0,
           .reads_y = kind != 2 && below(2) == 0,
           .trains = kind == 0 && below(2) == 0};
    }
    walk_chain(input, steps, mode::infer);
    walk_chain(input, steps, mode::train);
  }
}

TEST_CASE("random graphs keep every value that is still read, and each gradient is whole") {
  std::mt19937 random(11);
  int in_place_of_a_whole = 0;
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  for (int trial = 0; trial < 4000; ++trial) {
    // A step reads the value before it, or an older one, or joins up to three; the last joins all
    // that nobody has read.
    constexpr std::size_t n = 10, most_reads = 3 * n + n;
    std::array<step_facts, n> steps{};
    std::array<std::array<int, n + 1>, n> reads{};
    std::array<std::array<std::int64_t, n + 1>, n> begins{};
    std::array<bool, n + 1> is_read{};
    const std::int64_t input = 16 * (1 + static_cast<std::int64_t>(below(3)));
    std::array<std::int64_t, n + 1> size{input};
    for (std::size_t i = 0; i < n; ++i) {
      step_facts& s = steps[i];
      std::size_t count = below(3) == 0 ? 1 + below(3) : 1;
      for (std::size_t k = 0; k < count; ++k)
        reads[i][k] = static_cast<int>(below(2) == 0 ? i : below(i + 1));
      if (i + 1 == n) {
        count = 0;
        for (std::size_t v = 0; v < n; ++v)
          if (!is_read[v]) reads[i][count++] = static_cast<int>(v);
      }
      for (std::size_t k = 0; k < count; ++k) is_read[static_cast<std::size_t>(reads[i][k])] = true;
      const std::int64_t x = size[static_cast<std::size_t>(reads[i][0])];
      const std::size_t kind = below(3);
      const std::int64_t out = kind == 0 ? 16 * (1 + static_cast<std::int64_t>(below(3))) : x;
      size[i + 1] = out;
      s = {.reads = {reads[i].data(), count},
           .output = out,
           .where = kind == 0                ? storage::own
                    : kind == 1 || count > 1 ? storage::in_place
                                             : storage::alias,
           .reads_x = kind == 0 && below(2) == 0,
           .reads_y = below(2) == 0 && !(kind == 2 && count == 1),
           .reads_others = below(3) == 0,
           .trains = kind == 0 && below(2) == 0,
           .can_add = below(2) == 0,
           .takes_y_stride = kind == 0 && below(2) == 0};
      if (count > 1 && below(2) == 0) {  // lays side by side what it reads
        std::int64_t whole = 0;
        for (std::size_t k = 0; k < count; ++k) {
          begins[i][k] = whole;
          whole += size[static_cast<std::size_t>(reads[i][k])];
        }
        size[i + 1] = whole;
        s = {.reads = s.reads,
             .output = whole,
             .can_add = s.can_add,
             .parts = {begins[i].data(), count}};
      }
    }
    for (const detail::part_of& p : detail::parts_of_wholes(steps))
      in_place_of_a_whole += p.whole > 0;
    walk<most_reads>(input, steps, mode::infer);
    walk<most_reads>(input, steps, mode::train);
  }
  CHECK(in_place_of_a_whole > 1000);
}

TEST_CASE("what works in place costs nothing, and nothing is kept that backward does not read") {
  // conv, ReLU, conv: one copy of the middle value in training, though two layers make it.
  constexpr auto steps = chain<3>({own(160), in_place(160), own(16)});
  constexpr auto plan = detail::plan_memory<3>(16, steps, mode::train);
  STATIC_REQUIRE(plan.value[1] == plan.value[2]);
  STATIC_REQUIRE(plan.gradient[0] == -1);
  // x 16, the middle 160, its gradient 160 (the logits' 16 lie there until the loss), dlogits 16
  STATIC_REQUIRE(plan.activations == 352);
  // ReLU after ReLU: the second may not overwrite what the first reads on the way back.
  constexpr auto twice = chain<3>({own(16), in_place(16), in_place(16)});
  constexpr auto training = detail::plan_memory<3>(16, twice, mode::train);
  STATIC_REQUIRE(training.value[2] != training.value[3]);
  constexpr auto inference = detail::plan_memory<3>(16, twice, mode::infer);
  STATIC_REQUIRE(inference.value[2] == inference.value[3]);
}

TEST_CASE("a sum works in place of its body, and the shortcut's gradient is the first part") {
  // Steps: 0 stem, 1 body, 2 sum of the body and value 1.
  static constexpr int stem[] = {0}, body[] = {1}, both[] = {2, 1};
  constexpr std::array<step_facts, 3> steps{{
      {.reads = stem, .output = 32, .reads_x = true, .trains = true},
      {.reads = body, .output = 32, .reads_x = true, .trains = true},
      {.reads = both, .output = 32, .where = storage::in_place, .can_add = true},
  }};
  constexpr auto plan = detail::plan_memory<4>(16, steps, mode::train);
  STATIC_REQUIRE(plan.value[3] == plan.value[2]);
  STATIC_REQUIRE(plan.value[2] != plan.value[1]);
  STATIC_REQUIRE(plan.gradient[2] == plan.gradient[3]);
  STATIC_REQUIRE(plan.gives ==
                 std::array{giving::nothing, giving::apart, giving::stored, giving::stored});
}

TEST_CASE("intervals lie at the lowest place that is free, the largest first") {
  // Beside a search that compares every pair.
  std::mt19937 random(3);
  const auto below = [&](int n) { return static_cast<std::int64_t>(random() % unsigned(n)); };
  for (int trial = 0; trial < 2000; ++trial) {
    std::array<detail::interval, 30> fast{};
    for (detail::interval& v : fast) {
      const bool is_long = trial % 2 == 0 && below(2) == 0;
      v.size = 16 * (1 + below(1 + trial % 6));
      v.born = is_long ? below(15) : below(30);
      v.dies = is_long ? 30 - below(15) : v.born + below(4) - 1;
    }
    std::array<detail::interval, 30> slow = fast;
    const std::int64_t total = detail::place_intervals(fast);
    std::int64_t expected = 0;
    for (;;) {
      detail::interval* next = nullptr;
      for (detail::interval& v : slow)
        if (v.dies >= v.born && v.offset < 0 && (next == nullptr || v.size > next->size)) next = &v;
      if (next == nullptr) break;
      std::int64_t at = 0;
      const auto is_free = [&] {
        for (const detail::interval& v : slow)
          if (v.offset >= 0 && overlap(v, *next) && !apart(at, next->size, v.offset, v.size))
            return false;
        return true;
      };
      while (!is_free()) at += 16;
      next->offset = at;
      expected = std::max(expected, at + next->size);
    }
    CHECK(total == expected);
    for (std::size_t i = 0; i < fast.size(); ++i) CHECK(fast[i].offset == slow[i].offset);
  }
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
  constexpr auto train = training_bytes<AlexNet<>, Cpu>({.capacity = 32}, 2);
  STATIC_REQUIRE(train.gradients == train.parameters);
  STATIC_REQUIRE(train.optimizer == train.parameters);
  // A byte an output of the pools; a label and a loss_sum a sample; and what a step is told.
  constexpr std::int64_t pooled = 96 * 26 * 26 + 256 * 12 * 12 + 256 * 5 * 5;
  constexpr auto told = static_cast<std::int64_t>(sizeof(detail::step_told<SGD, float>));
  STATIC_REQUIRE(sizeof(std::int32_t) + sizeof(loss_sum<float>) == 12);
  STATIC_REQUIRE(train.saved == 32 * (pooled + 12) + told);
  // Most is alive in the backward pass of layer 8: what layers 0, 3, 6 and 8 received or made, the
  // gradient that arrives and the one that leaves. There are no gaps between them.
  constexpr std::int64_t plane = 12 * 12;
  constexpr std::int64_t alive = 50'176 + 96 * 26 * 26 + (256 + 384 + 384 + 384 + 384) * plane;
  STATIC_REQUIRE(train.activations == 32 * 4 * alive);
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
