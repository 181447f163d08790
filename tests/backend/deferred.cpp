// The Backend concept, proved by a backend that traps host access and defers its work: what runs on
// it, whole networks and training, asks no more of a backend than the concept says.
#include "support/deferred_backend.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include <tnn/reference.hpp>
#include <tnn/train/adam.hpp>
#include <tnn/train/averaged.hpp>
#include <tnn/train/training.hpp>

#include "support/catch.hpp"
#include "support/every_layer.hpp"
#include "support/values.hpp"

using namespace tnn;

namespace {

struct set_to {
  double* y;
  double value;
  void operator()(std::int64_t i) const { y[i] = value; }
};

/// Runs the call in a child process: the signal that ended it, 0 if none did.
template <class Call>
int signal_of(Call call) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGSEGV, SIG_DFL);
    call();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

double seen;  // keeps a read from being left out

}  // namespace

TEST_CASE("the host's access to deferred memory traps", "[deferred]") {
  Deferred backend;
  auto buffer = backend.allocate<double>(3);
  const volatile double* read = buffer.data();
  volatile double* write = buffer.data();
  CHECK(signal_of([&] { seen = read[0]; }) == SIGSEGV);
  CHECK(signal_of([&] { write[2] = 1; }) == SIGSEGV);
  backend.for_each(3, set_to{buffer.data(), 1});
  CHECK(signal_of([&] { backend.wait(); }) == 0);
  backend.wait();
  CHECK(signal_of([&] { seen = read[0]; }) == SIGSEGV);
}

TEST_CASE("work past the end of a deferred buffer traps", "[deferred]") {
  Deferred backend;
  auto buffer = backend.allocate<double>(3);
  backend.for_each(4, set_to{buffer.data(), 1});
  CHECK(signal_of([&] { backend.wait(); }) == SIGSEGV);
}

TEST_CASE("deferred work is done in wait, in order", "[deferred]") {
  Deferred backend;
  auto buffer = backend.allocate<double>(2);
  std::vector<double> in{1, 2}, first(2, -1), second(2, -1);
  backend.copy_in(buffer.data(), in.data(), 2);
  backend.copy_out(first.data(), buffer.data(), 2);
  backend.for_each(2, set_to{buffer.data(), 5});
  backend.copy_out(second.data(), buffer.data(), 2);
  CHECK(first == std::vector<double>{-1, -1});
  in[0] = 3;  // host memory is read in wait, too
  backend.wait();
  CHECK(first == std::vector<double>{3, 2});
  CHECK(second == std::vector<double>{5, 5});
}

namespace {
constexpr int capacity = 4, classes = 5;
constexpr ModelOptions options{.capacity = capacity, .seed = 3};
using deferred_model = Model<every_layer, Deferred, double>;
using reference_model = Model<every_layer, Reference, double>;

template <class M>
std::vector<double> logits(M& model, int batch) {
  const auto x = formula_values(1, batch * M::input_size);
  std::vector<double> y(static_cast<std::size_t>(batch * M::output_size));
  model.forward(x, y);
  return y;
}
}  // namespace

TEST_CASE("a network of every layer on the deferred backend", "[deferred]") {
  deferred_model deferred{Deferred{}, options};
  reference_model reference{Reference{}, options};
  for (const int batch : {1, capacity, 3})
    CHECK(relative_error(logits(deferred, batch), logits(reference, batch)) < 1e-14);
}

TEST_CASE("parameters are read from and written to the deferred backend", "[deferred]") {
  deferred_model deferred{Deferred{}, options};
  reference_model reference{Reference{}, options};
  for (const ParameterInfo& p : parameters_table<every_layer>) {
    std::vector<double> ours(static_cast<std::size_t>(p.size)), theirs = ours;
    deferred.read(p.name, ours);
    reference.read(p.name, theirs);
    CHECK(ours == theirs);
    const auto other = formula_values(9, p.size);
    deferred.write(p.name, other);
    reference.write(p.name, other);
    deferred.read(p.name, ours);
    CHECK(ours == other);
  }
  CHECK(relative_error(logits(deferred, 2), logits(reference, 2)) < 1e-14);
}

