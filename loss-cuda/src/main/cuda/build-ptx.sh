#!/bin/sh
# Compiles the kernels to PTX, beside kernels.table. Usage: build-ptx.sh [--verify]
# With --verify, ptxas assembles every file for every architecture below, and its figures go to
# docs/benchmarks/gpu-ptxas.md; a kernel that needs local memory fails. What it said is kept in target/ptxas by the
# content of the file, since all of it takes minutes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../resources/io/loss4j/cuda
kept=$here/../../../target/ptxas
report=$here/../../../../docs/benchmarks/gpu-ptxas.md
# The oldest GPUs that nvcc 13 knows, and the PTX of CUDA 11.8: a driver accepts what is not newer than itself.
target=compute_75
isa=7.8
architectures="sm_75 sm_80 sm_86 sm_89 sm_90 sm_100 sm_120"
export LC_ALL=C

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hash=$(cd "$here" && cat ./*.cu ./*.cuh | sha256sum | cut -d' ' -f1)

for kernel in "$here"/*.cu; do
  types="float double half bfloat16"
  grep -q EACH_TYPE "$kernel" || types=any
  for type in $types; do
    echo "$kernel $(basename "$kernel" .cu)_$type $type"
  done
done > "$work/jobs"

# shellcheck disable=SC2016
WORK=$work OUT=$out TARGET=$target ISA=$isa HASH=$hash xargs -P "$(nproc)" -L 1 sh -c '
  set -eu
  nvcc --ptx -std=c++17 -O3 -arch="$TARGET" -DLOSS4J_TYPE="$2" -o "$WORK/$1.ptx" "$0"
  {
    echo "// Made by build-ptx.sh from src/main/cuda; do not edit."
    echo "// sources: sha256 $HASH"
    sed -E -e "/^[[:space:]]*(\/\/.*)?$/d" -e "s/^[[:space:]]+//" -e "s/^\.version .*/.version $ISA/" "$WORK/$1.ptx"
  } > "$OUT/$1.ptx"
' < "$work/jobs"
for old in "$out"/*.ptx; do
  grep -q " $(basename "$old" .ptx) " "$work/jobs" || rm "$old"
done

[ "${1:-}" = --verify ] || exit 0

for architecture in $architectures; do
  for ptx in "$out"/*.ptx; do
    echo "$ptx $architecture"
  done
done > "$work/checks"
# shellcheck disable=SC2016
mkdir -p "$kept"
WORK=$work KEPT=$kept xargs -P "$(nproc)" -L 1 sh -c '
  set -eu
  body=$(sed 1,2d "$0" | sha256sum | cut -c1-32)
  log=$KEPT/$body.$1.log
  if [ ! -f "$log" ]; then
    ptxas -v -arch="$1" -o /dev/null "$0" > "$log.new" 2>&1 || { cat "$log.new"; exit 255; }
    mv "$log.new" "$log"
  fi
  cp "$log" "$WORK/$(basename "$0").$1.log"
' < "$work/checks"

for architecture in $architectures; do
  cat "$work"/*."$architecture".log | awk -v a="$architecture" '
    /Compiling entry function/ { split($0, q, "\047"); name = q[2] }
    /bytes stack frame/ { if ($1 + $5 + $9 > 0) { print "local memory: " name " for " a > "/dev/stderr"; bad = 1 } }
    /Used [0-9]+ registers/ {
      match($0, /Used [0-9]+/); used = substr($0, RSTART + 5, RLENGTH - 5)
      shared = match($0, /[0-9]+ bytes smem/) ? substr($0, RSTART, RLENGTH - 11) : 0
      print name, a, used, shared
    }
    END { exit bad }' >> "$work/figures"
done
{
  echo "# What ptxas says of the kernels"
  echo
  echo "Made by \`loss-cuda/src/main/cuda/build-ptx.sh --verify\` with $(ptxas --version | sed -n 's/.*release \([0-9.]*\).*/ptxas \1/p')"
  echo "from sources with SHA-256 \`$hash\`."
  echo "Registers per thread by architecture; static shared memory in bytes. No kernel needs local memory, or the script fails."
  echo "PTX ISA $isa, target $target."
  echo
  echo "| entry | $(echo "$architectures" | sed 's/ / | /g') | shared |"
  echo "|---|$(echo "$architectures" | sed 's/[a-z0-9_]* */---|/g')---|"
  awk -v architectures="$architectures" '
    { if (!($1 in shared)) order[++n] = $1; shared[$1] = $4; used[$1, $2] = $3 }
    END {
      m = split(architectures, names, " ")
      for (i = 1; i <= n; i++) {
        row = "| " order[i] " |"
        for (j = 1; j <= m; j++) row = row " " used[order[i], names[j]] " |"
        print row " " shared[order[i]] " |"
      }
    }' "$work/figures"
} > "$work/report.md"
mkdir -p "$(dirname "$report")"
cp "$work/report.md" "$report"
