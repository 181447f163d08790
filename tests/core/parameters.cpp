// The table of named parameters: every row of LeNet, and names through Sequentials within.
#include <vector>

#include <tnn/lenet.hpp>

#include "support/catch.hpp"

using namespace tnn;

namespace {

// A Named that only checks takes no number; one that works takes one, and keeps its neighbours'.
using Net = Sequential<Input<2, 4, 4>, Named<"checked", Expect<Shape<2, 4, 4>>>,
                       Named<"stem", Conv2d<3, Kernel<1>>>, Conv2d<3, Kernel<3>>,
                       Named<"head", Sequential<Flatten, Named<"out", Linear<2>>, Linear<1>>>>;
static_assert(parameters_table<Net>[0].name == "stem.weight");
static_assert(parameters_table<Net>[2].name == "1.weight");
static_assert(parameters_table<Net>[4].name == "head.out.weight");
static_assert(parameters_table<Net>[7].name == "head.2.bias");
static_assert(std::is_same_v<output_of<Net, 2, 1>, Shape<2>>);

// The same name in two Sequentials is two names.
using Twins = Sequential<Input<3>, Named<"a", Sequential<Named<"fc", Linear<3>>>>,
                         Named<"b", Sequential<Named<"fc", Linear<3>>>>>;
static_assert(parameters_table<Twins>[0].name == "a.fc.weight");
static_assert(parameters_table<Twins>[2].name == "b.fc.weight");

static_assert(parameters_table<Sequential<Input<3>, ReLU>>.empty());

}  // namespace

TEST_CASE("every row of LeNet's table") {
  struct row {
    std::string_view name;
    std::vector<int> shape;
    beginning what;
    layer_kind kind;
    int layer;
    std::int64_t fan_in, fan_out;
  };
  using enum layer_kind;
  const std::vector<row> expected = {
      {"0.weight", {6, 1, 5, 5}, beginning::drawn, conv2d, 0, 25, 150},
      {"0.bias", {6}, beginning::as_bias, conv2d, 0, 25, 150},
      {"3.weight", {16, 6, 5, 5}, beginning::drawn, conv2d, 3, 150, 400},
      {"3.bias", {16}, beginning::as_bias, conv2d, 3, 150, 400},
      {"7.weight", {120, 400}, beginning::drawn, linear, 7, 400, 120},
      {"7.bias", {120}, beginning::as_bias, linear, 7, 400, 120},
      {"9.weight", {84, 120}, beginning::drawn, linear, 9, 120, 84},
      {"9.bias", {84}, beginning::as_bias, linear, 9, 120, 84},
      {"11.weight", {10, 84}, beginning::drawn, linear, 11, 84, 10},
      {"11.bias", {10}, beginning::as_bias, linear, 11, 84, 10},
  };
  const auto table = parameters_table<LeNet<>>;
  REQUIRE(table.size() == expected.size());
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const ParameterInfo& p = table[i];
    const row& e = expected[i];
    INFO(e.name);
    CHECK(p.name == e.name);
    CHECK(std::vector<int>(p.shape.begin(), p.shape.end()) == e.shape);
    CHECK((p.begins == e.what && p.kind == e.kind && p.layer == e.layer));
    CHECK((p.fan_in == e.fan_in && p.fan_out == e.fan_out));
    CHECK(p.offset == offset);
    std::int64_t size = 1;
    for (const int extent : e.shape) size *= extent;
    CHECK(p.size == size);
    offset += (size + 15) / 16 * 16;
    CHECK(&table[find_parameter(table, e.name)] == &p);
  }
  CHECK(offset == detail::parameter_arena<LeNet<>>);
  CHECK(find_parameter(table, "7.weight ") == table.size());
  CHECK(find_parameter(table, "") == table.size());
}
