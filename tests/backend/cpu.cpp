#include <atomic>

#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/every_layer.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

/// gemm against three loops, on matrices whose rows are longer than what is multiplied; what lies
/// between the rows, and behind the packing memory, must stay.
template <class T, detail::stored A, detail::stored B>
double gemm_error(int m, int n, int k) {
  constexpr bool a_is = A == detail::stored::as_is, b_is = B == detail::stored::as_is;
  const int lda = (a_is ? k : m) + 3, ldb = (b_is ? n : k) + 1, ldc = n + 2;
  const auto a = formula_values<T>(1, std::int64_t{a_is ? m : k} * lda);
  const auto b = formula_values<T>(2, std::int64_t{b_is ? k : n} * ldb);
  auto c = formula_values<T>(3, std::int64_t{m} * ldc);
  auto expected = converted<double>(c);
  const auto at = [](const std::vector<T>& matrix, int index) {
    return static_cast<double>(matrix[static_cast<std::size_t>(index)]);
  };
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < n; ++j)
      for (int l = 0; l < k; ++l)
        expected[static_cast<std::size_t>(i * ldc + j)] +=
            at(a, a_is ? i * lda + l : l * lda + i) * at(b, b_is ? l * ldb + j : j * ldb + l);

  Cpu cpu{1};
  auto packing = cpu.allocate<T>(detail::gemm_packing + 64);
  for (int i = 0; i < 64; ++i) packing.data()[detail::gemm_packing + i] = T(i);
  detail::gemm<A, B>(m, n, k, a.data(), lda, b.data(), ldb, c.data(), ldc, packing.data());
  for (int i = 0; i < 64; ++i) CHECK(packing.data()[detail::gemm_packing + i] == T(i));
  for (int i = 0; i < m; ++i)
    for (int j = n; j < ldc; ++j) {
      const auto between = static_cast<std::size_t>(i * ldc + j);
      CHECK(static_cast<double>(c[between]) == expected[between]);
    }
  return relative_error(c, expected);
}

template <class T>
void check_gemm(int m, int n, int k) {
  constexpr double bound = sizeof(T) == 4 ? 1e-6 : 1e-15;
  CAPTURE(m, n, k);
  CHECK(gemm_error<T, detail::stored::as_is, detail::stored::as_is>(m, n, k) < bound);
  CHECK(gemm_error<T, detail::stored::as_is, detail::stored::transposed>(m, n, k) < bound);
  CHECK(gemm_error<T, detail::stored::transposed, detail::stored::as_is>(m, n, k) < bound);
  CHECK(gemm_error<T, detail::stored::transposed, detail::stored::transposed>(m, n, k) < bound);
}

}  // namespace

TEMPLATE_TEST_CASE("gemm adds the product, however its operands are stored", "[gemm]", float,
                   double) {
  check_gemm<TestType>(1, 1, 1);
  check_gemm<TestType>(3, 5, 7);
  check_gemm<TestType>(17, 33, 9);
  check_gemm<TestType>(1, 200, 300);
  check_gemm<TestType>(200, 1, 31);
  check_gemm<TestType>(64, 48, 256);
  check_gemm<TestType>(513, 193, 257);  // one more than a block each way
}

