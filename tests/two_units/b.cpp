// The second file, with the headers in the opposite order (blank lines keep the formatter off it).
#include <tnn/train.hpp>

#include <tnn/tnn.hpp>

#include <tnn/io.hpp>

#include <tnn/cpu.hpp>

#include <tnn/alexnet.hpp>

std::int64_t parameters_seen_by_b() { return tnn::parameter_count<tnn::AlexNet<>>; }
