#!/bin/sh
# Checks, measures and reports the CUDA backend on the GPU of this machine. Builds nothing, needs no network and no Java:
# --pack names the folder that pack.sh made. README.md says how to carry it here and how long everything takes.
#
#   run.sh --pack DIR [--stages LIST] [--cases TEXT,...] [--raw DIR] [--results DIR] [--peer-seconds N]
#   run.sh --dry-run [--pack DIR] [...]      the same on the emulated driver of this checkout, cut short: needs g++
#
# Stages, in this order; default all: tests,sanitizer,check,time,peers,hosts,report. Each leaves its numbers in the folder
# of --raw (default loss-benchmarks/target/gpu-raw), so that they can be run one by one where time is short; report reads
# what is there; profile, which must be named, runs the cases of --cases under Nsight Compute. Results go to docs/benchmarks, those of a dry run stay with the raw numbers. Exit code 1 if a check failed.
set -u

fail() {
    printf 'run.sh: %s\n' "$1" >&2
    exit 2
}

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || fail "cannot find its own directory"
checkout=$(CDPATH= cd -- "$here/../.." && pwd)
typed="loss-benchmarks/gpu/run.sh $*"
stages=tests,sanitizer,check,time,peers,hosts,report
pack=
cases=
raw=
results=$checkout/docs/benchmarks
peer_seconds=480
dry=
while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
        --dry-run) dry=yes && continue ;;
        -h | --help) sed -n '2,/^set/p' "$0" | sed '$d; s/^# \{0,1\}//' && exit 0 ;;
    esac
    [ $# -gt 0 ] || fail "$option needs a value; see run.sh --help"
    case $option in
        --pack) pack=$1 ;;
        --stages) stages=$1 ;;
        --cases) cases=$1 ;;
        --raw) raw=$1 ;;
        --results) results=$1 ;;
        --peer-seconds) peer_seconds=$1 ;;
        *) fail "unknown option $option; see run.sh --help" ;;
    esac
    shift
done
# The command as written down holds no path of this machine.
typed=$(printf '%s' "$typed" | sed 's/--\(pack\|raw\|results\) [^ ]*/--\1 DIR/g')

target=$here/../target
if [ -n "$pack" ]; then
    pack=$(CDPATH= cd -- "$pack" && pwd) || fail "there is no folder $pack"
    java=$pack/java/bin/java
    [ -x "$java" ] || fail "$pack is no pack: there is no java/bin/java in it; make one with pack.sh"
    class_path="$pack/test-classes:$pack/lib/*"
    shared=$pack/shared
elif [ -n "$dry" ]; then
    java=${JAVA_HOME:+$JAVA_HOME/bin/}java
    [ -f "$target/classpath.txt" ] && [ -f "$checkout/loss-cuda/target/test-classpath.txt" ] ||
        fail "build first: mvn -DskipTests -pl loss-benchmarks,loss-cuda -am package"
    class_path="$checkout/loss-cuda/target/test-classes:$target/classes:$(cat "$target/classpath.txt")"
    class_path="$class_path:$(cat "$checkout/loss-cuda/target/test-classpath.txt")"
    shared=$checkout/../shared
else
    fail "--pack DIR is missing: the folder that pack.sh made; or --dry-run"
fi

if [ -z "$raw" ]; then
    raw=$target/gpu-raw
    [ -z "$dry" ] || raw=$target/gpu-dry-run
fi
mkdir -p "$raw/logs" || fail "cannot write to $raw"
raw=$(CDPATH= cd -- "$raw" && pwd)
checks=$raw/checks.tsv
touch "$checks"
failed=

# The driver keeps what it has compiled from PTX for the next process.
CUDA_CACHE_PATH=${CUDA_CACHE_PATH:-$raw/cache}
CUDA_CACHE_MAXSIZE=${CUDA_CACHE_MAXSIZE:-2147483648}
TORCHINDUCTOR_CACHE_DIR=${TORCHINDUCTOR_CACHE_DIR:-$raw/cache/inductor}
TRITON_CACHE_DIR=${TRITON_CACHE_DIR:-$raw/cache/triton}
PYTHONDONTWRITEBYTECODE=1
export CUDA_CACHE_PATH CUDA_CACHE_MAXSIZE TORCHINDUCTOR_CACHE_DIR TRITON_CACHE_DIR PYTHONDONTWRITEBYTECODE

memory=16g
short=
[ -z "$dry" ] || memory=2g
[ -z "$dry" ] || short="--elements 4096 --rounds 2 --repetitions 3 --runs 3"
run_java() { # arguments of java...
    set -- "-Xmx$memory" --add-modules jdk.incubator.vector \
        -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
        "-Dorg.bytedeco.javacpp.cachedir=$raw/cache/javacpp" \
        -Dorg.slf4j.simpleLogger.defaultLogLevel=warn "-Dloss4j.shared=$shared" "$@"
    [ -z "$dry" ] || set -- "-Dloss4j.cuda.library=$library" "-Dbasedir=$checkout/loss-cuda" "$@"
    [ -n "$dry" ] || set -- -Dloss4j.cuda.test=gpu "$@"
    # shellcheck disable=SC2086
    ${under:-} "$java" "$@"
}

