#!/bin/sh
# Runs the suite on the labs that differ in their pod network or address families, with each of the built-in service
# proxies, then on its mutants.
set -eu
lab=$1
here=$(cd "$(dirname "$0")/.." && pwd)
status=0

for name in two-node two-node-host-gw two-node-ipv6 two-node-dual-stack; do
    printf '\n== %s\n' "$name"
    "$lab" conformance "$here/labs/$name.toml" --service-proxy nftables --service-proxy nftables-chains --evidence "$here/evidence/$name" \
        --junit "$here/evidence/$name/junit.xml" || status=1
done

printf '\n== mutants: pod networks and service proxies that are broken on purpose\n'
"$lab" conformance "$here/labs/two-node-dual-stack.toml" --mutants || status=1
exit $status