TEST_CASE("training on the deferred backend", "[deferred]") {
  deferred_model deferred{Deferred{}, options};
  reference_model reference{Reference{}, options};
  Training on_deferred{deferred, {.capacity = capacity, .seed = 8}};
  Training on_reference{reference, {.capacity = capacity, .seed = 8}};
  for (int step = 0; step < 6; ++step) {
    const int batch = step % 2 == 0 ? capacity : 3;
    const auto x =
        formula_values(static_cast<std::uint32_t>(step), batch * deferred_model::input_size);
    std::vector<std::int32_t> labels;
    for (int n = 0; n < batch; ++n) labels.push_back((step + 2 * n) % classes);
    const SGD sgd{.rate = step < 3 ? 0.1 : 0.02, .momentum = 0.9, .weight_decay = 0.01};
    const BatchResult ours = on_deferred.step(x, labels, sgd);
    const BatchResult theirs = on_reference.step(x, labels, sgd);
    CHECK(std::abs(ours.loss / theirs.loss - 1) < 1e-13);
    CHECK(ours.right == theirs.right);
    CHECK(ours.count == batch);
  }
  for (const ParameterInfo& p : parameters_table<every_layer>) {
    INFO(p.name);
    std::vector<double> ours(static_cast<std::size_t>(p.size)), theirs = ours;
    deferred.read(p.name, ours);
    reference.read(p.name, theirs);
    CHECK(relative_error(ours, theirs) < 1e-13);
    on_deferred.read_gradient(p.name, ours);
    on_reference.read_gradient(p.name, theirs);
    CHECK(relative_error(ours, theirs) < 1e-13);
    on_deferred.write_state("momentum_buffer", p.name, theirs);
    on_deferred.read_state("momentum_buffer", p.name, ours);
    CHECK(ours == theirs);
  }
}

TEMPLATE_TEST_CASE("what is allocated is what the plan says", "[deferred]", float, double) {
  using M = Model<every_layer, Deferred, TestType>;
  const auto bytes = [](int at, mode m) {
    const int threads = Deferred{}.thread_count();
    return m == mode::train
               ? training_bytes<every_layer, Deferred, TestType>({.capacity = at}, threads)
               : bytes_of<every_layer, Deferred, TestType>(at, m, threads);
  };
  for (const int infer : {1, 5})
    for (const int train : {1, 7}) {
      Deferred backend;
      M model{backend, {.capacity = infer}};
      CHECK(backend.bytes_allocated() == bytes(infer, mode::infer).total());
      {
        Training training{model, {.capacity = train}};
        // Both hold the parameters, which exist once.
        CHECK(backend.bytes_allocated() == bytes(infer, mode::infer).total() +
                                               bytes(train, mode::train).total() -
                                               bytes(train, mode::train).parameters);
      }
      CHECK(backend.bytes_allocated() == bytes(infer, mode::infer).total());
    }
  // A loss with constants, an optimizer that remembers more, micro-batches, clipping.
  const CrossEntropyLoss loss{.class_weights = {1, 2, 3, 4, 5}};
  const TrainingOptions how{.capacity = 7, .micro_batch = 2, .clip_norm = 1};
  Deferred backend;
  M model{backend, {.capacity = 1}};
  Training training{model, how, loss, Averaged<AdamW>{}};
  const auto all =
      training_bytes<every_layer, Deferred, TestType, CrossEntropyLoss, Averaged<AdamW>>(
          how, Deferred{}.thread_count(), loss);
  CHECK(all.optimizer == 3 * all.parameters);
  CHECK(all.gradients == 3 * all.parameters);  // four micro-batches
  CHECK(backend.bytes_allocated() == bytes(1, mode::infer).total() + all.total() - all.parameters);
}
