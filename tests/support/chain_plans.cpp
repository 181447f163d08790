// The long chain with its plans: tests/instantiations.sh counts what is instantiated,
// tests/deep_chain.sh holds the compilers' memory and scripts/compile-cost shows their time.
#include <tnn/reference.hpp>

#include "support/deep_nets.hpp"

constexpr auto training = tnn::bytes_of<chain_of_450, tnn::Reference>(1, tnn::mode::train, 1);
constexpr auto inference = tnn::bytes_of<chain_of_450, tnn::Reference>(1, tnn::mode::infer, 1);
