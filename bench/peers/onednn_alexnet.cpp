// oneDNN's side of the comparison (3.x). It is a library of primitives, so this counts less than a
// framework's step: inference is all of it, weights reordered beforehand, ReLU within convolution
// and product. Training is forward, backward by weights, bias and data, ReLU's and pooling's
// backward and the reorders between the layouts that the primitives choose, the gradients' to the
// weights' own included; no dropout, no loss, no SGD. Nor is memory shared between layers: a
// framework on top does that.
#ifdef _OPENMP
#include <omp.h>
#endif

#include <functional>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include "measure.hpp"

namespace {

using dnnl::algorithm, dnnl::memory, dnnl::prop_kind;
using layout = memory::format_tag;
using dims = memory::dims;

memory::desc any(const dims& shape) { return {shape, memory::data_type::f32, layout::any}; }

struct step {
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arguments;
};

/// Builds AlexNet's steps layer by layer; each layer leaves what builds its backward.
class network {
 public:
  network(bool train, int batch)
      : train_(train), kind_(train ? prop_kind::forward_training : prop_kind::forward_inference) {
    at_ = filled({batch, 1, 224, 224}, layout::nchw, 1);
    conv(96, 11, 1, 4), pool();
    conv(256, 5, 2), pool();
    conv(384, 3, 1), conv(384, 3, 1), conv(256, 3, 1), pool();
    linear(4096, true), linear(4096, true), linear(10, false);
    memory gradient(at_.get_desc(), engine_);
    std::fill_n(static_cast<float*>(gradient.get_data_handle()), batch * 10, 0.01f);
    if (train)
      for (auto l = backward_.rbegin(); l != backward_.rend(); ++l) gradient = (*l)(gradient);
  }

  void run() {
    for (const step& s : steps_) s.primitive.execute(stream_, s.arguments);
    stream_.wait();
  }

 private:
  memory filled(const dims& shape, layout order, float scale) {
    memory m({shape, memory::data_type::f32, order}, engine_);
    const auto values = peer::random_values(m.get_desc().get_size() / sizeof(float));
    auto* const to = static_cast<float*>(m.get_data_handle());
    std::transform(values.begin(), values.end(), to, [&](float v) { return (v - 0.5f) * scale; });
    return m;
  }
  memory empty(const memory::desc& d) { return memory(d, engine_); }

  /// m as the layout d wants it: itself, or a copy that every run makes.
  memory as(memory m, const memory::desc& d) {
    if (m.get_desc() == d) return m;
    memory to = empty(d);
    steps_.push_back({dnnl::reorder(m, to), {{DNNL_ARG_FROM, m}, {DNNL_ARG_TO, to}}});
    return to;
  }
  /// Weights in the layout that forward wants, made once.
  memory weights(const dims& shape, layout order, const memory::desc& d) {
    memory plain = filled(shape, order, 0.05f), to = empty(d);
    dnnl::reorder(plain, to).execute(stream_, plain, to);
    stream_.wait();
    return to;
  }
  static dnnl::primitive_attr with_relu(bool relu) {
    dnnl::primitive_attr attributes;
    dnnl::post_ops after;
    if (relu) after.append_eltwise(algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(after);
    return attributes;
  }

  void conv(int filters, int kernel, int padding, int stride = 1) {
    const dims in = at_.get_desc().get_dims();
    const memory::dim size = (in[2] + 2 * padding - kernel) / stride + 1;
    const dims shape{filters, in[1], kernel, kernel}, steps{stride, stride}, pad{padding, padding};
    const auto kind = algorithm::convolution_auto;
    const memory::desc bias_desc({filters}, memory::data_type::f32, layout::x);
    const dnnl::convolution_forward::primitive_desc forward(
        engine_, kind_, kind, any(in), any(shape), bias_desc, any({in[0], filters, size, size}),
        steps, pad, pad, with_relu(true));
    const auto by_weights = [=, this](const memory::desc& x, const memory::desc& dy) {
      return dnnl::convolution_backward_weights::primitive_desc(
          engine_, kind, x, any(shape), bias_desc, dy, steps, pad, pad, forward);
    };
    const auto by_data = [=, this](const memory::desc& w, const memory::desc& dy) {
      return dnnl::convolution_backward_data::primitive_desc(engine_, kind, any(in), w, dy, steps,
                                                             pad, pad, forward);
    };
    layer<dnnl::convolution_forward, dnnl::convolution_backward_weights,
          dnnl::convolution_backward_data>(
        forward, by_weights, by_data, weights(shape, layout::oihw, forward.weights_desc()), true);
  }

  void linear(int outputs, bool relu) {
    const dims in = at_.get_desc().get_dims();
    dims shape = in;
    shape[0] = outputs;
    const memory::desc bias_desc({outputs}, memory::data_type::f32, layout::x);
    const dnnl::inner_product_forward::primitive_desc forward(
        engine_, kind_, any(in), any(shape), bias_desc, any({in[0], outputs}), with_relu(relu));
    const auto by_weights = [=, this](const memory::desc& x, const memory::desc& dy) {
      return dnnl::inner_product_backward_weights::primitive_desc(engine_, x, any(shape), bias_desc,
                                                                  dy, forward);
    };
    const auto by_data = [=, this](const memory::desc& w, const memory::desc& dy) {
      return dnnl::inner_product_backward_data::primitive_desc(engine_, any(in), w, dy, forward);
    };
    const layout order = in.size() == 4 ? layout::oihw : layout::oi;
    layer<dnnl::inner_product_forward, dnnl::inner_product_backward_weights,
          dnnl::inner_product_backward_data>(forward, by_weights, by_data,
                                             weights(shape, order, forward.weights_desc()), relu);
  }

  /// What convolution and product have in common.
  template <class Forward, class ByWeights, class ByData, class WeightsHint, class DataHint>
  void layer(const typename Forward::primitive_desc& forward, WeightsHint by_weights,
             DataHint by_data, memory w, bool relu) {
    const memory x = as(at_, forward.src_desc()), y = empty(forward.dst_desc());
    const memory bias = filled(forward.bias_desc().get_dims(), layout::x, 0.1f);
    steps_.push_back(
        {Forward(forward),
         {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, y}}});
    at_ = y;
    const bool first = backward_.empty();
    backward_.push_back([=, this](memory dy) {
      if (relu) relu_backward(y, dy = as(dy, y.get_desc()));
      const auto dims_of = [](const memory& m) { return any(m.get_desc().get_dims()); };
      const auto pw = by_weights(dims_of(x), dims_of(dy));
      const memory dw = empty(pw.diff_weights_desc());
      steps_.push_back({ByWeights(pw),
                        {{DNNL_ARG_SRC, as(x, pw.src_desc())},
                         {DNNL_ARG_DIFF_DST, as(dy, pw.diff_dst_desc())},
                         {DNNL_ARG_DIFF_WEIGHTS, dw},
                         {DNNL_ARG_DIFF_BIAS, empty(pw.diff_bias_desc())}}});
      as(dw, w.get_desc());
      if (first) return dy;
      const auto pd = by_data(dims_of(w), dims_of(dy));
      const memory dx = empty(pd.diff_src_desc());
      steps_.push_back({ByData(pd),
                        {{DNNL_ARG_DIFF_DST, as(dy, pd.diff_dst_desc())},
                         {DNNL_ARG_WEIGHTS, as(w, pd.weights_desc())},
                         {DNNL_ARG_DIFF_SRC, dx}}});
      return dx;
    });
  }

