#!/bin/sh
# Builds and runs selfcheck.cpp. Usage: selfcheck.sh DIR [jobs [seed [stem]]]; CXXFLAGS adds options, such as -fsanitize=address,undefined
set -eu
here=$(cd "$(dirname "$0")" && pwd)
library=$("$here/build-fake.sh" "$1")
# shellcheck disable=SC2086
${CXX:-g++} -std=c++17 -O2 -Wall ${CXXFLAGS:-} -include "$here/emulation.h" -o "$1/selfcheck" "$here/selfcheck.cpp" "$library"
jobs=${2:-3000}
seed=${3:-1}
LD_LIBRARY_PATH=$1 "$1/selfcheck" "$here/../../main/resources/io/loss4j/cuda/kernels.table" "$jobs" "$seed" ${4:+"$4"}
