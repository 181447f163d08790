#!/usr/bin/env bash
# readme.sh [CLONE [--quick]]: does what README.md says, literally: saves its files (blocks `as: NAME`) in CLONE, a
# clone of this repository, and runs its commands there in their order. What takes minutes (`command, minutes`) is left
# out with --quick; what would take an hour (`command, stopped`) is ended by Ctrl-C, and has to save and say so.
# Without CLONE: in a scratch folder that stands for one, quickly; TNN_ALEXNET_PROGRAM is what the minutes would make.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
clone=${1:-} quick=${2:-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [[ ! $clone ]]; then
  if [[ ! -e /usr/include/eigen3/Eigen/Core ]]; then
    echo "SKIPPED: README's commands are Debian's, and Eigen is not where Debian has it"
    exit 77
  fi
  clone=$scratch/tnn quick=--quick
  mkdir -p "$clone/build/release/examples"
  for entry in "$root"/*; do
    case ${entry##*/} in
      build* | demo | runs | hello) ;;
      *) ln -s "$entry" "$clone/" ;;
    esac
  done
  if [[ ${TNN_ALEXNET_PROGRAM:-} ]]; then ln -s "$TNN_ALEXNET_PROGRAM" "$clone/build/release/examples/alexnet"; fi
  export HOME=$scratch/home  # README installs there
  mkdir "$HOME" "$scratch/bin"
  # A test installs nothing on this machine: where something is missing, README's setup fails.
  printf '#!/bin/sh\necho "not installed by a test: $*" >&2\nexit 1\n' | tee "$scratch/bin/sudo" >"$scratch/bin/apt-get"
  chmod +x "$scratch"/bin/*
  PATH=$scratch/bin:$PATH
fi
cd "$clone"

# Writes each file, and "HOW COMMAND" for each line of a command; HOW is run, minutes or stopped.
mkdir -p "$scratch/files"
awk -v files="$scratch/files" '
/^<!-- .* -->$/ { origin = $0; next }
/^```/ && !inside { inside = 1; next }
/^```/ { inside = 0; origin = ""; next }
!inside { if (/[^ \t]/) origin = ""; next }
origin ~ / as: [^ ]+ -->$/ {
  name = origin
  sub(/.* as: /, "", name)
  sub(/ -->$/, "", name)
  if (!(name in seen)) { folder = name; sub(/[^\/]*$/, "", folder); system("mkdir -p " files "/" folder) }
  seen[name]
  print >(files "/" name)
}
origin ~ /^<!-- command/ { print (origin ~ /, minutes/ ? "minutes" : origin ~ /, stopped/ ? "stopped" : "run"), $0 }
' README.md >"$scratch/commands"
cp -r "$scratch/files/." .

failures=0 left_out=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
mapfile -t commands <"$scratch/commands"
for line in "${commands[@]}"; do
  how=${line%% *} command=${line#* } status=0
  # It takes minutes to make the program that is to be stopped.
  if [[ $quick && ($how == minutes || ($how == stopped && ! -x ${command%% *})) ]]; then
    left_out=$((left_out + 1))
    continue
  fi
  printf '\n== %4d s  %s\n' "$SECONDS" "$command"
  case $how in
    stopped)
      # --foreground: else timeout sends its signal twice, and the second ends a run at once.
      timeout --foreground --preserve-status -s INT 20 bash -c "$command" 2>&1 | tee "$scratch/said" || status=$?
      if ((status != 130)) || ! grep -q -e '--resume' "$scratch/said"; then
        fail "$command: stopped by Ctrl-C it ends with $status; expected 130, and a word on --resume"
      fi
      ;;
    *) bash -c "$command" </dev/null || fail "$command ends with $?" ;;
  esac
done
printf '\n== %4d s  README: %d commands, %d left out, %d failed\n' "$SECONDS" "${#commands[@]}" "$left_out" "$failures"
((failures == 0 && left_out < ${#commands[@]}))
