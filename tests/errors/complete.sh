#!/usr/bin/env bash
# Every remedy the library can name (fix::NAME) is shown by a program in examples/errors/.
set -euo pipefail
cd "$(dirname "$0")/../.."
fixes() { grep -oE '\bfix::[A-Za-z_][A-Za-z_0-9]*' | sort -u; }
named=$(find include/tnn -name '*.hpp' -o -name '*.cuh' | xargs sed 's|//.*||' | fixes)
shown=$(sed -n 's|^// expect: ||p' examples/errors/*.cpp | fixes)
unshown=$(comm -23 <(echo "$named") <(echo "$shown"))
if [[ -n $unshown ]]; then
  printf 'no program in examples/errors/ shows:\n%s\n' "$unshown"
  exit 1
fi
echo "$(wc -l <<<"$named") remedies, each shown"
