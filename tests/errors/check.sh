#!/usr/bin/env bash
# check.sh COMPILER [FILES...]: a mistake is ONE error. Each examples/errors/NAME.cpp must give exactly one
# line with `error:`, which holds every text of its `// expect: TEXT` lines, and with -DGOOD must compile in
# silence. `// needs: cpu` at the top: the file may include Eigen. Where docs/output/errors/NAME.COMPILER.txt
# exists (NAME.g++.txt) its text must be part of what GCC 12 or Clang 14 says; others may word it otherwise.
# All comparisons are made without `tnn::`. nvcc is slow: of the files that need nothing it takes every
# eighth, and all with a name in them, which it needs help with (core/sequential.hpp).
# shellcheck disable=SC2086,SC2016  # $flags are words; xargs' shell expands
source "$(dirname "$0")/../support/compiler.sh" "$1"
shift

export version=""
if [[ $compiler == nvcc ]]; then
  flags+=" -x cu -c -o /dev/null"
else
  flags+=" -fsyntax-only"
  version=$("$compiler" -dumpversion)
fi

# GCC and nvcc write Kernel<3, 3> for Kernel<3>; GCC closes with > >, nvcc writes ratio<3L, 2L>.
as_written() {
  sed -E 's/tnn:://g; s/> >/>>/g; s/> >/>>/g; s/(<|, )(-?[0-9]+)L\b/\1\2/g; s/\b(Kernel|Stride|Padding|Dilation|AdaptiveAvgPool2d)<(-?[0-9]+), \2>/\1<\2>/g'
}

# contains SAID QUOTED: the lines of QUOTED stand in SAID; the first may leave out where the error is.
contains() {
  awk '{ gsub(/tnn::/, "") }
       NR == FNR { said = said $0 "\n"; next }
       { quoted = quoted $0 "\n" }
       END { exit quoted == "" || index(said, quoted) == 0 }' "$1" "$2"
}

check() {
  local file=$1 name out extra="" errors line fragment quoted problems=""
  name=$(basename "$file" .cpp)
  out=$scratch/$name
  if head -n 3 "$file" | grep -q '^// needs: cpu$'; then extra=$eigen; fi

  if "$compiler" $flags $extra "$file" >"$out.bad" 2>&1; then problems+="  compiles, but must not"$'\n'; fi
  errors=$(grep -c 'error:' "$out.bad" || true)
  if ((errors != 1)); then problems+="  $errors errors, expected 1"$'\n'; fi
  line=$(grep 'error:' "$out.bad" | as_written || true)

  sed -n 's|^// expect: ||p' "$file" >"$out.expect"
  if [[ ! -s $out.expect ]]; then problems+="  has no line '// expect: TEXT'"$'\n'; fi
  while IFS= read -r fragment; do
    fragment=${fragment//tnn::/}
    if [[ $line != *"$fragment"* ]]; then problems+="  error lacks: $fragment"$'\n'; fi
  done <"$out.expect"

  if ! "$compiler" $flags $extra -DGOOD "$file" >"$out.good" 2>&1 || [[ -s $out.good ]]; then
    problems+="  its good twin (-DGOOD) is refused or warned about"$'\n'
  fi
  quoted=docs/output/errors/$name.$compiler.txt
  case $compiler-${version%%.*} in
    g++-12 | clang++-14)
      if [[ -e $quoted ]] && ! contains "$out.bad" "$quoted"; then
        problems+="  $quoted is not what $compiler $version says"$'\n'
      fi ;;
  esac

  if [[ -n $problems ]]; then
    printf 'FAILED  %-44s %s\n%s' "$name" "$compiler" "$problems"
    head -n 40 "$out.bad" "$out.good"
    return 1
  fi
  printf 'ok      %-44s %s\n' "$name" "$(grep -o 'fix::[A-Za-z_0-9:]*' <<<"$line" | head -n 1 || true)"
}
export -f check contains as_written

if (($# == 0)); then
  shopt -s nullglob
  set -- examples/errors/*.cpp
  if [[ $compiler == nvcc && $# -gt 0 ]]; then
    mapfile -t some < <({ grep -L '^// needs:' "$@" | awk 'NR % 8 == 1'; grep -l 'Named<"' "$@"; } | sort -u)
    set -- "${some[@]}"
  fi
fi
if (($# == 0)); then
  echo "no files to check: examples/errors/*.cpp is empty"
  exit 1
fi

failed=0
printf '%s\n' "$@" | xargs -P2 -I{} bash -c 'check "$1"' check {} || failed=1
if ((failed)); then
  echo "some of $# mistakes are not one clear error with $compiler"
  exit 1
fi
echo "$# mistakes, each one clear error with $compiler"
