#!/bin/sh
# Lays out the files of the container image: a Java runtime with only the modules that are used, the programs, the class cache.
#   assemble.sh JAVA_HOME JARS SOURCES OUT
# The programs in /opt/holdfast/bin are the native launchers that jpackage makes, so the image needs no shell: not for its entry
# point and not for `kubectl exec POD -- /opt/holdfast/bin/holdfast-check-aof`.
set -eu
java_home=$1 jars=$2 sources=$3 out=$4
home=$out/opt/holdfast
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

modules=$("$java_home/bin/jdeps" --print-module-deps --ignore-missing-deps --multi-release 25 "$jars"/holdfast-*.jar)
"$java_home/bin/jlink" --add-modules "$modules" --output "$work/runtime" --strip-debug --no-man-pages --no-header-files

mkdir "$work/jars"
cp "$jars"/holdfast-*.jar "$work/jars"
for program in server check-aof check-rdb; do
  printf 'main-jar=holdfast-tools.jar\nmain-class=replaced\n' >"$work/$program.properties"
  set -- "$@" --add-launcher "holdfast-$program=$work/$program.properties"
done
shift 4
"$java_home/bin/jpackage" --type app-image --runtime-image "$work/runtime" --input "$work/jars" --dest "$work" \
  --name holdfast-prepare --main-jar holdfast-tools.jar --main-class replaced "$@"

rm -rf "$out"
mkdir -p "$home/lib"
mv "$work/holdfast-prepare/bin" "$home/bin"
mv "$work/holdfast-prepare/lib/runtime" "$work/holdfast-prepare/lib/app" "$work/holdfast-prepare/lib/libapplauncher.so" "$home/lib"
rm -f "$home"/lib/app/*.cfg "$home"/lib/app/.jpackage.xml

launcher() { # NAME MAIN: what the launcher of this name runs
  {
    echo "[Application]"
    for jar in formats engine tools; do echo "app.classpath=\$APPDIR/holdfast-$jar.jar"; done
    echo "app.mainclass=$2"
    echo
    echo "[JavaOptions]"
    sed 's/^/java-options=/' "$sources/launcher/jvm.options"
    echo "java-options=-XX:AOTCache=\$APPDIR/holdfast.aot"
    echo "java-options=-Dholdfast.server=\$ROOTDIR/bin/holdfast-server"
  } >"$home/lib/app/$1.cfg"
}
launcher holdfast-server dev.holdfast.engine.server.Main
launcher holdfast-prepare dev.holdfast.tools.prepare.Prepare
launcher holdfast-check-aof dev.holdfast.tools.check.CheckAof
launcher holdfast-check-rdb dev.holdfast.tools.check.CheckRdb

# The class cache remembers the times of jars and modules; in the image all files have this one.
find "$home" -exec touch -h -d 1970-01-01T00:00:01Z {} +
sh "$sources/launcher/train.sh" "$home/lib/runtime" "$home/lib/app" "$sources/launcher/jvm.options"
