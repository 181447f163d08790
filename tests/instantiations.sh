#!/usr/bin/env bash
# instantiations.sh [--write]: what Clang declares and instantiates of a few programs, against instantiations.txt:
# unlike seconds the counts are the same in every run, so a change that makes programs slower to compile is seen
# here. More than 2 % above the file's count is a failure; --write makes the file anew. Another Clang or another
# standard library than the file names would count differently: then this is skipped (77).
# shellcheck disable=SC2086  # $flags and $eigen are words
source "$(dirname "$0")/support/compiler.sh" clang++

file=tests/instantiations.txt
versions="clang $(clang++ -dumpversion), libstdc++ $(echo '#include <version>' | clang++ -std=c++20 -E -dM -x c++ - |
  awk '$2 == "_GLIBCXX_RELEASE" { print $3 }'), Boost $(echo '#include <boost/version.hpp>' |
  clang++ -E -dM -x c++ $flags - | awk '$2 == "BOOST_LIB_VERSION" { print $3 }' | tr -d '"')"

# count FILE: class and variable template specializations, functions and methods.
count() {
  clang++ $flags $eigen -Itests -fsyntax-only -Xclang -print-stats "$1" 2>&1 >/dev/null |
    awk '/ (ClassTemplateSpecialization|VarTemplateSpecialization|Function|CXXMethod|CXXConstructor) decls/ { n += $1 }
         END { print n + 0 }'
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
counts="tnn/alexnet.hpp and its shapes | $(count "$scratch/types.cpp")
tnn/cpu.hpp | $(count "$scratch/cpu.cpp")
bench/peers/tnn_alexnet.cpp | $(count bench/peers/tnn_alexnet.cpp)
a chain of 450 layers and its plans | $(count tests/support/chain_plans.cpp)
training of 2, 2, 2, 2 blocks as ResNet-50's | $(count "$scratch/resnet26.cpp")
training of ResNet-50: 3, 4, 6, 3 blocks | $(count "$scratch/resnet50.cpp")"

if [[ ${1:-} == --write ]]; then
  printf '# Made by tests/instantiations.sh --write: what is compiled | what Clang declares and instantiates of it.\n# %s\n%s\n' \
    "$versions" "$counts" >"$file"
  exit
fi
if [[ $(sed -n '2s/^# //p' "$file") != "$versions" ]]; then
  echo "SKIPPED: here are $versions; $file has $(sed -n '2s/^# //p' "$file")"
  exit 77
fi
awk -F ' [|] ' '/^#/ { next }
  NR == FNR { budget[$1] = $2; next }
  { printf "%-46s %7d of %7d\n", $1, $2, budget[$1]
    if ($2 < 1000 || $2 > 1.02 * budget[$1]) { print "FAILED  more than the budget, or nothing counted"; bad = 1 } }
  END { exit bad }' "$file" <(printf '%s\n' "$counts")
