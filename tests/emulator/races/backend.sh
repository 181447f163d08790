#!/usr/bin/env bash
# backend.sh: ThreadSanitizer finds no race between the threads of a block in a training step on Cuda.
# shellcheck disable=SC2086  # $emulator, $flags and $eigen are words
source "$(dirname "$0")/../../support/compiler.sh" g++

if [[ ! $emulator ]]; then
  echo "SKIPPED: Thrust was not found, so the Cuda backend can't be built"
  exit 77
fi
program=$scratch/step
if ! g++ $emulator $flags $eigen -O1 -g -fsanitize=thread -DTNN_EMULATOR_THREADS \
  tests/emulator/races/step.cpp -ldl -pthread -o "$program"; then
  echo "FAILED: the step doesn't compile"
  exit 1
fi
TSAN_OPTIONS=exitcode=66 "$program" >"$program.log" 2>&1 || echo "exit status $?" >>"$program.log"
if [[ $(<"$program.log") != "done" ]]; then
  head -n 60 "$program.log"
  exit 1
fi
echo "a training step of every layer has no race"
