#!/bin/sh
# Installs the tool: binary, labs and suite, completions, manual.
set -eu
lab=$1
prefix=$2
here=$(cd "$(dirname "$0")/.." && pwd)

install -D -m 755 -s "$lab" "$prefix/bin/lab"
mkdir -p "$prefix/share/lab"
cp -R "$here/labs" "$here/conformance" "$prefix/share/lab/"

complete() {
    install -d "$(dirname "$2")"
    "$lab" --generate-completion-script "$1" > "$2"
}
complete bash "$prefix/share/bash-completion/completions/lab"
complete zsh "$prefix/share/zsh/site-functions/_lab"
complete fish "$prefix/share/fish/vendor_completions.d/lab.fish"

install -d "$prefix/share/man/man1"
"$lab" manual > "$prefix/share/man/man1/lab.1"
echo "installed $prefix/bin/lab"
