#pragma once
// Where every value of a network lives, worked out at compile time for ONE sample; at run time all
// offsets are multiplied by the capacity. Value 0 is the input, value i + 1 what step i makes; the
// last is the logits. A value lives from the step that makes it to the last that reads it, and
// shares its memory with what lives at other times; ReLU and its like work in place where nobody
// needs their input any more. A value read by several steps gets its gradient from each of them:
// the first to run backward stores, the others add. Where values are laid side by side (Concat),
// the step that makes one of them works in its place in the whole, if it can.
//   time: forward of step i at i, the loss at n, backward of step i at 2n - i
#include <array>
#include <cstddef>
#include <span>

#include <tnn/core/compute.hpp>
#include <tnn/core/intervals.hpp>
#include <tnn/core/padded.hpp>

namespace tnn {

namespace detail {

/// What the plan must know of a step.
struct step_facts {
  std::span<const int> reads{};  ///< values, the first of which is x
  std::int64_t output = 0;       ///< values a sample
  storage where = storage::own;
  bool reads_x = false, reads_y = false, reads_others = false;  ///< in backward
  bool trains = false;                                          ///< has parameters
  bool can_add = false;                   ///< backward can add to the gradients it makes
  bool takes_y_stride = false;            ///< its y may lie in a larger value
  std::span<const std::int64_t> parts{};  ///< where in its y what it reads is laid, if it is
  std::int64_t saved = 0, kept = 0;
};

/// What backward of a step does with the gradient of a value that the step reads.
enum class giving {
  nothing,  ///< nobody needs that gradient
  stored,   ///< backward writes it; where the value is a part of y (Concat), the gradient is there
            ///< already, as a part of dy
  added,    ///< backward adds to what steps that ran before it have left there
  apart     ///< this step's backward cannot add: it writes to a place of its own, and the workspace
            ///< adds that afterwards
};

/// Where a value lies in each sample of another one.
struct part_of {
  std::size_t whole = 0;   ///< the number of the other; 0 where a value lies by itself
  std::int64_t begin = 0;  ///< the first of its values in a sample of the whole
};

/// Offsets in values (saved: in bytes) a sample, kept: a batch; -1 where there is no such
/// value. Of a part those of its whole: multiplied by the capacity they are where the whole begins,
/// and the part begins `begin` values behind that. Reads: of all steps together, in their order.
template <std::size_t Steps, std::size_t Reads>
struct memory_plan {
  std::array<std::int64_t, Steps + 1> value{}, gradient{};
  std::array<part_of, Steps + 1> within{};
  std::array<giving, Reads> gives{};
  std::array<std::int64_t, Reads> dx{};  ///< where backward leaves the gradient of what was read
  std::array<bool, Steps> has_backward{};
  std::array<std::int64_t, Steps> saved{}, kept{};
  std::int64_t activations = 0;  ///< values a sample that the arena needs
  std::int64_t saved_total = 0, kept_total = 0;
};

/// Where each value's gradient is wanted: the steps that make it have parameters, or one before
/// them has.
template <std::size_t N>
constexpr std::array<bool, N + 1> wanted_gradients(const std::array<step_facts, N>& steps) {
  std::array<bool, N + 1> wanted{};
  for (std::size_t i = 0; i < N; ++i) {
    wanted[i + 1] = steps[i].trains;
    for (const int v : steps[i].reads)
      wanted[i + 1] = wanted[i + 1] || wanted[static_cast<std::size_t>(v)];
  }
  return wanted;
}

/// The values that are made in their place in a whole: by a step that can, for a step that lays
/// side by side what it reads, and for no other reader.
template <std::size_t N>
constexpr std::array<part_of, N + 1> parts_of_wholes(const std::array<step_facts, N>& steps) {
  std::array<int, N + 1> readers{};
  for (const step_facts& s : steps)
    for (const int v : s.reads) ++readers[static_cast<std::size_t>(v)];
  std::array<part_of, N + 1> within{};
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t k = 0; k < steps[i].parts.size(); ++k) {
      const auto v = static_cast<std::size_t>(steps[i].reads[k]);
      if (v == 0 || readers[v] > 1 || steps[i].where != storage::own) continue;
      if (steps[v - 1].takes_y_stride && steps[v - 1].where == storage::own)
        within[v] = {i + 1, steps[i].parts[k]};
    }
  return within;
}

/// What lives when, before it has a place: intervals of the values, then of their gradients, then
/// of gradients that are apart; and which of them holds what. A part is in its whole's.
template <std::size_t Steps, std::size_t Reads>
struct lifetimes {
  std::array<interval, 2 * (Steps + 1) + Reads> intervals{};
  std::array<std::size_t, Steps + 1> value{}, gradient{};
  std::array<std::size_t, Reads> dx{};
  std::array<bool, Steps + 1> has_gradient{};
  memory_plan<Steps, Reads> plan{};  ///< but for the places
};

/// input: values a sample of value 0.
template <std::size_t Reads, std::size_t N>
constexpr lifetimes<N, Reads> lives_of(std::int64_t input, const std::array<step_facts, N>& steps,
                                       mode m) {
  const bool training = m == mode::train;
  constexpr auto n = static_cast<std::int64_t>(N);
  const auto forward_of = [](std::size_t step) { return static_cast<std::int64_t>(step); };
  const auto backward_of = [](std::size_t step) { return 2 * n - static_cast<std::int64_t>(step); };
  const std::array<bool, N + 1> wanted = wanted_gradients(steps);
  const auto size = [&](std::size_t v) { return padded(v > 0 ? steps[v - 1].output : input); };

  // When each value is read for the last time.
  std::array<std::int64_t, N + 1> last{};
  const auto read_at = [](std::int64_t& latest, std::int64_t time) {
    latest = time > latest ? time : latest;
  };
  last[N] = n;
  for (std::size_t i = 0; i < N; ++i) {
    const step_facts& s = steps[i];
    const bool backward = training && wanted[i + 1];
    bool is_x = true;
    for (const int v : s.reads) {
      std::int64_t& l = last[static_cast<std::size_t>(v)];
      const bool later = backward && (is_x ? s.reads_x : s.reads_others);
      read_at(l, later ? backward_of(i) : forward_of(i));
      is_x = false;
    }
    if (backward && s.reads_y) read_at(last[i + 1], backward_of(i));
  }

  // alias and in_place join their input's interval.
  lifetimes<N, Reads> lives;
  auto& [all, value, gradient, dx, begun, plan] = lives;  // begun: a step has stored the gradient
  const std::array<part_of, N + 1> within = parts_of_wholes(steps);
  extend(all[0], -1, last[0], size(0));
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t x = value[static_cast<std::size_t>(steps[i].reads[0])];
    // In place, where this step is the last to read what is there.
    const bool joins = steps[i].where == storage::alias ||
                       (steps[i].where == storage::in_place && all[x].dies <= forward_of(i));
    const std::size_t whole = within[i + 1].whole;
    value[i + 1] = joins ? x : whole > 0 ? whole : i + 1;
    extend(all[value[i + 1]], forward_of(i), last[i + 1], size(i + 1));
  }

