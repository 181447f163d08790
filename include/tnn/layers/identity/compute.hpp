#pragma once
// Identity on every backend: the same values, as Flatten's are.
#include <tnn/layers/flatten/compute.hpp>
#include <tnn/layers/identity/identity.hpp>

namespace tnn {

template <Backend B, class T, class X, class Y>
struct compute<B, T, bound<Identity, X, Y>> : compute<B, T, bound<Flatten, X, Y>> {};

}  // namespace tnn
