#!/usr/bin/env bash
# check.sh PROGRAM RUNS CORPUS...: runs a fuzz target on so many inputs, grown from the corpora: the same ones each
# time, where the system lets a program ask for the same addresses. An input that breaks the target is kept beside the
# program.
set -euo pipefail
cd "$(dirname "$0")/../.."

program=$1 runs=$2
shift 2
corpora=()
for corpus in "$@"; do
  if [[ -d $corpus ]]; then corpora+=("$corpus"); fi
done
same=()
if setarch -R true 2>/dev/null; then same=(setarch -R); fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# libFuzzer adds to the first folder what it finds new.
mkdir "$scratch/new"
if ! "${same[@]}" "$program" "$scratch/new" "${corpora[@]}" -runs="$runs" -seed=1 -dict=tests/fuzz/words.dict \
  -max_len=4096 -timeout=120 -rss_limit_mb=4096 -artifact_prefix="$program-" >"$scratch/log" 2>&1; then
  tail -n 60 "$scratch/log"
  exit 1
fi
tail -n 1 "$scratch/log"
