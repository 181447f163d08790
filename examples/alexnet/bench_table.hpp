#pragma once
// What `alexnet bench` prints: one measurement, or a table of every backend built in.
#include "run.hpp"

namespace program {

void print_bench(bench_options options, bool one_mode);

}  // namespace program
