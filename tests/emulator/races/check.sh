#!/usr/bin/env bash
# check.sh: ThreadSanitizer reports a missing barrier in the emulator's mode of threads, names the kernel,
# and finds nothing where both barriers are.
# shellcheck disable=SC2086  # $flags are words
source "$(dirname "$0")/../../support/compiler.sh" g++

program=$scratch/neighbour
build() {
  g++ $flags -Itests/emulator/include -Itests -O1 -g -fsanitize=thread -DTNN_EMULATOR_THREADS "$@" \
    tests/emulator/races/neighbour.cpp -ldl -pthread -o "$program"
}
says() { TSAN_OPTIONS=exitcode=66 "$program" >"$program.log" 2>&1 || echo "exit status $?" >>"$program.log"; }

if ! build; then
  echo "SKIPPED: g++ doesn't link -fsanitize=thread here"
  exit 77
fi
says
if [[ $(<"$program.log") != "done" ]]; then
  cat "$program.log"
  echo "FAILED: a race where both barriers are"
  exit 1
fi
for barrier in FIRST SECOND; do
  build "-DWITHOUT_$barrier"
  says
  if ! grep -q 'data race.* in neighbour' "$program.log" || ! grep -q 'exit status 66' "$program.log"; then
    cat "$program.log"
    echo "FAILED: no race without the barrier $barrier"
    exit 1
  fi
done
echo "a race is reported where either barrier is missing, and none where both are"
