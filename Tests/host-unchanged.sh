#!/bin/sh
# Runs a command and fails where it has left the host's network other than it was.
#
#   Tests/host-unchanged.sh COMMAND [ARGUMENT …]
#
# Compared are links, addresses, routes, rules, permanent neighbours, settings under net, rulesets, mounts, and what lies
# in /run, /run/netns and /run/lab. Left out is what changes by itself: counters, timers, learnt neighbours.
# Exit status: the command's own where it failed; 1 for a difference, which is printed.
set -u

snapshot() {
    echo "== links"
    ip -o link show | sed 's/ state [A-Z]*//'
    echo "== addresses"
    ip -o address show | sed 's/ *valid_lft.*//'
    echo "== routes"
    { ip -4 route show table all; ip -6 route show table all; } | sed 's/ expires [0-9]*sec//; s/ hoplimit [0-9]*//' | sort
    echo "== rules"
    ip -4 rule show
    ip -6 rule show
    echo "== neighbours"
    { ip neighbor show nud permanent; ip neighbor show proxy; } | sort
    bridge fdb show 2>/dev/null | sort
    echo "== settings"
    sysctl -a 2>/dev/null | grep '^net\.' | grep -v -e nf_conntrack_count -e '\.stable_secret'
    echo "== rulesets"
    nft --stateless list ruleset 2>/dev/null
    echo "== mounts"
    cut -d' ' -f3- /proc/self/mountinfo | sed 's/ shared:[0-9]*//; s/ master:[0-9]*//' | sort
    echo "== /run"
    # Whoever mounts first makes /run/mount (libmount).
    ls -A /run | grep -vx mount
    for directory in /run/netns /run/lab; do
        if [ -d "$directory" ]; then ls -A "$directory" | sed "s,^,$directory/,"; fi
    done
}

if [ $# -eq 0 ]; then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
snapshots=$(mktemp -d) || exit 1
trap 'rm -rf "$snapshots"' EXIT
snapshot >"$snapshots/before"
"$@"
status=$?
# The kernel takes links and mounts of a namespace apart at leisure: wait for it, within bounds.
tries=0
while :; do
    snapshot >"$snapshots/after"
    cmp -s "$snapshots/before" "$snapshots/after" && break
    tries=$((tries + 1))
    if [ "$tries" -ge 20 ]; then
        echo "the host is not as it was:" >&2
        diff -U0 "$snapshots/before" "$snapshots/after" >&2
        [ "$status" -ne 0 ] || status=1
        break
    fi
    sleep 0.1
done
exit "$status"