TEST_CASE("gemm of nothing leaves C", "[gemm]") {
  Cpu cpu{1};
  auto packing = cpu.allocate<float>(detail::gemm_packing);
  const std::vector<float> operand(4, 1);
  std::vector<float> c{1, 2, 3, 4};
  detail::gemm<detail::stored::as_is, detail::stored::as_is>(
      2, 2, 0, operand.data(), 2, operand.data(), 2, c.data(), 2, packing.data());
  CHECK(c == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("parallel and for_each take each item once", "[cpu]") {
  struct mark {
    std::atomic<int>* times;
    void operator()(std::int64_t i) const { ++times[i]; }
  };
  for (const int threads : {0, 1, 2, 3, 7})
    for (const std::int64_t n : {0, 1, 2, 63, 64, 257, 16385, 100003}) {
      Cpu cpu{threads};
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(n));
      std::atomic<int> strangers{0};
      cpu.parallel(n, [&](std::int64_t item, int thread) {
        ++times[static_cast<std::size_t>(item)];
        if (thread < 0 || thread >= cpu.thread_count()) ++strangers;
      });
      cpu.for_each(n, mark{times.data()});
      CHECK(strangers == 0);
      CHECK(std::count(times.begin(), times.end(), 2) == n);
    }
}

TEST_CASE("Cpu does AlexNet's convolutions with what follows them", "[cpu]") {
  std::vector<int> layers;
  boost::hana::for_each(detail::steps<AlexNet<>, Cpu, float, mode::train>::all,
                        [&](auto step) { layers.push_back(decltype(step)::layers); });
  CHECK(layers == std::vector<int>{3, 3, 2, 2, 3, 1, 1, 1, 1, 1, 1, 1, 1});
}

TEST_CASE("Cpu copies and keeps what it is given", "[cpu]") {
  Cpu cpu{2};
  const auto values = formula_values<float>(1, 200001);
  auto buffer = cpu.allocate<float>(200001);
  CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64 == 0);
  CHECK(std::count(buffer.data(), buffer.data() + 200001, 0.0f) == 200001);
  cpu.copy_in(buffer.data(), values.data(), 200001);
  auto moved = std::move(buffer);
  std::vector<float> out(200001);
  cpu.copy_out(out.data(), moved.data(), 200001);
  CHECK(out == values);
}

namespace {

/// Everything that training leaves, as bits: parameters, momentum, loss.
template <class T>
std::vector<T> trained(int threads) {
  using Net =
      Sequential<Input<3, 21, 19>, Conv2d<40, Kernel<3>, Padding<1>>, ReLU,
                 LocalResponseNorm<Size<3>, Alpha<std::ratio<1>>>, MaxPool2d<Kernel<3>, Stride<2>>,
                 Conv2d<20, Kernel<3>, Padding<1>>, ReLU,  // by Winograd
                 Conv2d<24, Kernel<3>, Stride<2>, Groups<2>>, Tanh, Flatten, Linear<70>, Sigmoid,
                 Dropout<Percent<50>>, Linear<7>>;
  using M = Model<Net, Cpu, T>;
  M model{Cpu{threads}, {.capacity = 9, .seed = 4}};
  Training training{model, {.capacity = 9, .seed = 6}};
  std::vector<T> left;
  for (std::uint32_t step = 0; step < 4; ++step) {
    const int batch = step == 2 ? 5 : 9;
    const auto x = formula_values<T>(step, batch * M::input_size);
    std::vector<std::int32_t> labels;
    for (int n = 0; n < batch; ++n) labels.push_back((n * 3 + static_cast<int>(step)) % 7);
    left.push_back(static_cast<T>(training.step(x, labels, {0.1, 0.9, 5e-4}).loss));
  }
  for (const ParameterInfo& p : parameters_table<Net>) {
    std::vector<T> values(static_cast<std::size_t>(p.size));
    model.read(p.name, values);
    left.insert(left.end(), values.begin(), values.end());
    training.read_state("momentum_buffer", p.name, values);
    left.insert(left.end(), values.begin(), values.end());
  }
  std::vector<T> y(9 * 7);
  model.forward(formula_values<T>(9, 9 * M::input_size), y);
  left.insert(left.end(), y.begin(), y.end());
  return left;
}

}  // namespace

TEMPLATE_TEST_CASE("training gives the same bits on any number of threads", "[cpu]", float,
                   double) {
  const auto one = trained<TestType>(1);
  CHECK(std::all_of(one.begin(), one.end(), [](TestType v) { return std::isfinite(v); }));
  CHECK(trained<TestType>(1) == one);
  CHECK(trained<TestType>(2) == one);
  CHECK(trained<TestType>(3) == one);
}
