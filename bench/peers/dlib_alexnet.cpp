// dlib's side of the comparison: the network as its type, dnn_trainer with its sgd, which holds the
// loss too. For inference, dlib's way: the same type with `multiply` in the place of dropout.
#include <dlfcn.h>
#include <dlib/dnn.h>
#include <dlib/revision.h>

#include "measure.hpp"

namespace {

template <int Filters, int Kernel, int Padding, int Stride, class Below>
using conv_relu = dlib::relu<
    dlib::add_layer<dlib::con_<Filters, Kernel, Kernel, Stride, Stride, Padding, Padding>, Below>>;
template <class Below>
using pool = dlib::max_pool<3, 3, 2, 2, Below>;
template <template <class> class Drop, class Below>
using hidden = Drop<dlib::relu<dlib::fc<4096, Below>>>;

using input = dlib::input<dlib::matrix<float>>;
using features = pool<conv_relu<
    256, 3, 1, 1,
    conv_relu<384, 3, 1, 1,
              conv_relu<384, 3, 1, 1,
                        pool<conv_relu<256, 5, 2, 1, pool<conv_relu<96, 11, 1, 4, input>>>>>>>>;
template <template <class> class Drop>
using alexnet = dlib::loss_multiclass_log<dlib::fc<10, hidden<Drop, hidden<Drop, features>>>>;

/// dlib multiplies by BLAS, whose threads no standard call sets: OpenBLAS's, where that is it.
void set_blas_threads(int threads) {
  using setter = void (*)(int);
  if (void* found = dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))
    reinterpret_cast<setter>(found)(threads);
}

const std::string name =
    "dlib " + std::to_string(DLIB_MAJOR_VERSION) + "." + std::to_string(DLIB_MINOR_VERSION);

}  // namespace

int main(int argc, char** argv) {
  const peer::asked a = peer::options(argc, argv);
  set_blas_threads(a.threads);
  const auto n = static_cast<std::size_t>(a.batch);
  std::vector<dlib::matrix<float>> images;
  for (std::size_t i = 0; i < n; ++i)
    images.push_back(dlib::reshape(dlib::mat(peer::random_values(224 * 224)), 224, 224));
  if (a.train) {
    std::vector<unsigned long> labels(n);
    for (std::size_t i = 0; i < n; ++i) labels[i] = i % 10;
    alexnet<dlib::dropout> net;
    dlib::dnn_trainer<decltype(net)> trainer(net, dlib::sgd(5e-4f, 0.9f));
    trainer.set_learning_rate(1e-4);
    trainer.set_iterations_without_progress_threshold(1'000'000);
    peer::report(name.c_str(), a, [&] {
      trainer.train_one_step(images, labels);
      trainer.get_net();  // waits for the trainer's thread
    });
  } else {
    alexnet<dlib::multiply> net;
    peer::report(name.c_str(), a, [&] { net(images, n); });
  }
}
