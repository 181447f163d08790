#!/usr/bin/env bash
# backend.sh: ThreadSanitizer finds no race between the threads of a block in a training step on Cuda.
# shellcheck disable=SC2086  # $flags and $eigen are words
source "$(dirname "$0")/../../support/compiler.sh" g++

cccl=${TNN_THRUST_INCLUDE:-/usr/local/cuda/include/cccl}
if [[ ! -e $cccl/thrust/version.h ]]; then
  echo "SKIPPED: no Thrust in $cccl"
  exit 77
fi
program=$scratch/step
if ! g++ $flags -Itests/emulator/include -Itests $eigen -isystem "$cccl" -O1 -g -fsanitize=thread \
  -DTNN_EMULATOR_THREADS -DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_CPP -DCCCL_DISABLE_FP16_SUPPORT \
  -DCCCL_DISABLE_BF16_SUPPORT tests/emulator/races/step.cpp -ldl -pthread -o "$program"; then
  echo "FAILED: the step doesn't compile"
  exit 1
fi
TSAN_OPTIONS=exitcode=66 "$program" >"$program.log" 2>&1 || echo "exit status $?" >>"$program.log"
if [[ $(<"$program.log") != "done" ]]; then
  head -n 60 "$program.log"
  exit 1
fi
echo "a training step of every layer has no race"
