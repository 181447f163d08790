// Dropout takes a Percent or a std::ratio.
// expect: shape_error<layer<1>, Dropout<int>, got<64>, fix::give_it_a_Percent_or_a_std_ratio>
#include <tnn/tnn.hpp>

using namespace tnn;

#ifdef GOOD
using Net = Sequential<Input<64>, ReLU, Dropout<Percent<50>>>;
#else
using Net = Sequential<Input<64>, ReLU, Dropout<int>>;
#endif

inline auto table() { return summary<Net>(); }
static_assert(outputs<Net, Shape<64>>);
