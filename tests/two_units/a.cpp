// A program of two files that both include everything must link: see b.cpp.
#include <tnn/alexnet.hpp>
#include <tnn/cpu.hpp>
#include <tnn/io.hpp>
#include <tnn/tnn.hpp>
#include <tnn/train.hpp>

std::int64_t parameters_seen_by_b();

int main() { return tnn::parameter_count<tnn::AlexNet<>> == parameters_seen_by_b() ? 0 : 1; }
