#!/bin/sh
# Compressed bytes must not depend on where ISA-L's state lies in memory (`Sources/CISAL/deflate.c`).
# Usage: Tests/Peers/deflate/any_address.sh   (clang in PATH or CC)
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CC:-clang}" -O2 -I "$root/Sources/CISAL" -I "$root/Sources/CISAL/include" "$root/Tests/Peers/deflate/any_address.c" \
    -lisal -o "$work/any_address"
"$work/any_address"
