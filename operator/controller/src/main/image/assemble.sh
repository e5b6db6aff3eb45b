#!/bin/sh
# Lays out the files of the operator's image: a Java runtime with only the modules that are used, and the packaged application.
#   assemble.sh JAVA_HOME QUARKUS_APP OUT
set -eu
java_home=$1 app=$2 out=$3

# jdeps cannot read all of the libraries together, so the modules are named here; a missing one fails the first start in the tests.
modules=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss
modules=$modules,java.security.sasl,java.sql,java.xml,jdk.jfr,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs

rm -rf "$out"
mkdir -p "$out/opt/holdfast"
"$java_home/bin/jlink" --add-modules "$modules" --output "$out/opt/holdfast/runtime" --strip-debug --no-man-pages --no-header-files
cp -R "$app" "$out/opt/holdfast/operator"
