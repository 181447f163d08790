# shellcheck shell=bash
# Sourced by the checks that run compilers themselves, with the compiler's name as $1. Sets and exports
# compiler, flags (the language and the include folders of the types, no more), eigen, thrust and emulator (the
# include folders and definitions of Thrust's serial system, and of the CUDA emulator; empty where there is no
# Thrust) and scratch, a folder that is removed at the end. Skips, with a word, where the compiler isn't installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export compiler=$1 flags eigen thrust="" emulator="" scratch

if [[ $compiler == nvcc && -x /usr/local/cuda/bin/nvcc ]]; then PATH=$PATH:/usr/local/cuda/bin; fi
if ! command -v "$compiler" >/dev/null; then
  echo "SKIPPED: $compiler is not installed, so nothing was checked with it"
  exit 77
fi

flags="-std=c++20 -Iinclude"
if [[ ${TNN_BOOST_INCLUDE:-/usr/include} != /usr/include ]]; then flags+=" -isystem $TNN_BOOST_INCLUDE"; fi
eigen="-isystem ${TNN_EIGEN_INCLUDE:-/usr/include/eigen3}"
for folder in "${TNN_THRUST_INCLUDE:-}" /usr/local/cuda/include/cccl /usr/local/include/cccl /usr/include; do
  if [[ ! $thrust && -f $folder/thrust/version.h ]]; then
    thrust="-DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_CPP"
    # Thrust's half-precision types would need the toolkit's own headers.
    emulator="-Itests/emulator/include -Itests $thrust -DCCCL_DISABLE_FP16_SUPPORT -DCCCL_DISABLE_BF16_SUPPORT"
    # /usr/include is looked in anyway, and must not come before the compiler's own folders.
    if [[ $folder != /usr/include ]]; then
      thrust+=" -isystem $folder -isystem $(dirname "$folder")"
      emulator+=" -isystem $folder"
    fi
  fi
done

# use_catch: sets and exports catch, what a test program links for its main: Catch2 v3's libraries or, where there is
# v2 alone, our own main.
use_catch() {
  export catch="-lCatch2Main -lCatch2"
  if echo '#include <catch2/catch_all.hpp>' | "$compiler" -std=c++20 -E -x c++ - >/dev/null 2>&1; then return; fi
  "$compiler" -std=c++20 -O1 -Itests -c tests/support/main.cpp -o "$scratch/main.o"
  catch=$scratch/main.o
}
# instruction_sets: the values of -march that what computes is tested with on this machine.
instruction_sets() {
  if [[ $(uname -m) == x86_64 ]]; then echo x86-64; fi
  if grep -qsw avx2 /proc/cpuinfo; then echo x86-64-v3; fi
  echo native
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
