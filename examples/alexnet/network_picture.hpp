#pragma once
// A network drawn from its type: what the compiler knows of each layer, and a picture of the values
// between layers as boxes, each edge as long as the cube root of its extent. (At true scale a
// vector of 4,096 would be 18 times as high as the image.)
#include <cstdint>
#include <string>
#include <vector>

#include <boost/hana/for_each.hpp>

#include <tnn/core/summary.hpp>

namespace program {

/// A layer and the value that it makes.
struct layer_facts {
  std::string place;       ///< "0", "3.1"
  std::string type;        ///< "Conv2d<96, Kernel<11>, Stride<4>>"
  std::vector<int> shape;  ///< of one sample, channels first
  std::int64_t parameters = 0, multiply_adds = 0;
};

struct network_facts {
  std::string name;
  std::vector<int> input;
  std::vector<layer_facts> layers;
  std::int64_t parameters = 0, multiply_adds = 0;
};

/// What the type says of itself.
template <class Net>
network_facts facts_of(std::string name) {
  using namespace tnn::detail;
  const auto extents = []<class S>(S) {
    return std::vector<int>(std::begin(extents_of<S>::values), std::end(extents_of<S>::values));
  };
  network_facts facts{std::move(name),
                      extents(tnn::input_t<Net>{}),
                      {},
                      tnn::parameter_count<Net>,
                      tnn::multiply_adds<Net>};
  boost::hana::for_each(layer_tuple(tnn::layers_t<Net>{}), [&](auto placed) {
    using at = typename decltype(placed)::at;
    using bound = typename decltype(placed)::type;
    facts.layers.push_back({extents_text(std::span(at::number, std::size_t{at::rank}), "."),
                            summary_name<typename bound::layer>(),
                            extents(typename bound::output{}),
                            size_of_parameters<typename bound::parameters>, bound::multiply_adds});
  });
  return facts;
}

/// "96x54x54".
std::string shape_text(const std::vector<int>& shape);

/// The boxes as an <svg> element. A layer that neither has parameters nor changes the shape (ReLU,
/// Dropout) is named under the box of the value that it is given.
std::string drawn(const network_facts& network);

/// The layers as a <table>.
std::string table_of(const network_facts& network);

}  // namespace program
