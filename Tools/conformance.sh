#!/bin/sh
# Runs the cases of pod networks on the labs that differ in theirs or in their address families, the whole suite on the
# one that has both families, with each of the built-in service proxies, and then on networks that are broken on purpose.
# With --quick, the generated cases are only the few that find every fault of a policy engine, slow cases are left out, and
# broken networks are tried on cases only until they are found.
set -eu
lab=$1
quick=${2:-}
here=$(cd "$(dirname "$0")/.." && pwd)
status=0

for name in two-node two-node-host-gw two-node-ipv6; do
    printf '\n== %s\n' "$name"
    "$lab" conformance "$here/labs/$name.toml" --focus pod-network --evidence "$here/evidence/$name" \
        --junit "$here/evidence/$name/junit.xml" || status=1
done

name=two-node-dual-stack
printf '\n== %s, with each service proxy, and broken on purpose\n' "$name"
"$lab" conformance "$here/labs/$name.toml" --service-proxy nftables --service-proxy nftables-chains --mutants \
    ${quick:+"$quick"} \
    --evidence "$here/evidence/$name" --junit "$here/evidence/$name/junit.xml" || status=1
exit $status