  if (training) {
    begun[N] = wanted[N];
    gradient[N] = N + 1 + N;
    if (wanted[N]) extend(all[gradient[N]], n, n, size(N));
    std::size_t read = 0;
    for (const step_facts& s : steps) read += s.reads.size();
    for (std::size_t i = N; i-- > 0;) {
      const step_facts& s = steps[i];
      read -= s.reads.size();
      plan.has_backward[i] = wanted[i + 1];
      if (!wanted[i + 1]) continue;
      const std::int64_t now = backward_of(i);
      extend(all[gradient[i + 1]], now, now, size(i + 1));
      // dx is dy, or in its place, unless the same value's gradient is added to from dy, too.
      int times_x = 0;
      for (const int v : s.reads) times_x += v == s.reads[0];
      for (std::size_t k = 0; k < s.reads.size(); ++k) {
        const auto v = static_cast<std::size_t>(s.reads[k]);
        if (!wanted[v]) continue;
        const bool shares = k == 0 && s.where != storage::own && times_x == 1;
        giving& gives = plan.gives[read + k];
        if (!begun[v]) {
          gives = giving::stored;
          gradient[v] = shares || within[v].whole > 0 ? gradient[i + 1] : N + 1 + v;
          begun[v] = true;
        } else {
          gives = s.can_add ? giving::added : giving::apart;
        }
        dx[read + k] = gives != giving::apart ? gradient[v]
                       : shares               ? gradient[i + 1]
                                              : 2 * (N + 1) + read + k;
        extend(all[gradient[v]], now, now, size(v));
        extend(all[dx[read + k]], now, now, size(v));
      }
    }
  }

