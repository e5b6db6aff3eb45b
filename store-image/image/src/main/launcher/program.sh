#!/bin/sh
# Runs the Holdfast program that this file is named after, on the JDK that built the folder, or else on a Java 25 from JAVA_HOME or the PATH.
set -eu

self=$0
while [ -h "$self" ]; do # people link the programs into a folder on their PATH
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
case $self in
  */*) bin=${self%/*} ;;
  *) bin=. ;;
esac
program=${self##*/}
home=$(cd "$bin/.." && pwd -P)
lib=$home/lib

case $program in
  holdfast-server) main=dev.holdfast.engine.server.Main ;;
  holdfast-check-aof) main=dev.holdfast.tools.check.CheckAof ;;
  holdfast-check-rdb) main=dev.holdfast.tools.check.CheckRdb ;;
  holdfast-prepare) main=dev.holdfast.tools.prepare.Prepare ;;
  *)
    echo "$program: not a program of Holdfast; known are holdfast-server, holdfast-check-aof, holdfast-check-rdb, holdfast-prepare" >&2
    exit 1
    ;;
esac

is_recent() { # a Java home of release 25 or newer
  [ -x "$1/bin/java" ] && [ -f "$1/release" ] && grep -Eq '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$1/release"
}

IFS= read -r java_home <"$lib/java-home"
if [ ! -x "$java_home/bin/java" ]; then # the folder was moved to another machine, or the JDK went away
  java_home=${JAVA_HOME:-}
  if ! is_recent "$java_home"; then
    java_home=$(command -v java || true)
    [ -z "$java_home" ] || java_home=$(dirname "$(dirname "$(readlink -f "$java_home")")")
    if ! is_recent "$java_home"; then
      echo "$program: no Java 25 or newer found in JAVA_HOME (${JAVA_HOME:-unset}) or on the PATH; install one and set JAVA_HOME" >&2
      exit 1
    fi
  fi
fi

# The cache of loaded and linked classes is made by a training run of the build; Java ignores it when it does not fit.
exec "$java_home/bin/java" "@$lib/jvm.options" -XX:AOTCache="$lib/holdfast.aot" -Dholdfast.server="$home/bin/holdfast-server" \
  -cp "$lib/holdfast-formats.jar:$lib/holdfast-engine.jar:$lib/holdfast-tools.jar" "$main" "$@"
