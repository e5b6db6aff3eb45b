#!/bin/sh
# Makes the cache of loaded, linked and profiled classes (JEP 514) by a training run of all programs in one JVM.
#   train.sh JAVA_HOME LIB JVM_OPTIONS     LIB holds the jars; holdfast.aot is put beside them
# A cache fits only the JVM, flags and jars (names, sizes, times) that it was made with. Java ignores one that does not fit.
set -eu
java_home=$1 lib=$2 options=$3
classpath=$lib/holdfast-formats.jar:$lib/holdfast-engine.jar:$lib/holdfast-tools.jar
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

rm -f "$lib/holdfast.aot"
"$java_home/bin/java" "@$options" -XX:AOTCacheOutput="$lib/holdfast.aot" -cp "$classpath" \
  dev.holdfast.tools.training.TrainingRun "$scratch/data" >"$scratch/log" 2>&1 || true
if [ ! -f "$lib/holdfast.aot" ]; then # everything works without, only slower: the tests of this module say so, the build goes on
  echo "train: no class cache, because the training run failed:" >&2
  tail -n 40 "$scratch/log" >&2
fi
