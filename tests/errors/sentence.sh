#!/usr/bin/env bash
# Where a compiler takes a computed text in static_assert (C++26), a refusal is a sentence, and still ONE error.
# Skipped (77) without such a compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."
for compiler in clang++-{21,20,19,18,17} g++-{16,15,14} clang++ g++; do
  command -v "$compiler" >/dev/null || continue
  echo '#if __cpp_static_assert < 202306L
#error
#endif' | "$compiler" -std=c++26 -fsyntax-only -x c++ - 2>/dev/null || continue
  said=$("$compiler" -std=c++26 -fsyntax-only -Iinclude examples/errors/linear_without_flatten.cpp 2>&1 || true)
  [[ $(grep -c 'error:' <<<"$said") == 1 ]]
  grep -F 'layer<13>, Linear<4096>, got<256, 5, 5>: put Flatten before it' <<<"$said"
  exit 0
done
echo "SKIPPED: no compiler here takes a computed text in static_assert (Clang 17, GCC 14 or newer)"
exit 77
