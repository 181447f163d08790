// A layer of one's own, with a rule but no math for the backend: write compute<Reference, T,
// bound<...>>.
// expect: shape_error<layer<1>, Double, got<1, 8, 8>, fix::write_its_compute_for<Reference>>
#include <tnn/reference.hpp>

using namespace tnn;

struct Double : elementwise {};

using Net = Sequential<Input<1, 8, 8>, ReLU, Double>;
static_assert(outputs<Net, Shape<1, 8, 8>>);  // its shapes are known all the same

#ifdef GOOD
template <class T, class X, class Y>
struct tnn::compute<Reference, T, bound<Double, X, Y>> : compute_base {
  static constexpr void forward(Reference&, const pass<T>& p) {
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.y[i] = 2 * p.x[i];
  }
  static constexpr void backward(Reference&, const pass<T>& p) {
    if (p.dx == nullptr) return;
    for (std::int64_t i = 0; i < p.batch * X::size; ++i) p.dx[i] = 2 * p.dy[i];
  }
};
#endif

Model<Net, Reference> model{{}, {.capacity = 1}};
