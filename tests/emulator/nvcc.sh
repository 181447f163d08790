#!/usr/bin/env bash
# nvcc.sh: the sample that the emulator's tests run is CUDA: nvcc compiles it too, without a word.
# shellcheck disable=SC2086  # $flags are words
source "$(dirname "$0")/../support/compiler.sh" nvcc

cat >"$scratch/sample.cu" <<'unit'
#include "emulator/sample.cuh"
template __global__ void sample::gemm<64, 8>(const float*, const float*, float*, int, int);
cudaError_t launch(const cudaLaunchConfig_t& c, float* x) {
  const auto *a = x;
  if (auto e = cudaLaunchKernelEx(&c, sample::add, a, a, x, 1); e != cudaSuccess) return e;
  if (auto e = cudaLaunchKernelEx(&c, sample::gemm<64, 8>, a, a, x, 64, 64); e != cudaSuccess) return e;
  return cudaLaunchKernelEx(&c, sample::sum, a, x);
}
unit
nvcc $flags -Itests -arch=sm_75 -c -o "$scratch/sample.o" "$scratch/sample.cu" 2>&1 | tee "$scratch/log"
if [[ -s $scratch/log ]]; then exit 1; fi
echo "nvcc compiles the sample"
