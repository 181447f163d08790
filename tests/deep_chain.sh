#!/usr/bin/env bash
# deep_chain.sh COMPILER: a chain of 450 layers and its plans compile at the compiler's default limits, within 500 MB.
# docs/architecture.md says so of GCC 12 and Clang 14; another version may need other memory, so that its figure is
# shown and not judged. Seconds depend on the machine, so none are asserted.
# shellcheck disable=SC2086  # $flags are words
source "$(dirname "$0")/support/compiler.sh" "$1"

limit=500000  # KB
measure=/usr/bin/time
if [[ ! -x $measure ]]; then
  echo "SKIPPED: no $measure here (Debian: time), so the compiler's memory was not measured"
  exit 77
fi
if ! $measure -q -o "$scratch/figures" -f '%M %e' "$compiler" $flags -Itests -fsyntax-only \
  tests/support/chain_plans.cpp >"$scratch/errors" 2>&1; then
  head -n 3 "$scratch/errors" | cut -c1-200
  echo "FAILED  the chain does not compile with $compiler"
  exit 1
fi
read -r kilobytes seconds <"$scratch/figures"
version="$compiler $("$compiler" -dumpversion)"
echo "$version: $((kilobytes / 1000)) MB, $seconds s"
if [[ $version != "g++ 12"* && $version != "clang++ 14"* ]]; then
  echo "SKIPPED: the limit of $((limit / 1000)) MB is known for g++ 12 and clang++ 14"
  exit 77
fi
if ((kilobytes > limit)); then
  echo "FAILED  more than $((limit / 1000)) MB"
  exit 1
fi
