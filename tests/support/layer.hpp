#pragma once
// One layer by itself, on any backend: forward gives y; of a given dy, backward gives dx, dw and
// db. Values are reached through copy_in and copy_out alone. What a layer may not count on
// (outputs, gradients, scratch) starts as NaN, and the values behind each buffer's end must stay as
// they were.
#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>
#include <limits>
#include <memory>

#include <tnn/reference.hpp>

#include "support/catch.hpp"
#include "support/values.hpp"

/// A layer and the shape it receives.
template <class L, class X>
struct layer_case {
  using layer = L;
  using input = X;
  using output = tnn::output_t<L, X>;
  using bound = tnn::bound<L, X, output>;
  using tensors = typename bound::tensors;
  static constexpr std::int64_t weights =
      tnn::detail::size_of_tensor<tnn::tensor_name::weight, tensors>;
  static constexpr std::int64_t biases =
      tnn::detail::size_of_tensor<tnn::tensor_name::bias, tensors>;
  template <class... Declared>
  static constexpr auto tuple_of(tnn::detail::list<Declared...>) {
    return boost::hana::tuple<Declared...>{};
  }
  static constexpr auto buffers = tuple_of(typename bound::buffers{});
};

/// What a layer is given.
struct question {
  int batch = 1;
  std::vector<double> x, dy, weight, bias;
  std::vector<std::vector<double>> buffers;  ///< in the order that the layer declares
  tnn::mode mode = tnn::mode::train;
  bool wants_dx = true;
  std::uint64_t seed = 11;
  std::uint32_t step = 5, layer = 3;
};

/// What it makes of that.
struct answer {
  std::vector<double> y, dx, dweight, dbias;
  std::vector<double> buffers;  ///< after forward, one after the other
  friend bool operator==(const answer&, const answer&) = default;
};

template <class Case>
question question_for(int batch) {
  question q;
  q.batch = batch;
  q.x = formula_values(1, batch * Case::input::size);
  q.dy = formula_values(2, batch * Case::output::size);
  q.weight = formula_values(3, Case::weights);
  q.bias = formula_values(4, Case::biases);
  boost::hana::for_each(Case::buffers, [&](auto declared) {
    q.buffers.push_back(formula_values(static_cast<std::uint32_t>(5 + q.buffers.size()),
                                       decltype(declared)::shape::size));
    for (double& v : q.buffers.back()) v += 2;  // some are variances
  });
  return q;
}

/// Backend memory with a guard behind its end.
template <class B, class T>
class guarded {
 public:
  guarded(B& backend, std::vector<T> values)
      : backend_(backend),
        size_(values.size()),
        buffer_(backend.template allocate<T>(static_cast<std::int64_t>(size_ + guards))) {
    values.resize(size_ + guards, guard);
    backend.copy_in(buffer_.data(), values.data(), static_cast<std::int64_t>(values.size()));
    backend.wait();
  }
  T* data() { return buffer_.data(); }
  std::vector<T> read() {
    std::vector<T> values(size_ + guards);
    backend_.copy_out(values.data(), buffer_.data(), static_cast<std::int64_t>(values.size()));
    backend_.wait();
    for (std::size_t k = size_; k < values.size(); ++k)
      if (values[k] != guard) FAIL("a buffer was written " << k - size_ << " past its end");
    values.resize(size_);
    return values;
  }

 private:
  static constexpr std::size_t guards = 32;
  static constexpr T guard{77};
  B& backend_;
  std::size_t size_;
  typename B::template Buffer<T> buffer_;
};

