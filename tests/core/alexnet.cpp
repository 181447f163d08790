// AlexNet's whole table, its kin of the literature, and LeNet: every figure counted by hand.
#include <type_traits>

#include <tnn/alexnet.hpp>
#include <tnn/lenet.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

using Net = AlexNet<>;
template <int Layer, int... Extents>
constexpr bool makes = std::is_same_v<output_of<Net, Layer>, Shape<Extents...>>;

static_assert(std::is_same_v<input_t<Net>, Shape<1, 224, 224>>);
static_assert(makes<0, 96, 54, 54> && makes<1, 96, 54, 54> && makes<2, 96, 26, 26>);
static_assert(makes<3, 256, 26, 26> && makes<4, 256, 26, 26> && makes<5, 256, 12, 12>);
static_assert(makes<6, 384, 12, 12> && makes<7, 384, 12, 12> && makes<8, 384, 12, 12>);
static_assert(makes<9, 384, 12, 12> && makes<10, 256, 12, 12> && makes<11, 256, 12, 12>);
static_assert(makes<12, 256, 5, 5> && makes<13, 6400> && makes<14, 4096> && makes<15, 4096>);
static_assert(makes<16, 4096> && makes<17, 4096> && makes<18, 4096> && makes<19, 4096>);
static_assert(makes<20, 10> && outputs<Net, Shape<10>>);

