// A name that starts with a digit would be taken for a number of PyTorch's.
// expect: shape_error<layer<1>, called<
// expect: >, got<1, 8, 8>, fix::give_it_a_name_of_letters_digits_and_underscores>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<1, 8, 8>, ReLU, Named<"act", ReLU>>;
#else
using Net = Sequential<Input<1, 8, 8>, ReLU, Named<"0", ReLU>>;
#endif

using First = output_of<Net, 0>;
using Output = output_t<Net>;
using Arriving = input_t<Net>;
