// The program's commands on the Cpu backend: the one file that sees Eigen.
#include <tnn/cpu.hpp>

#include "bench.hpp"
#include "draw.hpp"
#include "evaluate.hpp"
#include "predict.hpp"
#include "train.hpp"

namespace program::cpu {

void train(train_options options) {
  const tnn::Cpu backend{.threads = options.threads};
  training_run<tnn::Cpu>(backend, std::move(options)).run();
}
void evaluate(const evaluate_options& options) {
  evaluate_on(tnn::Cpu{.threads = options.threads}, options);
}
void bench(const bench_options& options) {
  bench_on(tnn::Cpu{.threads = options.threads}, options);
}
void predict(const predict_options& options) {
  predict_on(tnn::Cpu{.threads = options.threads}, options);
}
void pictures(const pictures_options& options) {
  draw_on(tnn::Cpu{.threads = options.threads}, options);
}

}  // namespace program::cpu
