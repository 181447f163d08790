#!/usr/bin/env bash
# check.sh COMPILER: what tnn asks of a compiler's options (core/requirements.hpp) it asks in one sentence, whatever
# header comes first. And what narrow.cpp prints is the same on 32-bit processors, x86 with SSE and ARM with NEON;
# where COMPILER has no library for one of them, or this machine can't run its programs, the check says so.
# shellcheck disable=SC2086  # $flags, $options and the like are words
source "$(dirname "$0")/../support/compiler.sh" "$1"
failed=""

# refused OPTIONS SENTENCE: of each header, that error and the end of compiling.
refused() {
  local options=$1 sentence=$2 header errors
  for header in tnn alexnet cpu reference data io train core/math; do
    echo "#include <tnn/$header.hpp>" >"$scratch/refused.cpp"
    errors=$("$compiler" ${flags/-std=c++20/} $eigen $options -fsyntax-only "$scratch/refused.cpp" 2>&1 |
      grep -E '(^|[ :])error: ' || true)
    if [[ $(wc -l <<<"$errors") != 2 || $(head -n 1 <<<"$errors") != *"error: "*"tnn "*"$sentence"* ||
      $(tail -n 1 <<<"$errors") != *"stopped_by_the_error_above"* ]]; then
      echo "FAILED: tnn/$header.hpp with $options; expected one sentence (\"$sentence\") and an end, but:"
      head -n 10 <<<"$errors"
      failed=yes
      return
    fi
  done
  echo "refused in one sentence: $options"
}

refused "-std=c++17" "compile with -std=c++20"
refused "-std=c++20 -fno-exceptions" "compile without -fno-exceptions"
if [[ $(uname -m) == x86_64 ]]; then
  if [[ $compiler == g++ ]]; then
    refused "-std=c++20 -mfpmath=387" "compile with -msse2 -mfpmath=sse"
  elif echo '#include <vector>' | "$compiler" --target=i686-linux-gnu -fsyntax-only -x c++ - 2>/dev/null; then
    refused "-std=c++20 --target=i686-linux-gnu -mno-sse" "compile with -msse2 -mfpmath=sse"
  fi
fi

# The other processor's compiler must not see this machine's own headers.
mkdir "$scratch/boost"
ln -s "${TNN_BOOST_INCLUDE:-/usr/include}/boost" "$scratch/boost/boost"
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror"
"$compiler" $flags -O1 -o "$scratch/wide" tests/requirements/narrow.cpp
"$scratch/wide" >"$scratch/expected.txt"

# narrow NAME EMULATOR COMPILER...: the same words from a program of that compiler.
narrow() {
  local name=$1 emulator=$2
  shift 2
  if ! echo '#include <vector>' | "$@" -fsyntax-only -x c++ - 2>/dev/null; then
    echo "$name: left out, as there is no C++ library for it here"
    return
  fi
  "$@" -std=c++20 -O1 -Iinclude -isystem "$scratch/boost" $warnings -c -o "$scratch/narrow.o" \
    tests/requirements/narrow.cpp
  if ! echo 'int main() {}' | "$@" -static -o "$scratch/empty" -x c++ - 2>/dev/null || ! $emulator "$scratch/empty" 2>/dev/null; then
    echo "$name: compiles; its programs can't be linked or run here"
  elif ! "$@" -static -o "$scratch/narrow" "$scratch/narrow.o" || ! $emulator "$scratch/narrow" >"$scratch/got.txt"; then
    echo "FAILED: $name can't be linked, or its program fails"
    failed=yes
  elif diff "$scratch/expected.txt" "$scratch/got.txt"; then
    echo "$name: compiles, and prints what this machine's own program prints"
  else
    echo "FAILED: $name prints something else"
    failed=yes
  fi
}

if [[ $compiler == g++ ]]; then
  # GCC notes where it passes empty types as older ones did not.
  narrow "32-bit x86" "" i686-linux-gnu-g++ -msse2 -mfpmath=sse
  narrow "32-bit ARM" qemu-arm arm-linux-gnueabihf-g++ -march=armv7-a -mfpu=neon -Wno-psabi
else
  narrow "32-bit x86" "" "$compiler" --target=i686-linux-gnu -msse2
  narrow "32-bit ARM" qemu-arm "$compiler" --target=armv7a-linux-gnueabihf -mfpu=neon
fi
[[ ! $failed ]]