  /// In place, from the output: it is positive where the input was.
  void relu_backward(const memory& y, const memory& dy) {
    const auto d = y.get_desc();
    const auto kind = algorithm::eltwise_relu_use_dst_for_bwd;
    const dnnl::eltwise_forward::primitive_desc forward(engine_, kind_, kind, d, d, 0.0f);
    const dnnl::eltwise_backward::primitive_desc p(engine_, kind, d, d, d, 0.0f, forward);
    steps_.push_back({dnnl::eltwise_backward(p),
                      {{DNNL_ARG_DST, y}, {DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_SRC, dy}}});
  }

  void pool() {
    const memory x = at_;
    const dims in = x.get_desc().get_dims();
    const memory::dim size = (in[2] - 3) / 2 + 1;
    const dims stride{2, 2}, kernel{3, 3}, none{0, 0};
    const dnnl::pooling_forward::primitive_desc forward(
        engine_, kind_, algorithm::pooling_max, x.get_desc(), any({in[0], in[1], size, size}),
        stride, kernel, none, none, none);
    const memory y = empty(forward.dst_desc());
    step s{dnnl::pooling_forward(forward), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}}};
    memory where;
    if (train_) s.arguments[DNNL_ARG_WORKSPACE] = where = empty(forward.workspace_desc());
    steps_.push_back(s);
    at_ = y;
    backward_.push_back([=, this](memory dy) {
      const dnnl::pooling_backward::primitive_desc p(engine_, algorithm::pooling_max, x.get_desc(),
                                                     y.get_desc(), stride, kernel, none, none, none,
                                                     forward);
      const memory dx = empty(p.diff_src_desc());
      steps_.push_back({dnnl::pooling_backward(p),
                        {{DNNL_ARG_DIFF_DST, as(dy, p.diff_dst_desc())},
                         {DNNL_ARG_WORKSPACE, where},
                         {DNNL_ARG_DIFF_SRC, dx}}});
      return dx;
    });
  }

  bool train_;
  prop_kind kind_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  memory at_;  // the output of the layers so far
  std::vector<step> steps_;
  std::vector<std::function<memory(memory)>> backward_;
};

}  // namespace

int main(int argc, char** argv) {
  const peer::asked a = peer::options(argc, argv);
#ifdef _OPENMP
  omp_set_num_threads(a.threads);
#endif
  // PyPI's build runs its threads under SYCL, which looks for its processor by these.
  setenv("DPCPP_CPU_NUM_CUS", std::to_string(a.threads).c_str(), 1);
#ifdef ONEDNN_OPENCL
  setenv("OCL_ICD_FILENAMES", ONEDNN_OPENCL, 0);
#endif
  network net(a.train, a.batch);
  const dnnl_version_t& v = *dnnl::version();
  const std::string name = "oneDNN " + std::to_string(v.major) + "." + std::to_string(v.minor);
  peer::report(name.c_str(), a, [&] { net.run(); });
}
