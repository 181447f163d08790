#pragma once
// The same test bodies for every backend: each program of the suite is compiled with
// TNN_SUITE_HEADER, what to include, and TNN_SUITE_BACKENDS, the backends to run on.
#include TNN_SUITE_HEADER

#include <tnn/reference.hpp>

#include "support/layer.hpp"

/// Whether a backend computes in double: Cuda's products are of floats.
template <class B>
inline constexpr bool computes_in_double = requires {
  sizeof(tnn::compute<B, double, tnn::bound<tnn::Linear<1>, tnn::Shape<1>, tnn::Shape<1>>>);
};