// 121 x 96, 2400 x 256, 2304 x 384, 3456 x 384, 3456 x 256, 6400 x 4096, 4096 x 4096, 4096 x 10,
// with a bias a filter or output.
static_assert(parameter_count<Net> ==
              11'712 + 614'656 + 885'120 + 1'327'488 + 884'992 + 26'218'496 + 16'781'312 + 40'970);
static_assert(parameter_count<Net> == 46'764'746);
static_assert(multiply_adds<Net> == 11'616LL * 54 * 54 + 614'400LL * 26 * 26 +
                                        (884'736LL + 1'327'104 + 884'736) * 12 * 12 + 26'214'400 +
                                        16'777'216 + 40'960);
static_assert(multiply_adds<Net> == 938'146'176);
static_assert(layers_t<Net>::size == 21);

// Three channels and a thousand classes change the ends alone.
static_assert(parameter_count<AlexNet<1000, 3>> == 46'764'746 + 2 * 121 * 96 + 990 * 4097);

// torchvision's: 61,100,840 parameters under features.N and classifier.N.
using torchvision = TorchvisionAlexNet<>;
template <class Net, int... Extents, int... At>
constexpr bool shape_at(Shape<Extents...>, std::integer_sequence<int, At...>) {
  return std::is_same_v<output_of<Net, At...>, Shape<Extents...>>;
}
template <int Layer, int... Extents>
constexpr bool features = shape_at<torchvision>(Shape<Extents...>{},
                                                std::integer_sequence<int, 0, Layer>{});
template <int Layer, int... Extents>
constexpr bool classifier = shape_at<torchvision>(Shape<Extents...>{},
                                                  std::integer_sequence<int, 3, Layer>{});
static_assert(std::is_same_v<input_t<torchvision>, Shape<3, 224, 224>>);
static_assert(features<0, 64, 55, 55> && features<1, 64, 55, 55> && features<2, 64, 27, 27>);
static_assert(features<3, 192, 27, 27> && features<4, 192, 27, 27> && features<5, 192, 13, 13>);
static_assert(features<6, 384, 13, 13> && features<7, 384, 13, 13> && features<8, 256, 13, 13>);
static_assert(features<9, 256, 13, 13> && features<10, 256, 13, 13> && features<11, 256, 13, 13>);
static_assert(features<12, 256, 6, 6> && std::is_same_v<output_of<torchvision, 2>, Shape<9216>>);
static_assert(classifier<0, 9216> && classifier<1, 4096> && classifier<2, 4096>);
static_assert(classifier<3, 4096> && classifier<4, 4096> && classifier<5, 4096>);
static_assert(classifier<6, 1000> && outputs<torchvision, Shape<1000>>);
static_assert(parameter_count<torchvision> == 61'100'840);
static_assert(parameters_table<torchvision>.size() == 16);
static_assert(parameters_table<torchvision>[0].name == "features.0.weight");
static_assert(parameters_table<torchvision>[9].name == "features.10.bias");
static_assert(parameters_table<torchvision>[10].name == "classifier.1.weight");
static_assert(parameters_table<torchvision>[15].name == "classifier.6.bias");
static_assert(parameter_count<TorchvisionAlexNet<10>> == 61'100'840 - 990 * 4097);

// The network of 2012 on its two halves: 60,965,224 parameters.
using paper = AlexNet2012<>;
template <int Layer, int... Extents>
constexpr bool in_2012 = std::is_same_v<output_of<paper, Layer>, Shape<Extents...>>;
static_assert(std::is_same_v<input_t<paper>, Shape<3, 227, 227>>);
static_assert(in_2012<0, 96, 55, 55> && in_2012<1, 96, 55, 55> && in_2012<2, 96, 55, 55>);
static_assert(in_2012<3, 96, 27, 27> && in_2012<4, 256, 27, 27> && in_2012<5, 256, 27, 27>);
static_assert(in_2012<6, 256, 27, 27> && in_2012<7, 256, 13, 13> && in_2012<8, 384, 13, 13>);
static_assert(in_2012<9, 384, 13, 13> && in_2012<10, 384, 13, 13> && in_2012<11, 384, 13, 13>);
static_assert(in_2012<12, 256, 13, 13> && in_2012<13, 256, 13, 13> && in_2012<14, 256, 6, 6>);
static_assert(in_2012<15, 9216> && in_2012<16, 4096> && in_2012<17, 4096> && in_2012<18, 4096>);
static_assert(in_2012<19, 4096> && in_2012<20, 4096> && in_2012<21, 4096> && in_2012<22, 1000>);
static_assert(parameter_count<paper> == 60'965'224);
// 105.4 M, 223.9 M, 149.5 M, 112.1 M, 74.8 M and 58.6 M.
static_assert(multiply_adds<paper> == 34'848LL * 55 * 55 + 307'200LL * 27 * 27 +
                                          (884'736LL + 663'552 + 442'368) * 13 * 13 + 37'748'736 +
                                          16'777'216 + 4'096'000);

static_assert(outputs<LeNet<>, Shape<10>>);
static_assert(parameter_count<LeNet<>> == 156 + 2'416 + 48'120 + 10'164 + 850);
template <int Layer, int... Extents>
constexpr bool in_lenet = std::is_same_v<output_of<LeNet<>, Layer>, Shape<Extents...>>&&
    std::is_same_v<output_of<LeNetReLU<>, Layer>, Shape<Extents...>>;
static_assert(in_lenet<0, 6, 28, 28> && in_lenet<1, 6, 28, 28> && in_lenet<2, 6, 14, 14>);
static_assert(in_lenet<3, 16, 10, 10> && in_lenet<4, 16, 10, 10> && in_lenet<5, 16, 5, 5>);
static_assert(in_lenet<6, 400> && in_lenet<7, 120> && in_lenet<8, 120> && in_lenet<9, 84>);
static_assert(in_lenet<10, 84> && in_lenet<11, 10>);
static_assert(parameter_count<LeNetReLU<>> == parameter_count<LeNet<>>);
static_assert(multiply_adds<LeNet<>> == 150 * 784 + 2'400 * 100 + 48'000 + 10'080 + 840);

}  // namespace

TEST_CASE("a table of AlexNet's parameters lists PyTorch's names and sizes") {
  const auto table = parameters_table<Net>;
  REQUIRE(table.size() == 16);
  const char* const numbers[] = {"0", "3", "6", "8", "10", "14", "17", "20"};
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string kind = i % 2 == 0 ? ".weight" : ".bias";
    CHECK(table[i].name == numbers[i / 2] + kind);
    CHECK(table[i].offset == offset);
    offset += table[i].size;
  }
  CHECK(offset == parameter_count<Net>);
  CHECK(table[2].shape[0] == 256);
  CHECK(table[2].shape[1] == 96);
  CHECK(table[2].shape[3] == 5);
  CHECK(table[2].fan_in == 96 * 25);
  CHECK(table[2].fan_out == 256 * 25);
  CHECK(table[10].fan_in == 6400);
  CHECK(table[10].fan_out == 4096);
}

TEST_CASE("AlexNet of 2012 begins as the paper and as Caffe have it") {
  const auto bias_of = [](const Initialisation& how, std::size_t i) {
    return filler_for(how, parameters_table<paper>[i]).bias;
  };
  const auto deviation_of = [](const Initialisation& how, std::size_t i) {
    const Filler f = filler_for(how, parameters_table<paper>[i]);
    CHECK(f.weights == Filling::normal);
    return f.deviation;
  };
  // conv1 ... conv5, then the three Linear layers.
  const double paper_biases[] = {0, 1, 0, 1, 1, 1, 1, 0},
               caffe_biases[] = {0, .1, 0, .1, .1, .1, .1, 0};
  const double caffe_deviations[] = {.01, .01, .01, .01, .01, .005, .005, .01};
  for (std::size_t layer = 0; layer < 8; ++layer) {
    INFO("layer " << layer + 1);
    CHECK(bias_of(alexnet2012_initialisation, 2 * layer + 1) == paper_biases[layer]);
    CHECK(deviation_of(alexnet2012_initialisation, 2 * layer) == .01);
    CHECK(bias_of(caffe_alexnet_initialisation, 2 * layer + 1) == caffe_biases[layer]);
    CHECK(deviation_of(caffe_alexnet_initialisation, 2 * layer) == caffe_deviations[layer]);
  }
}
