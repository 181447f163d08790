// The long chain with its plans, which tests/instantiations.sh counts and scripts/compile-cost
// times.
#include <tnn/reference.hpp>

#include "support/deep_nets.hpp"

constexpr auto training = tnn::bytes_of<chain_of_450, tnn::Reference>(1, tnn::mode::train, 1);
constexpr auto inference = tnn::bytes_of<chain_of_450, tnn::Reference>(1, tnn::mode::infer, 1);
