#!/usr/bin/env bash
# scripts/check_docs passes what is true and refuses each kind of untruth.
set -euo pipefail
script=$(cd "$(dirname "$0")/../.." && pwd)/scripts/check_docs
export TNN_DOCS_ROOT
TNN_DOCS_ROOT=$(mktemp -d)
trap 'rm -rf "$TNN_DOCS_ROOT"' EXIT
cd "$TNN_DOCS_ROOT"
mkdir -p examples/errors docs/output/errors scripts
printf '%s\n' '#include <tnn/tnn.hpp>' 'int main() {' '  // [shapes]' '  using A = int;' '' \
  '  using B = A;' '  // [/shapes]' '  return 0;' '}' >examples/01_shapes.cpp
printf '%s\n' 'one' 'two' >docs/output/01_shapes.txt
printf '%s\n' 'a.cpp:1:1: error: no' | tee docs/output/errors/a.{g++,c++26,c++}.txt >docs/output/errors/a.clang++.txt
touch examples/errors/a.cpp scripts/demo

failures=0
# expect STATUS WHAT ORIGIN LINES...: check_docs on a page with one block ends with STATUS.
expect() {
  local status=$1 what=$2 origin=$3 got=0
  shift 3
  { echo "# Page"; echo "$origin"; echo '```cpp'; printf '%s\n' "$@"; echo '```'; } >page.md
  "$script" page.md >log 2>&1 || got=1
  if ((got != status)); then
    echo "FAILED: $what"
    cat log
    failures=$((failures + 1))
  fi
}
expect 0 "a tagged extract, common indentation aside" '<!-- from: examples/01_shapes.cpp:shapes -->' 'using A = int;' '' 'using B = A;'
expect 0 "an extract of a whole file, across a marker" '<!-- from: examples/01_shapes.cpp -->' '  using B = A;' '  return 0;'
expect 0 "a file to be saved" '<!-- from: examples/01_shapes.cpp:shapes as: hello/a.cpp -->' 'using A = int;'
expect 1 "a file to be saved that stands nowhere" '<!-- from: examples/01_shapes.cpp as: hello/a.cpp -->' 'using A;'
expect 0 "output of an example" '<!-- output of: docs/output/01_shapes.txt -->' two
expect 0 "output of a compiler" '<!-- output of: docs/output/errors/a.g++.txt -->' 'a.cpp:1:1: error: no'
expect 0 "output of a newer compiler" '<!-- output of: docs/output/errors/a.c++26.txt -->' 'a.cpp:1:1: error: no'
expect 1 "output of an unknown compiler" '<!-- output of: docs/output/errors/a.c++.txt -->' 'a.cpp:1:1: error: no'
expect 0 "a command" '<!-- command -->' './scripts/demo'
expect 1 "a changed line" '<!-- from: examples/01_shapes.cpp:shapes -->' 'using A = long;'
expect 1 "a changed indentation" '<!-- from: examples/01_shapes.cpp -->' 'using B = A;' '  return 0;'
expect 1 "a line outside the tag" '<!-- from: examples/01_shapes.cpp:shapes -->' 'return 0;'
expect 1 "half a line" '<!-- from: examples/01_shapes.cpp -->' 'using A'
expect 1 "an unknown tag" '<!-- from: examples/01_shapes.cpp:other -->' 'using A = int;'
expect 1 "an unknown file" '<!-- from: examples/02_none.cpp -->' 'int'
expect 1 "a file no test compiles" '<!-- from: docs/output/01_shapes.txt -->' one
expect 1 "output no test compares" '<!-- output of: examples/01_shapes.cpp -->' 'return 0;'
expect 0 "a command of minutes" '<!-- command, minutes -->' './scripts/demo'
expect 0 "a command to be stopped" '<!-- command, stopped -->' './scripts/demo'
expect 1 "a command of hours" '<!-- command, hours -->' './scripts/demo'
expect 1 "a script that is not there" '<!-- command -->' './scripts/dance'
expect 1 "a command of two lines" '<!-- command -->' 'cmake \' '  -S .'
expect 1 "no origin" 'Some text.' 'int x;'
expect 1 "an empty block" '<!-- command -->'
printf '%s\n' '<!-- command -->' '```' 'make' >page.md
if "$script" page.md >log; then echo "FAILED: a block that is not closed"; failures=$((failures + 1)); fi
if "$script" none.md >log 2>&1; then echo "FAILED: no such page"; failures=$((failures + 1)); fi
((failures == 0)) && echo "check_docs refuses what it should"
