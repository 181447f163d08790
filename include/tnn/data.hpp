#pragma once
// Data sets: floats in memory, IDX files, Fashion-MNIST, transforms and augmentation;
// batches made ahead on threads. Link tnn::io.
#include <tnn/core/requirements.hpp>

#include <tnn/data/augment/colour.hpp>
#include <tnn/data/augment/geometry.hpp>
#include <tnn/data/augment/normalise.hpp>
#include <tnn/data/augment/pca_colour.hpp>
#include <tnn/data/checksum.hpp>
#include <tnn/data/fashion_mnist.hpp>
#include <tnn/data/idx.hpp>
#include <tnn/data/image.hpp>
#include <tnn/data/labelled_images.hpp>
#include <tnn/data/loader.hpp>
#include <tnn/data/resize.hpp>
#include <tnn/data/samples.hpp>
#include <tnn/data/transformed.hpp>