  plan.within = within;
  for (std::size_t i = 0; i < N; ++i) {
    const bool used = plan.has_backward[i] && steps[i].saved > 0;
    plan.saved[i] = used ? plan.saved_total : -1;
    plan.saved_total += used ? padded(steps[i].saved) : 0;
    const bool keeps = training && steps[i].kept > 0;
    plan.kept[i] = keeps ? plan.kept_total : -1;
    plan.kept_total += keeps ? padded(steps[i].kept) : 0;
  }
  return lives;
}

/// The plan, when the intervals have their places.
template <std::size_t N, std::size_t Reads>
constexpr memory_plan<N, Reads> placed_plan(const lifetimes<N, Reads>& lives,
                                            std::int64_t activations) {
  memory_plan<N, Reads> plan = lives.plan;
  plan.activations = activations;
  for (std::size_t v = 0; v <= N; ++v) {
    plan.value[v] = lives.intervals[lives.value[v]].offset;
    plan.gradient[v] =
        lives.has_gradient[v] ? lives.intervals[lives.gradient[v]].offset : std::int64_t{-1};
  }
  for (std::size_t r = 0; r < Reads; ++r)
    plan.dx[r] =
        plan.gives[r] != giving::nothing ? lives.intervals[lives.dx[r]].offset : std::int64_t{-1};
  return plan;
}

template <std::size_t Reads, std::size_t N>
constexpr memory_plan<N, Reads> plan_memory(std::int64_t input,
                                            const std::array<step_facts, N>& steps, mode m) {
  lifetimes<N, Reads> lives = lives_of<Reads>(input, steps, m);
  const std::int64_t activations = place_intervals(lives.intervals);
  return placed_plan(lives, activations);
}

/// The same while compiling, of Network's reads, input, facts and m, in several constant
/// expressions: compilers limit how much one may evaluate.
template <class Network>
struct planned {
  static constexpr auto lives =
      lives_of<Network::reads>(Network::input, Network::facts, Network::in_mode);
  static constexpr const auto& intervals = lives.intervals;
  using placement = detail::placement<planned>;
  static constexpr auto make() {
    auto with_places = lives;
    set_offsets(with_places.intervals, placement::order, placement::places);
    return placed_plan(with_places, placement::places.total);
  }
  static constexpr auto plan = make();
};

}  // namespace detail

/// Bytes of a model in one mode at one batch capacity and thread count.
struct MemoryBytes {
  std::int64_t parameters = 0;   ///< and buffers
  std::int64_t gradients = 0;    ///< training only
  std::int64_t optimizer = 0;    ///< what it remembers; training only
  std::int64_t activations = 0;  ///< with the gradients of activations where training
  std::int64_t saved = 0;        ///< pooling indices, statistics, labels, losses
  std::int64_t scratch = 0;
  [[nodiscard]] constexpr std::int64_t total() const {
    return parameters + gradients + optimizer + activations + saved + scratch;
  }
  friend constexpr bool operator==(const MemoryBytes&, const MemoryBytes&) = default;
};

}  // namespace tnn
