#pragma once
// Where every value of a network lives, worked out at compile time for ONE sample; at run time all
// offsets are multiplied by the capacity. Value i is the input of step i, value n the logits.
// A value lives from the step that makes it to the last that reads it, and shares its memory with
// what lives at other times; ReLU and its like work in place where nobody needs their input.
//   time: forward of step i at i, the loss at n, backward of step i at 2n - i
#include <array>
#include <cstddef>

#include <tnn/core/compute.hpp>
#include <tnn/core/padded.hpp>

namespace tnn {

namespace detail {

/// What the plan must know of a step.
struct step_facts {
  std::int64_t input = 0, output = 0;  ///< values a sample
  storage where = storage::own;
  bool reads_x = false, reads_y = false;  ///< in backward
  bool trains = false;                    ///< has parameters
  std::int64_t saved = 0, kept = 0;
};

/// Offsets in values (saved: in 32-bit integers) a sample, kept: a batch; -1 where there is no such
/// value.
template <std::size_t Steps>
struct memory_plan {
  std::array<std::int64_t, Steps + 1> value{}, gradient{};
  std::array<std::int64_t, Steps> saved{}, kept{};
  std::int64_t activations = 0;  ///< values a sample that the arena needs
  std::int64_t saved_total = 0, kept_total = 0;
};

struct interval {
  std::int64_t size = 0, offset = -1;
  std::int64_t born = 0, dies = -1;
  bool overwritable = true;  ///< nobody's backward needs the first contents
};

/// Gives each interval the lowest place that no living one holds, the largest first.
template <std::size_t N>
constexpr std::int64_t place_intervals(std::array<interval, N>& all) {
  std::int64_t total = 0;
  for (;;) {
    interval* next = nullptr;
    for (interval& v : all)
      if (v.dies >= v.born && v.offset < 0 && (next == nullptr || v.size > next->size)) next = &v;
    if (next == nullptr) return total;
    std::int64_t at = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (const interval& other : all)
        if (other.offset >= 0 && other.born <= next->dies && next->born <= other.dies &&
            at < other.offset + other.size && other.offset < at + next->size) {
          at = other.offset + other.size;
          moved = true;
        }
    }
    next->offset = at;
    total = at + next->size > total ? at + next->size : total;
  }
}

constexpr void extend(interval& v, std::int64_t born, std::int64_t dies, std::int64_t size) {
  if (v.dies < v.born) v.born = born;
  v.born = born < v.born ? born : v.born;
  v.dies = dies > v.dies ? dies : v.dies;
  v.size = size > v.size ? size : v.size;
}

/// The first step whose backward must be run: those before the first parameters need none.
template <std::size_t N>
constexpr std::size_t first_trained(const std::array<step_facts, N>& steps) {
  for (std::size_t i = 0; i < N; ++i)
    if (steps[i].trains) return i;
  return N;
}

template <std::size_t N>
constexpr memory_plan<N> plan_memory(const std::array<step_facts, N>& steps, mode m) {
  const bool training = m == mode::train;
  const auto n = static_cast<std::int64_t>(N);
  const std::size_t first = first_trained(steps);

  // Which interval holds value i: `own` opens one, alias and in_place join their input's.
  std::array<detail::interval, 2 * (N + 1)> all{};
  std::array<std::size_t, N + 1> value{}, gradient{};
  const auto size = [&](std::size_t i) {
    return detail::padded(i < N ? steps[i].input : (N > 0 ? steps[N - 1].output : 0));
  };
  for (std::size_t i = 0; i <= N; ++i) {
    const auto t = static_cast<std::int64_t>(i);
    const bool backward_reads = training && ((i < N && i >= first && steps[i].reads_x) ||
                                             (i > 0 && i - 1 >= first && steps[i - 1].reads_y));
    value[i] = i;
    if (i > 0) {
      const step_facts& maker = steps[i - 1];
      const bool joins = maker.where == storage::alias ||
                         (maker.where == storage::in_place && all[value[i - 1]].overwritable);
      if (joins) value[i] = value[i - 1];
    }
    std::int64_t dies = t;
    if (backward_reads) {
      dies = i < N && i >= first && steps[i].reads_x ? 2 * n - t : dies;
      dies = i > 0 && i - 1 >= first && steps[i - 1].reads_y ? 2 * n - t + 1 : dies;
    }
    detail::interval& v = all[value[i]];
    detail::extend(v, t - 1, dies, size(i));
    // In place over v is allowed only while no backward pass reads what v holds.
    v.overwritable = v.overwritable && !backward_reads;
  }
  if (training) {
    for (std::size_t i = N + 1; i-- > 0;) {
      const auto t = static_cast<std::int64_t>(i);
      gradient[i] = N + 1 + i;
      if (i < N && steps[i].where != storage::own) gradient[i] = gradient[i + 1];
      if (i > first) detail::extend(all[gradient[i]], 2 * n - t, 2 * n - t + 1, size(i));
    }
  }

  memory_plan<N> plan;
  plan.activations = detail::place_intervals(all);
  for (std::size_t i = 0; i <= N; ++i) {
    plan.value[i] = all[value[i]].offset;
    plan.gradient[i] = training && i > first ? all[gradient[i]].offset : -1;
  }
  for (std::size_t i = 0; i < N; ++i) {
    const bool used = training && i >= first && steps[i].saved > 0;
    plan.saved[i] = used ? plan.saved_total : -1;
    plan.saved_total += used ? detail::padded(steps[i].saved) : 0;
    const bool keeps = training && steps[i].kept > 0;
    plan.kept[i] = keeps ? plan.kept_total : -1;
    plan.kept_total += keeps ? detail::padded(steps[i].kept) : 0;
  }
  return plan;
}

}  // namespace detail

/// Bytes of a model in one mode at one batch capacity and thread count.
struct memory_bytes {
  std::int64_t parameters = 0;   ///< and buffers
  std::int64_t gradients = 0;    ///< training only
  std::int64_t optimizer = 0;    ///< momentum; training only
  std::int64_t activations = 0;  ///< with the gradients of activations where training
  std::int64_t saved = 0;        ///< pooling indices, statistics, labels, losses
  std::int64_t scratch = 0;
  [[nodiscard]] constexpr std::int64_t total() const {
    return parameters + gradients + optimizer + activations + saved + scratch;
  }
  friend constexpr bool operator==(const memory_bytes&, const memory_bytes&) = default;
};

}  // namespace tnn
