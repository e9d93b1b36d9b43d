#!/bin/sh
# Exports logs of four experiments and lets Kafka's DumpLogSegments read every file of them. See README.md.
set -eu
jars=${1:?give the folder with the jars of Apache Kafka}
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
printf '<Configuration status="ERROR"><Loggers><Root level="OFF"/></Loggers></Configuration>' > "$out/log4j2.xml"
cd "$here/../.."
dump() { (cd "$out" && java -Xmx256m "-Dlog4j2.configurationFile=$out/log4j2.xml" -cp "$jars/*" org.apache.kafka.tools.DumpLogSegments "$@") | sed "s|$out/||" || true; }
for log in s03-batch-bytes:t/0 s03-batch-bytes:u/0 s34-sequences:t/0 s36-commit-and-abort:t/0 s08-compaction:t/0; do
  scenario=${log%%:*} partition=${log#*:}
  # Its compacted log once it has been cleaned.
  case $scenario in s08*) at='--at 18s' ;; *) at= ;; esac
  name=$scenario-$(echo "$partition" | tr / -)
  node scripts/run.mjs partitura export "scenarios/laboratory/$scenario.yaml" --partition "$partition" --broker b1 --out "$out" $at > /dev/null
  (cd "$out" && ls "$(echo "$partition" | tr / -)" | grep -E '\.(log|index|timeindex|txnindex|snapshot)$') | while read -r file; do
    # Values of 131,000 bytes are not written down.
    case $file$scenario in *.logs08*) dump --deep-iteration --files "$(echo "$partition" | tr / -)/$file" ;; *.log*) dump --deep-iteration --print-data-log --files "$(echo "$partition" | tr / -)/$file" ;; *) dump --files "$(echo "$partition" | tr / -)/$file" ;; esac
  done > "$here/$name.txt"
  rm -rf "${out:?}/$(echo "$partition" | tr / -)"
done
