#!/usr/bin/env bash
# check.sh COMPILER: what users who compile with -Ofast, -ffast-math or -fassociative-math get of core/math.hpp.
# The flags are ours.cpp's alone: main.cpp judges by ordinary arithmetic, and keeps subnormal numbers on.
# shellcheck disable=SC2086  # $flags and $fast are words
source "$(dirname "$0")/../support/compiler.sh" "$1"

tests="-Itests -Itests/fast_math"
"$compiler" $flags $tests -O1 -c -o "$scratch/main.o" tests/fast_math/main.cpp
for processor in $(instruction_sets); do
  for fast in "-Ofast" "-O2 -ffast-math" "-O3 -fassociative-math -fno-signed-zeros -fno-trapping-math"; do
    echo "$compiler -march=$processor $fast"
    "$compiler" $flags $tests -march=$processor $fast -Wall -Wextra -Werror -c -o "$scratch/ours.o" tests/fast_math/ours.cpp
    "$compiler" -o "$scratch/main" "$scratch/main.o" "$scratch/ours.o"
    "$scratch/main"
  done
done
