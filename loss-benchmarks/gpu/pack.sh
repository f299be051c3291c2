#!/bin/sh
# Makes the folder that run.sh needs on a machine without Java, Maven and network: a Java runtime, the jars, the compiled
# tests of loss-cuda, and golden cases; and the same as parts of at most 60 MB to carry. For Linux on x86-64.
#
#   pack.sh [--shared DIR]     DIR holds golden/; default: shared beside the checkout
#
# Makes loss-benchmarks/target/gpu-pack/pack and loss-benchmarks/target/gpu-pack/parts. JAVA_HOME and MAVEN_ARGS are
# respected; the runtime is made of that JDK, 17 or later.
set -eu

fail() {
    printf 'pack.sh: %s\n' "$1" >&2
    exit 1
}

case " $* " in *" -h "* | *" --help "*) sed -n '2,/^set/p' "$0" | sed '$d; s/^# \{0,1\}//' && exit 0 ;; esac
checkout=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
shared=$checkout/../shared
if [ "${1:-}" = --shared ]; then
    shared=${2:?a folder}
fi
[ "$(uname -s)/$(uname -m)" = Linux/x86_64 ] || fail "the natives on the class path are those of this machine; use Linux on x86-64"
jlink=${JAVA_HOME:+$JAVA_HOME/bin/}jlink
command -v "$jlink" >/dev/null 2>&1 || fail "there is no jlink; install a JDK 17 or later, or set JAVA_HOME"

cd "$checkout"
mvn -q -B -ntp -DskipTests -Dspotless.check.skip=true -pl loss-benchmarks,loss-cuda -am package

made=loss-benchmarks/target/gpu-pack
rm -rf "$made"
mkdir -p "$made/pack/lib" "$made/parts"
# One version of each: that of the benchmarks comes first.
{
    cat loss-benchmarks/target/classpath.txt
    echo
    cat loss-cuda/target/test-classpath.txt
    echo
    ls loss-benchmarks/target/loss-benchmarks-*.jar loss-cuda/target/loss-cuda-*.jar |
        grep -v -e '-sources\.jar$' -e '-javadoc\.jar$' -e '-tests\.jar$'
} | tr ':' '\n' | grep . | while read -r jar; do
    artifact=$(basename "$jar" | sed -e 's/-[0-9][0-9.]*[0-9]\(-M[0-9.]*[0-9]\)\{0,1\}\(-[0-9][0-9.]*[0-9]\)\{0,1\}//')
    grep -q -x -F "$artifact" "$made/artifacts" 2>/dev/null || cp "$jar" "$made/pack/lib/"
    echo "$artifact" >>"$made/artifacts"
done
rm "$made/artifacts"
cp -R loss-cuda/target/test-classes "$made/pack/test-classes"
# The natives of other systems in JNA's jar.
if command -v zip >/dev/null 2>&1; then
    for system in aix darwin dragonflybsd freebsd openbsd sunos win32; do
        zip -q -d "$made"/pack/lib/jna-5*.jar "com/sun/jna/$system-*" >/dev/null 2>&1 || true
    done
fi
if [ -d "$shared/golden" ]; then
    mkdir "$made/pack/shared"
    cp -R "$shared/golden" "$made/pack/shared/golden"
else
    echo "pack.sh: no golden cases in $shared; their test will be skipped" >&2
fi
modules=java.base,java.desktop,java.logging,java.management,java.naming,java.sql,java.xml,jdk.unsupported
"$jlink" --add-modules "$modules,jdk.management,jdk.incubator.vector" --compress=2 --strip-debug \
    --no-header-files --no-man-pages --output "$made/pack/java"
git describe --always --dirty --abbrev=12 >"$made/pack/COMMIT" 2>/dev/null || echo unknown >"$made/pack/COMMIT"
tar -C "$made" -c pack | gzip -6 | split -b 60000000 - "$made/parts/gpu-pack.tgz.part-"
du -sh "$made/pack"
ls -l "$made/parts"