/// Forward and, in training, backward. `in_place` works where the plan of a network would let it:
/// y over x and dx over dy.
template <class Case, class T, class B>
answer ask(B backend, const question& q, bool in_place = false) {
  using compute = tnn::compute<B, T, typename Case::bound>;
  using memory = guarded<B, T>;
  constexpr T nothing = std::numeric_limits<T>::quiet_NaN();
  const auto blank = [&](std::int64_t n) {
    return std::vector<T>(static_cast<std::size_t>(n), nothing);
  };
  const bool training = q.mode == tnn::mode::train;
  const tnn::storage where = compute::output(q.mode);

  memory x(backend, converted<T>(q.x)), y(backend, blank(q.batch * Case::output::size));
  memory dy(backend, converted<T>(q.dy)), dx(backend, blank(q.batch * Case::input::size));
  memory w(backend, converted<T>(q.weight)), dw(backend, blank(Case::weights));
  memory b(backend, converted<T>(q.bias)), db(backend, blank(Case::biases));
  memory scratch(backend, blank(compute::scratch(q.batch, backend.thread_count(), q.mode)));
  guarded<B, std::uint8_t> saved(
      backend, std::vector<std::uint8_t>(static_cast<std::size_t>(q.batch * compute::saved), 255));

  guarded<B, std::uint32_t> step(backend, {q.step});

  const bool alias = where == tnn::storage::alias;
  in_place = alias || (in_place && where == tnn::storage::in_place && !compute::backward_reads_x);
  tnn::pass<T, typename Case::bound> p;
  p.batch = q.batch;
  p.mode = q.mode;
  p.x = x.data();
  p.y = in_place ? x.data() : y.data();
  std::vector<std::unique_ptr<memory>> buffers;
  for (const auto& values : q.buffers)
    buffers.push_back(std::make_unique<memory>(backend, converted<T>(values)));
  std::vector<T*> values, gradients;
  if (Case::weights > 0) values.push_back(w.data()), gradients.push_back(dw.data());
  if (Case::biases > 0) values.push_back(b.data()), gradients.push_back(db.data());
  for (const auto& buffer : buffers) values.push_back(buffer->data());
  gradients.resize(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) p.values[k] = values[k];
  memory kept(backend, blank(compute::kept));
  p.kept = training ? kept.data() : nullptr;
  p.scratch = scratch.data();
  p.saved = training && compute::saved > 0 ? saved.data() : nullptr;
  p.seed = q.seed;
  p.step = step.data();
  p.layer = q.layer;
  compute::forward(backend, p);
  backend.wait();

  answer a;
  a.y = converted<double>((in_place ? x : y).read());
  for (const auto& buffer : buffers) {
    const auto after = converted<double>(buffer->read());
    a.buffers.insert(a.buffers.end(), after.begin(), after.end());
  }
  if (training) {
    p.dy = dy.data();
    p.dx = !q.wants_dx ? nullptr : in_place ? dy.data() : dx.data();
    for (std::size_t k = 0; k < values.size(); ++k) p.gradients[k] = gradients[k];
    // Forward's own use of scratch is over; backward may not count on it.
    const auto fresh = blank(static_cast<std::int64_t>(scratch.read().size()));
    backend.copy_in(scratch.data(), fresh.data(), static_cast<std::int64_t>(fresh.size()));
    compute::backward(backend, p);
    backend.wait();
    if (q.wants_dx) a.dx = converted<double>((in_place ? dy : dx).read());
    a.dweight = converted<double>(dw.read());
    a.dbias = converted<double>(db.read());
    scratch.read();
    saved.read();
    kept.read();
  }
  return a;
}

/// The largest relative error of the five.
inline double error_between(const answer& a, const answer& b) {
  double worst = 0;
  for (const auto part :
       {&answer::y, &answer::dx, &answer::dweight, &answer::dbias, &answer::buffers}) {
    const double e = relative_error(a.*part, b.*part);
    worst = e <= worst ? worst : e;  // keeps a NaN
    if (std::isnan(e)) return e;
  }
  return worst;
}

/// Reference's gradients of sum(dy * y) against central differences, one value at a time.
template <class Case>
void check_gradients(const question& q, double bound = 1e-8) {
  constexpr double h = 0x1p-16;  // half the least distance of two formula_values
  const auto objective = [](const question& at) {
    const answer a = ask<Case, double>(tnn::Reference{}, at);
    double sum = 0;
    for (std::size_t k = 0; k < a.y.size(); ++k) sum += at.dy[k] * a.y[k];
    return sum;
  };
  const auto differences = [&](std::vector<double> question::*part) {
    std::vector<double> d;
    for (std::size_t k = 0; k < (q.*part).size(); ++k) {
      question up = q, down = q;
      (up.*part)[k] += h;
      (down.*part)[k] -= h;
      d.push_back((objective(up) - objective(down)) / (2 * h));
    }
    return d;
  };
  const answer a = ask<Case, double>(tnn::Reference{}, q);
  CHECK(relative_error(a.dx, differences(&question::x)) < bound);
  CHECK(relative_error(a.dweight, differences(&question::weight)) < bound);
  CHECK(relative_error(a.dbias, differences(&question::bias)) < bound);
}

/// Calls check(Case{}) for each case of a list.
template <class... Cases, class Check>
void for_each_case(Check check) {
  boost::hana::for_each(boost::hana::tuple<Cases...>{}, check);
}
