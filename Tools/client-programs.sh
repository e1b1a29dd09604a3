#!/bin/sh
# Gets the clients that the tests drive against a lab, without installing them: Debian's kubectl, and Python's
# `kubernetes` in an environment of its own.
#
#   Tools/client-programs.sh DIRECTORY
set -eu
directory=$1
python_client=kubernetes==31.0.0
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$directory"

if [ ! -x "$directory/debian/usr/bin/kubectl" ]; then
    echo "unpacking Debian's kubernetes-client"
    packages=$(mktemp -d)
    trap 'rm -rf "$packages"' EXIT
    # The package lists of a new machine are empty, those of an old one name what there is no more.
    (
        cd "$packages"
        apt-get download -q kubernetes-client >log 2>&1 ||
            { apt-get update -q && apt-get download -q kubernetes-client; } >log 2>&1 || { cat log >&2; exit 3; }
    )
    rm -rf "$directory/debian"
    dpkg-deb -x "$packages"/kubernetes-client_*.deb "$directory/debian.new"
    mv "$directory/debian.new" "$directory/debian"
fi

python=$directory/python/bin/python3
if ! [ -x "$python" ] || ! "$python" -m pip freeze 2>/dev/null | grep -qx "$python_client"; then
    echo "installing Python's $python_client"
    rm -rf "$directory/python"
    python3 -m venv "$directory/python" >/dev/null 2>&1 || {
        # Debian has what makes environments in a package of its own.
        rm -rf "$directory/python"
        "$here/install-packages.sh" python3-venv
        /usr/bin/python3 -m venv "$directory/python"
    }
    "$python" -m pip install --quiet --disable-pip-version-check "$python_client"
fi
