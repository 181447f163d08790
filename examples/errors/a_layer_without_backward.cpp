// A layer of one's own whose math can't be trained: a forward is enough for a Model, Training wants
// a backward.
// expect: shape_error<layer<1>, Double, got<10>, fix::write_the_backward_of_its_compute_for<Reference>>
#include <tnn/reference.hpp>
#include <tnn/train/training.hpp>

using namespace tnn;

struct Double : elementwise {};

using Net = Sequential<Input<4>, Linear<10>, Double>;

template <class T, class X, class Y>
struct tnn::compute<Reference, T, bound<Double, X, Y>> : compute_base {
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.y[i] = 2 * p.x[i];
  }
#ifdef GOOD
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.dx[i] = 2 * p.dy[i];
  }
#endif
};

void train(Model<Net, Reference>& model) {
  Training training{model, {.capacity = 1}};
  const std::vector<float> x(4);
  const std::vector<std::int32_t> labels{1};
  training.step(x, labels, {});
}
