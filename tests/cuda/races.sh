#!/usr/bin/env bash
# races.sh: the Cuda backend's kernels with a thread for each CUDA thread, under ThreadSanitizer: a barrier that
# is missing would be a race on shared memory.
# shellcheck disable=SC2086  # $flags are words
source "$(dirname "$0")/../support/compiler.sh" g++

if [[ ! $thrust ]]; then
  echo "SKIPPED: Thrust was not found, so the Cuda backend's tests can't be built"
  exit 77
fi
program=$scratch/kernels
flags="-Itests/emulator/include $flags -Itests -isystem $TNN_THRUST_INCLUDE -DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_CPP"
flags+=" -DCCCL_DISABLE_FP16_SUPPORT -DCCCL_DISABLE_BF16_SUPPORT"
main=tests/support/main.cpp
if echo '#include <catch2/catch_all.hpp>' | g++ -std=c++20 -E -x c++ - >/dev/null 2>&1; then
  main="-lCatch2Main -lCatch2"
fi
if ! g++ $flags -O1 -g1 -fsanitize=thread -DTNN_EMULATOR_THREADS tests/cuda/kernels.cpp $main -ldl -pthread \
  -o "$program" 2>"$program.log"; then
  if grep -q 'tsan' "$program.log"; then
    echo "SKIPPED: g++ doesn't link -fsanitize=thread here"
    exit 77
  fi
  cat "$program.log"
  exit 1
fi
# One case has every kernel that shares memory, more than one panel deep, and few enough threads.
TSAN_OPTIONS=exitcode=66 "$program" "products whose depth is cut into parts"
