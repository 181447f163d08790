# shellcheck shell=bash
# Sourced by the checks that run compilers themselves, with the compiler's name as $1. Sets and exports
# compiler, flags (the language and the include folders of the types, no more), eigen, thrust (empty where
# there is none) and scratch, a folder that is removed at the end. Skips, with a word, where the compiler isn't installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export compiler=$1 flags eigen thrust="" scratch

if [[ $compiler == nvcc && -x /usr/local/cuda/bin/nvcc ]]; then PATH=$PATH:/usr/local/cuda/bin; fi
if ! command -v "$compiler" >/dev/null; then
  echo "SKIPPED: $compiler is not installed, so nothing was checked with it"
  exit 77
fi

flags="-std=c++20 -Iinclude"
if [[ ${TNN_BOOST_INCLUDE:-/usr/include} != /usr/include ]]; then flags+=" -isystem $TNN_BOOST_INCLUDE"; fi
eigen="-isystem ${TNN_EIGEN_INCLUDE:-/usr/include/eigen3}"
if [[ -f ${TNN_THRUST_INCLUDE:-}/thrust/version.h ]]; then
  thrust="-isystem $TNN_THRUST_INCLUDE -isystem $(dirname "$TNN_THRUST_INCLUDE")"
  thrust+=" -DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_CPP"
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
