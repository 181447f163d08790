#pragma once
// Images from JPEG and PNG files, and folders of them as a data set. Link tnn::images, which brings
// libjpeg and libpng.
#include <tnn/core/requirements.hpp>

#include <tnn/data/image_file.hpp>
#include <tnn/data/image_folder.hpp>
#include <tnn/data/image_header.hpp>
