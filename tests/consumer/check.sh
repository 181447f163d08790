#!/usr/bin/env bash
# check.sh WAY BUILD COMPILER GENERATOR: the project in this folder builds against tnn and predicts, WAY being
#   install       installed from the folder BUILD, then find_package
#   subdirectory  add_subdirectory of the sources
#   plain         no CMake: COMPILER -I include
# The weights are zero but for the bias of class 7, so 7 must win; the file is sparse on disk.
set -euo pipefail
way=$1 build=$2 compiler=$3 generator=$4
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

configure() {
  cmake -S "$here" -B "$work/build" -G "$generator" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$compiler" "$@" &&
    cmake --build "$work/build"
}
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; echo "FAILED: $1 ($way)"; exit 1; }; }

program=$work/build/predict reader=$work/build/read_image
case $way in
  install)
    quietly cmake --install "$build" --prefix "$work/prefix"
    quietly configure -DCMAKE_PREFIX_PATH="$work/prefix"
    ;;
  subdirectory) quietly configure -DTNN_SOURCE="$root" ;;
  plain)
    program=$work/predict reader=$work/read_image
    includes=(-isystem "${TNN_EIGEN_INCLUDE:-/usr/include/eigen3}")
    if [[ ${TNN_BOOST_INCLUDE:-/usr/include} != /usr/include ]]; then
      includes+=(-isystem "$TNN_BOOST_INCLUDE")
    fi
    quietly "$compiler" -std=c++20 -O2 -I "$root/include" "${includes[@]}" "$here/main.cpp" -o "$program" \
      -lz -pthread
    quietly "$compiler" -std=c++20 -O2 -I "$root/include" "${includes[@]}" "$here/read_image.cpp" \
      -o "$work/read_image" -ljpeg -lpng -lz -pthread
    ;;
  *) echo "unknown way: $way"; exit 2 ;;
esac

for image in colour.jpg colour.png; do
  said=$("$reader" "$root/tests/fixtures/images/$image")
  if [[ $said != "9 x 13" ]]; then
    echo "FAILED: expected '9 x 13' of $image ($way), but the consumer said: $said"
    exit 1
  fi
done

# A safetensors file of AlexNet's parameters, by name and PyTorch shape.
header=$(awk 'BEGIN {
  count = split("0 96,1,11,11 3 256,96,5,5 6 384,256,3,3 8 384,384,3,3 10 256,384,3,3" \
                " 14 4096,6400 17 4096,4096 20 10,4096", field, " ")
  at = 0
  for (i = 1; i < count; i += 2) {
    extents = split(field[i + 1], extent, ",")
    size = 4
    for (j = 1; j <= extents; ++j) size *= extent[j]
    entry(field[i] ".weight", field[i + 1], size)
    entry(field[i] ".bias", extent[1], 4 * extent[1])
  }
  printf "}"
}
function entry(name, shape, bytes) {
  printf "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}",
         at ? "," : "{", name, shape, at, at + bytes
  at += bytes
}')
while ((${#header} % 8)); do header+=" "; done
weights=$work/weights.safetensors
size=${#header}
{
  for _ in 1 2 3 4 5 6 7 8; do
    printf "\\x$(printf %02x $((size % 256)))"
    size=$((size / 256))
  done
  printf %s "$header"
} >"$weights"
data=$((8 + ${#header}))
truncate -s $((data + 4 * 46764746)) "$weights"
printf '\x00\x00\x80\x3f' | dd of="$weights" bs=1 seek=$((data + 4 * (46764746 - 3))) conv=notrunc status=none

said=$("$program" "$weights")
if [[ $said != "class 7" ]]; then
  echo "FAILED: expected 'class 7' ($way), but the consumer said: $said"
  exit 1
fi
echo "the consumer ($way) builds, loads weights and says: $said"
