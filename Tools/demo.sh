#!/bin/sh
# The documents' two nodes, built, proven from captured packets, and taken down again.
set -eu
lab=$1
here=$(cd "$(dirname "$0")/.." && pwd)

say() { printf '\n$ %s\n' "$*"; }

trap '"$lab" down two-node >/dev/null 2>&1 || true' EXIT

say lab up labs/two-node.toml
"$lab" up "$here/labs/two-node.toml"
say lab status
"$lab" status
say lab exec pod-a -- ping -c1 10.244.2.3
"$lab" exec pod-a -- ping -c1 10.244.2.3
say lab conformance --focus pod-network --evidence evidence
"$lab" conformance --focus pod-network --evidence evidence
say lab down
"$lab" down
trap - EXIT
