#!/bin/sh
# Builds Holdfast, starts the sandbox (a cluster in one process), applies sessions.yaml and shows what the store survives.
# Needs Linux, JDK 25 and Maven, and nothing else. At a terminal the sandbox stays up at the end; otherwise this ends with 0.
# Any expectation that fails ends it with 1.
set -eu
cd "$(dirname "$0")/.."
log=target/quickstart
mkdir -p "$log"

echo "Building (the first time fetches the dependencies; the log is $log/build.log) …"
./mvnw -B -DskipTests -Dspotless.check.skip=true -pl operator/e2e,operator/controller,store-image/image -am package >"$log/build.log" 2>&1 &
build=$!
trap 'kill $build 2>/dev/null || true' INT TERM
seen=
while kill -0 $build 2>/dev/null; do
  now=$(sed -n 's/^\[INFO\] Building \(Holdfast.*\) 1\.0.*\[\(.*\)\]$/  \2 \1/p' "$log/build.log" | tail -n 1)
  if [ "$now" != "$seen" ]; then echo "$now"; seen=$now; fi
  sleep 0.5
done
if ! wait $build; then
  grep '^\[ERROR\]' "$log/build.log" | head -n 20 >&2 || true
  echo "quickstart: the build failed; see $log/build.log" >&2
  exit 1
fi
trap - INT TERM

stay=
if [ -t 1 ] && [ -t 0 ]; then stay=--stay; fi
IFS= read -r java <store-image/image/target/holdfast-store/lib/java-home
exec "$java/bin/java" --sun-misc-unsafe-memory-access=allow \
  -Djava.util.logging.config.file=operator/e2e/src/main/resources/quickstart-logging.properties \
  -cp "operator/e2e/target/classes:$(cat operator/e2e/target/classpath)" dev.holdfast.operator.e2e.QuickStart $stay
