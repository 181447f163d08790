#!/usr/bin/env bash
# check.sh COMPILER [all]: every header compiles alone, included twice, without a word from the compiler; so do
# programs that use them, and `using namespace tnn` brings the names in names.txt and no others.
# Only headers with `cpu` in their path may look for Eigen, with `thrust` for Thrust. What users include for the
# types (tnn.hpp, alexnet.hpp, lenet.hpp, resnet.hpp) must not reach a heavy library at all. nvcc is slow and checks
# alexnet.hpp, cpu.hpp and cuda.cuh; with `all`, every .cuh.
# shellcheck disable=SC2086,SC2016  # $flags are words; xargs' shell expands
source "$(dirname "$0")/../support/compiler.sh" "$1"

check() {
  local header=${1#include/} extra="" unit
  unit=$(mktemp "$scratch/XXXXXX.cpp")
  printf '#include <%s>\n#include <%s>\n' "$header" "$header" >"$unit"
  if [[ $header == *cpu* ]]; then extra=$eigen; fi
  if [[ $header == *thrust* ]]; then extra=$thrust; fi
  if [[ $compiler == nvcc ]]; then
    # Eigen's own marks for CUDA make nvcc warn.
    nvcc $flags $extra -DEIGEN_NO_CUDA -x cu -c -o "$unit.o" "$unit" >"$unit.log" 2>&1 || echo "refused" >>"$unit.log"
  else
    "$compiler" $flags $extra $warnings -fsyntax-only "$unit" >"$unit.log" 2>&1 || echo "refused" >>"$unit.log"
  fi
  case $header in
    tnn/tnn.hpp | tnn/alexnet.hpp | tnn/lenet.hpp | tnn/resnet.hpp)
      if [[ $compiler != nvcc ]] && "$compiler" $flags -M "$unit" 2>/dev/null |
        grep -E '/(Eigen|nlohmann|fmt|CLI)/|/omp\.h|/zlib\.h' >>"$unit.log"; then
        echo "$header must not reach the libraries above" >>"$unit.log"
      fi ;;
  esac
  if [[ -s $unit.log ]]; then
    echo "FAILED  $header"
    cat "$unit.log"
    return 1
  fi
}
export -f check

# What users may ask of a compiler besides this repository's own warnings.
export warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wsign-conversion -Wdouble-promotion"
if [[ $compiler == g++ ]]; then warnings+=" -Wuseless-cast"; fi

if [[ $compiler == nvcc ]]; then
  headers="include/tnn/alexnet.hpp include/tnn/cpu.hpp include/tnn/cuda.cuh"
  if [[ ${2:-} == all ]]; then headers+=" $(find include/tnn -name '*.cuh' ! -path include/tnn/cuda.cuh)"; fi
else
  headers=$(find include/tnn -name '*.hpp' | sort)
  if [[ ! $thrust ]]; then
    echo "Thrust was not found, so its backend's headers were left out"
    headers=$(grep -v thrust <<<"$headers")
  fi
fi
count=$(wc -w <<<"$headers")
if ((count == 0)); then
  echo "no headers under include/tnn"
  exit 1
fi
tr ' ' '\n' <<<"$headers" | xargs -P2 -I{} bash -c 'check "$1"' check {}
echo "$count headers compile alone with $compiler"
if [[ $compiler == nvcc ]]; then exit; fi

for program in user words; do
  if ! "$compiler" $flags $eigen $warnings -Werror -fsyntax-only tests/headers/$program.cpp; then
    echo "FAILED  $program.cpp doesn't compile in silence"
    exit 1
  fi
done
echo "a user's program compiles without a word, and with everyday words of its own"

if [[ $compiler == clang++ ]]; then
  "$compiler" $flags $eigen -fsyntax-only -Xclang -ast-dump -Xclang -ast-dump-filter=tnn:: tests/headers/words.cpp |
    sed -nE 's/^Dumping tnn::(\w+):$/\1/p' | sort -u >"$scratch/names.txt"
  sed -E '/^#/d; s/^[^:]*: //' tests/headers/names.txt | tr -s ' ' '\n' | sed '/^$/d' | sort >"$scratch/expected.txt"
  if ! diff "$scratch/expected.txt" "$scratch/names.txt" >"$scratch/difference.txt"; then
    echo "FAILED  names in tnn that aren't in tests/headers/names.txt (>), or are there no more (<):"
    cat "$scratch/difference.txt"
    exit 1
  fi
  echo "$(wc -l <"$scratch/names.txt") names in tnn, as listed"
fi
