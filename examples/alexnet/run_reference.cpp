// `alexnet bench` on the Reference backend: naive loops, what the others are measured against.
#include <tnn/reference.hpp>

#include "bench.hpp"

program::device program::reference_device() {
  device d;
  d.name = "reference";
  d.bench = [](const bench_options& o) { return bench_on(tnn::Reference{}, o); };
  return d;
}
