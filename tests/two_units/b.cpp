// The second file, with the headers in another order.
#include <tnn/train.hpp>
#include <tnn/io.hpp>
#include <tnn/cpu.hpp>
#include <tnn/alexnet.hpp>
#include <tnn/tnn.hpp>

std::int64_t parameters_seen_by_b() { return tnn::parameter_count<tnn::AlexNet<>>; }
