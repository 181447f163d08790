// A name of no letters.
// expect: shape_error<layer<1>, called<
// expect: >, got<64>, fix::give_it_a_name_of_letters_digits_and_underscores>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Named<"logits", Linear<10>>>;
#else
using Net = Sequential<Input<64>, ReLU, Named<"", Linear<10>>>;
#endif

static_assert(outputs<Net, Shape<10>>);
inline constexpr auto rows = parameters_table<Net>.size();
