#!/usr/bin/env bash
# check.sh PROGRAM EXPECTED: the program ends well; where the file EXPECTED exists, it prints just that.
set -euo pipefail
output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$1" >"$output"
cat "$output"
if [[ -e $2 ]]; then diff -u "$2" "$output"; fi
