#!/bin/sh
# Runs the cases of pod networks on the labs that differ in theirs or in their address families, the whole suite on the
# one that has both families, with each of the built-in service proxies, and then on networks that are broken on purpose.
set -eu
lab=$1
here=$(cd "$(dirname "$0")/.." && pwd)
status=0

for name in two-node two-node-host-gw two-node-ipv6; do
    printf '\n== %s\n' "$name"
    "$lab" conformance "$here/labs/$name.toml" --focus pod-network --evidence "$here/evidence/$name" \
        --junit "$here/evidence/$name/junit.xml" || status=1
done

name=two-node-dual-stack
printf '\n== %s, with each service proxy\n' "$name"
"$lab" conformance "$here/labs/$name.toml" --service-proxy nftables --service-proxy nftables-chains \
    --evidence "$here/evidence/$name" --junit "$here/evidence/$name/junit.xml" || status=1

printf '\n== %s, broken on purpose\n' "$name"
"$lab" conformance "$here/labs/$name.toml" --mutants || status=1
exit $status
