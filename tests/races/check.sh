#!/usr/bin/env bash
# check.sh cpu|cuda: ThreadSanitizer finds no race in a training step of every layer: between the threads of Cpu,
# or between those of a block on Cuda, in the emulator.
# shellcheck disable=SC2086  # $emulator, $flags and $eigen are words
source "$(dirname "$0")/../support/compiler.sh" g++

backend=$1
if [[ $backend == cuda && ! $emulator ]]; then
  echo "SKIPPED: Thrust was not found, so the Cuda backend can't be built"
  exit 77
fi
case $backend in
  cpu) options="-Itests -DTNN_RACES_HEADER=<tnn/cpu.hpp> -DTNN_RACES_BACKENDS=tnn::Cpu{4}" ;;
  cuda) # in each precision
    options="$emulator -DTNN_EMULATOR_THREADS -DTNN_RACES_HEADER=<tnn/cuda.cuh>"
    options+=" -DTNN_RACES_BACKENDS=tnn::Cuda{},tnn::Cuda{0,true,tnn::cuda_precision::tf32},tnn::Cuda{0,true,tnn::cuda_precision::bf16}" ;;
esac
program=$scratch/step
if ! g++ $options $flags $eigen -O1 -g -fsanitize=thread tests/races/step.cpp -ldl -pthread -o "$program"; then
  echo "FAILED: the step doesn't compile"
  exit 1
fi
TSAN_OPTIONS=exitcode=66 "$program" >"$program.log" 2>&1 || echo "exit status $?" >>"$program.log"
if [[ $(<"$program.log") != "done" ]]; then
  head -n 60 "$program.log"
  exit 1
fi
echo "a training step of every layer has no race on $backend"
