// summary<Net>(): the committed table of LeNet, and what does not depend on the compiler.
#include <tnn/alexnet.hpp>
#include <tnn/lenet.hpp>

#include "support/catch.hpp"

using namespace tnn;

TEST_CASE("the table of LeNet") {
  CHECK(
      summary<LeNet<>>() ==
      R"(       layer                                                     output   parameters  multiply-adds   share  weight bytes   out bytes
       Input                                                1 x 28 x 28                                                         3,136
    0  Conv2d<6, Kernel<5>, Padding<2>>                     6 x 28 x 28          156        117,600   28.2%           624      18,816
    1  Sigmoid                                              6 x 28 x 28                                                        18,816
    2  AvgPool2d<Kernel<2>>                                 6 x 14 x 14                                                         4,704
    3  Conv2d<16, Kernel<5>>                               16 x 10 x 10        2,416        240,000   57.6%         9,664       6,400
    4  Sigmoid                                             16 x 10 x 10                                                         6,400
    5  AvgPool2d<Kernel<2>>                                  16 x 5 x 5                                                         1,600
    6  Flatten                                                      400                                                         1,600
    7  Linear<120>                                                  120       48,120         48,000   11.5%       192,480         480
    8  Sigmoid                                                      120                                                           480
    9  Linear<84>                                                    84       10,164         10,080    2.4%        40,656         336
   10  Sigmoid                                                       84                                                           336
   11  Linear<10>                                                    10          850            840    0.2%         3,400          40
       total (of one sample)                                         10       61,706        416,520  100.0%       246,824      63,144
)");
}

TEST_CASE("a table has a line a layer, and all of AlexNet's shares") {
  const std::string table = summary<AlexNet<>>();
  CHECK(std::count(table.begin(), table.end(), '\n') == 24);
  for (const char* part : {"  20  Linear<10>", "46,764,746", "938,146,176", "44.3%", "187,058,984"})
    CHECK(table.find(part) != std::string::npos);
}

TEST_CASE("nested layers show their places") {
  using Net = Sequential<Input<4>, Sequential<Linear<3>, Sequential<ReLU>>, Linear<2>>;
  const std::string table = summary<Net>();
  for (const char* part : {"  0.0  Linear<3>", "0.1.0  ReLU", "    1  Linear<2>"})
    CHECK(table.find(part) != std::string::npos);
}