library=
if [ -n "$dry" ]; then
    library=$(sh "$checkout/loss-cuda/src/test/cuda/build-fake.sh" "$checkout/loss-cuda/target/fake-driver") ||
        fail "the emulated driver cannot be built"
fi

wants() {
    case ",$stages," in *",$1,"*) return 0 ;; *) return 1 ;; esac
}

record() { # name, outcome, detail: replaces what an earlier run said of it
    grep -v "^$1	" "$checks" >"$checks.new"
    printf '%s\t%s\t%s\n' "$1" "$2" "$(printf '%s' "$3" | tr '\t\n' '  ' | cut -c 1-300)" >>"$checks.new"
    mv "$checks.new" "$checks"
    [ "$2" != failed ] || failed=yes
    printf 'run.sh: %s %s  %s\n' "$1" "$2" "$3"
}

step() { # name, command...
    name=$1
    shift
    printf 'run.sh: %s ...\n' "$name"
    begin=$(date +%s)
    "$@" >"$raw/logs/$name.log" 2>&1
    code=$?
    last="$(grep -v '^ *$' "$raw/logs/$name.log" | tail -n 1)"
    took=$(($(date +%s) - begin))
    if [ $code -eq 0 ]; then
        record "$name" passed "$took s: $last"
    else
        tail -n 30 "$raw/logs/$name.log" >&2
        record "$name" failed "code $code after $took s: $last"
    fi
}

gpu() { # stage, options...
    stage=$1
    shift
    # shellcheck disable=SC2086
    run_java -cp "$class_path" io.loss4j.benchmarks.gpu.GpuProcess "$stage" --list "$here/cases.json" \
        ${cases:+--cases "$cases"} $short "$@"
}

sanitized() { # tool
    under="timeout 400 compute-sanitizer --tool $1 --error-exitcode 9 --target-processes all"
    gpu check --out "$raw/sanitizer-$1.json" --elements 20000 --runs 1
    code=$?
    under=
    return $code
}

if command -v nvidia-smi >/dev/null 2>&1; then
    record nvidia-smi info "$(nvidia-smi --format=csv,noheader \
        --query-gpu=name,driver_version,memory.total,clocks.max.sm,clocks.max.mem,power.limit,temperature.gpu 2>&1)"
fi

if wants tests; then
    classes="CudaGoldenTest CudaBackendConformanceTest CudaCombinationsTest CudaLossTest DriverTest"
    [ -z "$dry" ] || classes="DriverTest CudaLossTest"
    for class in $classes; do # apart, so that a crash of one leaves the others
        step "tests-$class" run_java -cp "$class_path" io.loss4j.cuda.RunTests "$class"
    done
fi
if wants sanitizer; then
    for tool in memcheck racecheck synccheck initcheck; do
        if [ -n "$dry" ]; then
            record "sanitizer-$tool" skipped "a dry run has no GPU"
        elif command -v compute-sanitizer >/dev/null 2>&1; then
            step "sanitizer-$tool" sanitized "$tool"
        else
            record "sanitizer-$tool" skipped "compute-sanitizer is not on the path"
        fi
    done
fi
wants check && step check gpu check --out "$raw/check.json"
wants time && step time gpu time --out "$raw/time.json"
if wants peers; then
    if python3 -c 'import torch; assert torch.cuda.is_available(), "no CUDA"' >"$raw/logs/peers.log" 2>&1; then
        step peers python3 "$here/peers.py" --list "$here/cases.json" --out "$raw/peers.json" \
            --seconds "$peer_seconds" ${cases:+--cases "$cases"}
    else
        record peers skipped "PyTorch with CUDA cannot be imported: $(tail -n 1 "$raw/logs/peers.log")"
    fi
fi
if wants profile; then
    [ -n "$cases" ] || fail "profile takes every launch apart: choose with --cases, such as --cases 8192x32000/bfloat16"
    under="ncu --target-processes all --kernel-name regex:loss4j_ --section SpeedOfLight --section Occupancy"
    under="$under --section MemoryWorkloadAnalysis --section WarpStateStats --section InstructionStats"
    step profile gpu time --out "$raw/profile.json" --rounds 1 --repetitions 1
    under=
    printf 'run.sh: see %s\n' "logs/profile.log in the folder of raw numbers"
fi
wants hosts && step hosts gpu hosts --out "$raw/hosts.json"
if wants report; then
    commit=$(git -C "$checkout" describe --always --dirty --abbrev=12 2>/dev/null) ||
        commit=$(cat "$pack/COMMIT" 2>/dev/null) || commit=unknown
    run_java -cp "$class_path" io.loss4j.benchmarks.GpuReport "$here/cases.json" "$raw" "$results" "$commit" "$typed" ||
        failed=yes
fi
[ -z "$failed" ]
