#pragma once
// Data sets: IDX files, Fashion-MNIST, resizing, batches made ahead on a thread. Link tnn::io.
#include <tnn/core/requirements.hpp>

#include <tnn/data/dataset.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/data/idx.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/data/resize.hpp>
