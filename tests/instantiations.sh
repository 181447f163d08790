#!/usr/bin/env bash
# instantiations.sh [--write]: what Clang declares and instantiates of a few programs, against instantiations.txt:
# unlike seconds the counts are the same in every run, so a change that makes programs slower to compile is seen
# here. A count more than 2 % above the file's is a failure, and so is one more than 2 % below, or the file would let
# the next change take all of that back; --write makes the file anew. So is a program that does not compile. Another
# Clang or another standard library than the file names would count differently: then this is skipped (77).
# shellcheck disable=SC2086  # $flags and $eigen are words
source "$(dirname "$0")/support/compiler.sh" clang++

file=tests/instantiations.txt
versions="clang $(clang++ -dumpversion), libstdc++ $(echo '#include <version>' | clang++ -std=c++20 -E -dM -x c++ - |
  awk '$2 == "_GLIBCXX_RELEASE" { print $3 }'), Boost $(echo '#include <boost/version.hpp>' |
  clang++ -E -dM -x c++ $flags - | awk '$2 == "BOOST_LIB_VERSION" { print $3 }' | tr -d '"')"

# count WHAT FILE: adds a line to the counts: the file's class and variable template specializations, functions and
# methods. A file that does not compile ends the script.
count() {
  if ! clang++ $flags $eigen -Itests -fsyntax-only -Xclang -print-stats "$2" >"$scratch/stats" 2>&1; then
    grep -m 3 'error' "$scratch/stats" || head -n 3 "$scratch/stats"
    echo "FAILED  $2 does not compile, so nothing of it can be counted"
    exit 1
  fi
  awk -v what="$1" '
    / (ClassTemplateSpecialization|VarTemplateSpecialization|Function|CXXMethod|CXXConstructor) decls/ { n += $1 }
    END { print what " | " n + 0 }' "$scratch/stats" >>"$scratch/counts"
}

printf '#include <tnn/alexnet.hpp>\nstatic_assert(tnn::outputs<tnn::AlexNet<>, tnn::Shape<10>>);\n' >"$scratch/types.cpp"
echo '#include <tnn/cpu.hpp>' >"$scratch/cpu.cpp"
# resnet NETWORK: a program that trains it.
resnet() {
  cat <<END
#include <tnn/cpu.hpp>
#include <tnn/train/training.hpp>
#include "support/deep_nets.hpp"
template class tnn::Training<tnn::Model<$1, tnn::Cpu>>;
END
}
resnet 'resnet_of<2, 2, 2, 2>' >"$scratch/resnet26.cpp"
resnet resnet50 >"$scratch/resnet50.cpp"
count "tnn/alexnet.hpp and its shapes" "$scratch/types.cpp"
count "tnn/cpu.hpp" "$scratch/cpu.cpp"
count "bench/peers/tnn_alexnet.cpp" bench/peers/tnn_alexnet.cpp
count "a chain of 450 layers and its plans" tests/support/chain_plans.cpp
count "training of 2, 2, 2, 2 blocks as ResNet-50's" "$scratch/resnet26.cpp"
count "training of ResNet-50: 3, 4, 6, 3 blocks" "$scratch/resnet50.cpp"

if [[ ${1:-} == --write ]]; then
  printf '# Made by tests/instantiations.sh --write: what is compiled | what Clang declares and instantiates of it.\n# %s\n' \
    "$versions" | cat - "$scratch/counts" >"$file"
  exit
fi
if [[ $(sed -n '2s/^# //p' "$file") != "$versions" ]]; then
  echo "SKIPPED: here are $versions; $file has $(sed -n '2s/^# //p' "$file")"
  exit 77
fi
awk -F ' [|] ' '/^#/ { next }
  NR == FNR { record[$1] = $2; next }
  { printf "%-46s %7d of %7d\n", $1, $2, record[$1]
    if ($2 > 1.02 * record[$1]) { print "FAILED  more than 2 % above the record"; bad = 1 }
    if ($2 < 0.98 * record[$1]) {
      print "FAILED  more than 2 % below the record: renew it by tests/instantiations.sh --write"; bad = 1 } }
  END { exit bad }' "$file" "$scratch/counts"
