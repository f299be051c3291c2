#!/bin/sh
# Builds the emulated driver into a folder and prints the path of the library. Usage: build-fake.sh DIR
# It is built again only when a source has changed. CXX chooses the compiler, CXXFLAGS adds options.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernels=$here/../../main/cuda
out=$1
cxx=${CXX:-g++}
mkdir -p "$out"
out=$(cd "$out" && pwd)

version=$(cat "$kernels"/*.cu* "$here"/emulation.* "$here"/fake_driver.cpp "$0" | sha256sum | cut -c1-16)
flags="-std=c++17 -O2 -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wno-unknown-pragmas ${CXXFLAGS:-}"
version=$version-$(echo "$cxx $flags" | sha256sum | cut -c1-8)
library=$out/libloss4j-fake-cuda-$version.so
if [ -f "$library" ]; then
  echo "$library"
  exit
fi

work=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
jobs=$work/jobs
for type in float double half bfloat16; do
  echo "$kernels/softmax.cu $work/softmax_$type.o -DLOSS4J_TYPE=$type"
done > "$jobs"
for kernel in "$kernels"/*.cu; do
  stem=$(basename "$kernel" .cu)
  [ "$stem" = softmax ] || echo "$kernel $work/$stem.o"
done >> "$jobs"
for source in emulation fake_driver; do
  echo "$here/$source.cpp $work/$source.o"
done >> "$jobs"
# shellcheck disable=SC2016
CXX_COMMAND="$cxx $flags -include $here/emulation.h -x c++" \
  xargs -P "$(nproc 2>/dev/null || echo 2)" -L 1 sh -c '$CXX_COMMAND -c "$0" -o "$1" $2 1>&2' < "$jobs"
$cxx $flags -shared -o "$work/library.so" "$work"/*.o -lpthread 1>&2
mv "$work/library.so" "$library"  # at once: another build may be under way
echo "$library"
