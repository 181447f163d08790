#!/usr/bin/env bash
# check.sh BUILD GENERATOR: what CMake says to whom configures. Without Catch2 the tests stop with the command that
# installs it; a project without a build type is warned, whether it takes tnn's sources or the installed tnn that
# the folder BUILD makes, and one that says how to optimise is not.
set -euo pipefail
build=$1 generator=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset CXXFLAGS CMAKE_BUILD_TYPE

failures=0
# expect STATUS TEXT SOURCES OPTIONS...: configuring ends with STATUS and says TEXT; without TEXT it does not warn of the build type.
expect() {
  local status=$1 text=$2 sources=$3 got=0
  shift 3
  rm -rf "$scratch/build"
  cmake -S "$sources" -B "$scratch/build" -G "$generator" "$@" >"$scratch/log" 2>&1 || got=$?
  tr -s ' \n' ' ' <"$scratch/log" >"$scratch/said"  # CMake breaks lines
  if ((got != status)) ||
    { [[ $text ]] && ! grep -qF "$text" "$scratch/said"; } || { [[ ! $text ]] && grep -qF "$warning" "$scratch/said"; }; then
    echo "FAILED: cmake $* ended with $got; expected $status and ${text:-no warning}"
    cat "$scratch/log"
    failures=$((failures + 1))
  fi
}
cmake --install "$build" --prefix "$scratch/prefix" >/dev/null
sources=-DTNN_SOURCE=$root installed=-DCMAKE_PREFIX_PATH=$scratch/prefix warning="pass -DCMAKE_BUILD_TYPE=Release"

expect 1 "Run scripts/setup --dev, or leave them out" "$root" -DTNN_BUILD_EXAMPLES=OFF -DTNN_BUILD_BENCH=OFF \
  -DTNN_CUDA=OFF -DTNN_THRUST=OFF -DCMAKE_DISABLE_FIND_PACKAGE_Catch2=ON
for way in "$sources" "$installed"; do
  expect 0 "$warning" "$root/tests/consumer" "$way"
  expect 0 "" "$root/tests/consumer" "$way" -DCMAKE_BUILD_TYPE=Release
done
expect 0 "" "$root/tests/consumer" "$installed" -DCMAKE_BUILD_TYPE=None
expect 0 "" "$root/tests/consumer" "$installed" -DCMAKE_CXX_FLAGS="-march=native -O2"
((failures == 0)) && echo "CMake says what it should"
