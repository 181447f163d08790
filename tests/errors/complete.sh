#!/usr/bin/env bash
# Every remedy the library can name (fix::NAME) is shown by a program in examples/errors/ and stands in
# the table of docs/errors.md, which lists no other.
set -euo pipefail
cd "$(dirname "$0")/../.."
fixes() { grep -oE '\bfix::[A-Za-z_][A-Za-z_0-9]*' | sort -u; }
named=$(find include/tnn -name '*.hpp' -o -name '*.cuh' | xargs sed 's|//.*||' | fixes)
shown=$(sed -n 's|^// expect: ||p' examples/errors/*.cpp | fixes)
listed=$(sed -n 's/^| \(`.*`\) |.*|.*|$/\1/p' docs/errors.md | grep -oE '`[A-Za-z_0-9]+' | sed 's/`/fix::/' | sort -u)

failed=0
report() {
  if [[ -n $2 ]]; then
    printf '%s\n%s\n' "$1" "$2"
    failed=1
  fi
}
report "no program in examples/errors/ shows:" "$(comm -23 <(echo "$named") <(echo "$shown"))"
report "docs/errors.md does not list:" "$(comm -23 <(echo "$named") <(echo "$listed"))"
report "docs/errors.md lists what is no remedy:" "$(comm -13 <(echo "$named") <(echo "$listed"))"
((failed)) && exit 1
echo "$(wc -l <<<"$named") remedies, each shown and listed"
