#!/usr/bin/env bash
# Where static_assert takes a computed text (C++26: Clang 17, GCC 14), a refusal is a sentence, and still ONE
# error: of each program in examples/errors/, the remedy in words, and where docs/output/errors/NAME.c++26.txt
# exists, its text. Skipped (77) without such a compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."

newest() {
  for compiler in clang++-{21,20,19,18,17} g++-{16,15,14} clang++ g++; do
    command -v "$compiler" >/dev/null || continue
    printf '#if __cpp_static_assert < 202306L\n#error\n#endif\n' |
      "$compiler" -std=c++26 -fsyntax-only -x c++ - 2>/dev/null || continue
    echo "$compiler"
    return
  done
}
compiler=$(newest)
if [[ -z $compiler ]]; then
  echo "SKIPPED: no compiler here takes a computed text in static_assert (Clang 17, GCC 14 or newer)"
  exit 77
fi

failed=0
for file in examples/errors/*.cpp; do
  if head -n 3 "$file" | grep -q '^// needs: cpu$'; then continue; fi
  words=$(sed -n 's|^// expect: .*fix::\([A-Za-z_0-9]*\).*|\1|p' "$file" | tr _ ' ')
  said=$("$compiler" -std=c++26 -fsyntax-only -Iinclude "$file" 2>&1 | grep 'error:' || true)
  if [[ $(wc -l <<<"$said") != 1 || $said != *": $words"* ]]; then
    printf 'FAILED  %s: expected one error with ": %s"\n%s\n' "$file" "$words" "$said"
    failed=1
  fi
  quoted=docs/output/errors/$(basename "$file" .cpp).c++26.txt
  if [[ -e $quoted && $said != *"$(<"$quoted")" ]]; then
    printf 'FAILED  %s is not what %s says:\n%s\n' "$quoted" "$compiler" "$said"
    failed=1
  fi
done
((failed)) && exit 1
echo "each refusal is one sentence with $compiler"
