#pragma once
// Identity by the formula: a copy, as Flatten is.
#include <tnn/layers/flatten/reference.hpp>
#include <tnn/layers/identity/identity.hpp>

namespace tnn {

template <class T, class X, class Y>
struct compute<Reference, T, bound<Identity, X, Y>> : compute<Reference, T, bound<Flatten, X, Y>> {
};

}  // namespace tnn
