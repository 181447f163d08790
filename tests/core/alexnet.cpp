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
using torchvision = Sequential<
    Input<3, 224, 224>,
    Named<"features",
          Sequential<Conv2d<64, Kernel<11>, Stride<4>, Padding<2>>, ReLU,
                     MaxPool2d<Kernel<3>, Stride<2>>, Conv2d<192, Kernel<5>, Padding<2>>, ReLU,
                     MaxPool2d<Kernel<3>, Stride<2>>, Conv2d<384, Kernel<3>, Padding<1>>, ReLU,
                     Conv2d<256, Kernel<3>, Padding<1>>, ReLU, Conv2d<256, Kernel<3>, Padding<1>>,
                     ReLU, MaxPool2d<Kernel<3>, Stride<2>>>>,
    Named<"avgpool", AdaptiveAvgPool2d<6>>, Flatten,
    Named<"classifier", Sequential<Dropout<Percent<50>>, Linear<4096, In<9216>>, ReLU,
                                   Dropout<Percent<50>>, Linear<4096>, ReLU, Linear<1000>>>>;
static_assert(outputs<torchvision, Shape<1000>>);
static_assert(parameter_count<torchvision> == 61'100'840);
static_assert(parameters_table<torchvision>[0].name == "features.0.weight");
static_assert(parameters_table<torchvision>[9].name == "features.10.bias");
static_assert(parameters_table<torchvision>[10].name == "classifier.1.weight");
static_assert(parameters_table<torchvision>[15].name == "classifier.6.bias");

// The network of 2012 on its two halves: 60,965,224 parameters.
using norm = LocalResponseNorm<Size<5>, Alpha<std::ratio<5, 10000>>, Beta<std::ratio<3, 4>>,
                               K<std::ratio<2>>>;
using paper =
    Sequential<Input<3, 227, 227>, Conv2d<96, Kernel<11>, Stride<4>>, ReLU,
               Expect<Shape<96, 55, 55>>, norm, MaxPool2d<Kernel<3>, Stride<2>>,
               Expect<Shape<96, 27, 27>>, Conv2d<256, Kernel<5>, Padding<2>, Groups<2>>, ReLU, norm,
               MaxPool2d<Kernel<3>, Stride<2>>, Expect<Shape<256, 13, 13>>,
               Conv2d<384, Kernel<3>, Padding<1>>, ReLU,
               Conv2d<384, Kernel<3>, Padding<1>, Groups<2>>, ReLU,
               Conv2d<256, Kernel<3>, Padding<1>, Groups<2>>, ReLU, MaxPool2d<Kernel<3>, Stride<2>>,
               Expect<Shape<256, 6, 6>>, Flatten, Linear<4096>, ReLU, Dropout<Percent<50>>,
               Linear<4096>, ReLU, Dropout<Percent<50>>, Linear<1000>>;
static_assert(outputs<paper, Shape<1000>>);
static_assert(parameter_count<paper> == 60'965'224);
// 105.4 M, 223.9 M, 149.5 M, 112.1 M, 74.8 M and 58.6 M.
static_assert(multiply_adds<paper> == 34'848LL * 55 * 55 + 307'200LL * 27 * 27 +
                                          (884'736LL + 663'552 + 442'368) * 13 * 13 + 37'748'736 +
                                          16'777'216 + 4'096'000);

static_assert(outputs<LeNet<>, Shape<10>>);
static_assert(parameter_count<LeNet<>> == 156 + 2'416 + 48'120 + 10'164 + 850);
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
