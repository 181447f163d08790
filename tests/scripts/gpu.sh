#!/usr/bin/env bash
# gpu.sh: bench/gpu/run with programs that stand in for ours and for a device's tools: what is in which file, how each
# way of ending is told, that a limit keeps what was printed, and that the report stays small.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
check() { # WHAT COMMAND...
  if "${@:2}"; then return; fi
  echo "FAILED    $1"
  failures=$((failures + 1))
}
says() { grep -qE -- "$2" "$scratch/$1" || { sed "s/^/  $1: /" "$scratch/$1"; return 1; }; }

pack=$scratch/pack tools=$scratch/tools
mkdir -p "$pack"/{bin,lib,data} "$tools"
cp bench/gpu/run bench/gpu/table.awk "$pack"
echo "packed on a day of commit abc" >"$pack/packed.txt"
# stand_in FILE: a program that prints how it was called, and does what standard input says.
stand_in() {
  { echo '#!/bin/bash'; echo 'echo "${0##*/} $*"'; cat; } >"$1"
  chmod +x "$1"
}
stand_in "$pack/bin/alexnet" <<'program'
if [[ $1 == train ]]; then
  while [[ $1 != --out ]]; do shift; done
  mkdir "$2" && touch "$2/best.safetensors"
fi
program
stand_in "$pack/bin/suite_gpu" <<'program'
if [[ $* == *'~[slow]'* ]]; then echo "All tests passed"; exit 0; fi
trap 'echo "does not obey"' TERM  # only what kills it ends it
echo "before the limit"
for ((i = 0; i < 1000; ++i)); do sleep 0.1; done
program
stand_in "$pack/bin/bench_gpu" <<'program'
if [[ $* == *--profile* ]]; then exit 3; fi
if [[ $* == *--parts* ]]; then echo "  0.5 part"; exit; fi
echo '{"peer": "tnn", "setting": "fp32", "mode": "train", "batch": 32, "data": "resident", "runs": 5, "milliseconds": 2.5, "images_per_second": 12800}'
program
stand_in "$tools/nvidia-smi" <<<'echo "GPU 0: a stand-in"'
stand_in "$tools/ncu" <<<'echo "==ERROR== refused"; exit 9'
stand_in "$tools/compute-sanitizer" <<'program'
if [[ $* == *memcheck* ]]; then echo "========= ERROR SUMMARY: 0 errors"; exit 0; fi
if [[ $* == *racecheck* ]]; then echo "Device not supported"; exit 1; fi
exit 9
program
stand_in "$tools/python3" <<'program'
if [[ $* == *find_spec* ]]; then exit 1; fi
if [[ $1 == - ]]; then cat >/dev/null; fi
program

status=0
mkdir "$scratch/tmp"
PATH=$tools:$PATH TMPDIR=$scratch/tmp TNN_GPU_LIMIT_OF_slow=1 "$pack/run" "$scratch/out" >"$scratch/printed" 2>&1 || status=$?
check "a part that failed is a failure of the whole" test "$status" = 1
check "eight files at most" test "$(find "$scratch/out" -type f | wc -l)" -le 8
check "no folders" test "$(find "$scratch/out" -mindepth 1 -type d | wc -l)" = 0
check "what is packed is told" says out/machine.txt "of commit abc"
for line in "machine +passed" "suite +passed" "slow +ended at its limit of 1 s" "memcheck +passed" \
  "racecheck +left out: compute-sanitizer was refused" "synccheck +FAILED \(status 1\)" "ours +passed" \
  "pytorch +left out: PyTorch is not here" "parts +passed" "ncu +FAILED \(status 9\): ==ERROR== refused" \
  "train +passed" "evaluate_cuda +passed" "backends +passed" "fp32 .*2.5"; do
  check "the summary has: $line" says out/summary.txt "$line"
  check "what is printed has: $line" says printed "$line"
done
check "what came before a limit is kept" says out/suite.txt "before the limit"
check "what does not obey is killed" test -z "$(pgrep -f "$pack/bin/suite_gpu")"
check "weights go from the training to cuda" says out/training.txt "alexnet evaluate --device cuda .*best.safetensors"
check "and to cpu" says out/training.txt "alexnet evaluate --device cpu .*best.safetensors"
check "the checkpoints are gone" test -z "$(ls -A "$scratch/tmp")"

status=0
PATH=$tools:$PATH "$pack/run" "$scratch/out" >"$scratch/printed" 2>&1 || status=$?
check "a report is not overwritten" test "$status" = 2
check "and that is said" says printed "holds something already"
status=0
PATH=$tools:$PATH "$pack/run" "$scratch/none" 0 >"$scratch/printed" 2>&1 || status=$?
check "without time it ends well" test "$status" = 0
check "and no program is run" test -z "$(grep -lE '^(suite_gpu|bench_gpu|alexnet) ' "$scratch"/none/*)"
check "and that is said of each part" test "$(grep -c 'no time is left' "$scratch/none/summary.txt")" = 17
rm "$tools/nvidia-smi"
stand_in "$tools/nvidia-smi" <<<'exit 9'
status=0
PATH=$tools:$PATH "$pack/run" "$scratch/nothing" >"$scratch/printed" 2>&1 || status=$?
check "without a device it ends with 77" test "$status" = 77
check "and makes no folder" test ! -e "$scratch/nothing"

for wrong in "--pack" "--run x" "--what" "a b"; do
  status=0
  # shellcheck disable=SC2086  # words
  scripts/gpu $wrong >"$scratch/printed" 2>&1 || status=$?
  check "usage: gpu $wrong" test "$status" = 2
done
mkdir "$scratch/there"
status=0
scripts/gpu --pack "$scratch/there" >"$scratch/printed" 2>&1 || status=$?
check "a pack replaces nothing" test "$status" = 1
check "and that is said" says printed "is there already"
if ((failures)); then exit 1; fi
echo "bench/gpu/run and scripts/gpu: all as expected"
