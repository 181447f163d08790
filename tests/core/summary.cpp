// summary<Net>(): the committed table of LeNet, and what does not depend on the compiler.
#include <tnn/alexnet.hpp>
#include <tnn/lenet.hpp>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "support/catch.hpp"

using namespace tnn;

TEST_CASE("the table of LeNet") {
  CHECK(summary<LeNet<>>() ==
        R"(    layer                                   output  parameters  multiply-adds   share
    Input                              1 x 28 x 28
 0  Conv2d<6, Kernel<5>, Padding<2>>   6 x 28 x 28         156        117,600   28.2%
 1  Sigmoid                            6 x 28 x 28
 2  AvgPool2d<Kernel<2>>               6 x 14 x 14
 3  Conv2d<16, Kernel<5>>             16 x 10 x 10       2,416        240,000   57.6%
 4  Sigmoid                           16 x 10 x 10
 5  AvgPool2d<Kernel<2>>                16 x 5 x 5
 6  Flatten                                    400
 7  Linear<120>                                120      48,120         48,000   11.5%
 8  Sigmoid                                    120
 9  Linear<84>                                  84      10,164         10,080    2.4%
10  Sigmoid                                     84
11  Linear<10>                                  10         850            840    0.2%
    total                                       10      61,706        416,520  100.0%
as floats: 246,824 bytes of parameters, 63,144 bytes of values a sample
)");
}

TEST_CASE("a table has a line a layer, and all of AlexNet's shares") {
  const std::string table = summary<AlexNet<>>();
  CHECK(std::count(table.begin(), table.end(), '\n') == 25);
  for (const char* part : {"20  Linear<10>", "46,764,746", "938,146,176", "44.3%", "187,058,984"})
    CHECK(table.find(part) != std::string::npos);
}

TEST_CASE("a layer without a bias has its weight's parameters; options are as they were written") {
  using Net = Sequential<Input<2, 9, 9>, Conv2d<3, Kernel<3>, Dilation<2>, NoBias>, GELU, Flatten,
                         Linear<4, NoBias>>;
  static_assert(parameter_count<Net> == 3 * 2 * 9 + 4 * 75);
  static_assert(multiply_adds<Net> == 25 * 3 * 2 * 9 + 4 * 75);
  static_assert(parameters_table<Net>.size() == 2);
  const std::string table = summary<Net>();
  for (const char* part :
       {"Conv2d<3, Kernel<3>, Dilation<2>, NoBias>  3 x 5 x 5", "Linear<4, NoBias>"})
    CHECK(table.find(part) != std::string::npos);
}

TEST_CASE("a line is at most 100 columns wide, however long a layer's name") {
  using Net = Sequential<
      Input<4, 300, 300>,
      LocalResponseNorm<Size<5>, Alpha<std::ratio<1, 10000>>, Beta<std::ratio<3, 4>>,
                        K<std::ratio<2>>>,
      Sequential<Conv2d<3, Kernel<3, 5>, Stride<4, 3>, Padding<1, 2>, In<4>>, Sequential<ReLU>>,
      Flatten, Linear<20000>>;
  std::istringstream table(summary<Net>());
  std::string all;
  for (std::string line; std::getline(table, line);) {
    CHECK(line.size() <= 100);
    all += line.substr(line.find_first_not_of(' '));
  }
  // Nothing of the name is lost; the other cells of its line stand between its pieces.
  for (const char* piece : {"LocalResponseNorm<Size<5>,", "Beta<", "Padding<1, 2>, In<4>>"})
    CHECK(all.find(piece) != std::string::npos);
}

TEST_CASE("print_summary prints the text, and no more") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  print_summary<LeNet<>>(file);
  const std::string expected = summary<LeNet<>>();
  std::string printed(expected.size() + 1, '\0');
  std::rewind(file);
  printed.resize(std::fread(printed.data(), 1, printed.size(), file));
  std::fclose(file);
  CHECK(printed == expected);
}

TEST_CASE("nested layers show their places") {
  using Net = Sequential<Input<4>, Sequential<Linear<3>, Sequential<ReLU>>, Linear<2>>;
  const std::string table = summary<Net>();
  for (const char* part : {"  0.0  Linear<3>", "0.1.0  ReLU", "    1  Linear<2>"})
    CHECK(table.find(part) != std::string::npos);
}
