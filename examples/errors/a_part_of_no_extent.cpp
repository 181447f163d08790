// A part is asked with extents of at least 1.
// expect: shape_error<Shape<3, 0, 8>, Shape<3, 0, 8>, got<3, 0, 8>, fix::make_the_extents_at_least_1>
#include <tnn/tnn.hpp>

using namespace tnn;

using Part = Sequential<ReLU, ReLU>;

#ifdef GOOD
using Output = output_t<Part, Shape<3, 8, 8>>;
#else
using Output = output_t<Part, Shape<3, 0, 8>>;
#endif

using Again = Output;
