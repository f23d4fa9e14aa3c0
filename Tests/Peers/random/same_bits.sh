#!/bin/sh
# The random kernels compiled for the oldest and the newest x86-64, with and without fused multiply-add: their outputs must be
# the same to the last bit. Levels that this processor lacks are left out and named.
# Usage: Tests/Peers/random/same_bits.sh   (clang in PATH or CC)
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
first=
for level in x86-64 x86-64-v2 x86-64-v3 x86-64-v4; do
    # An empty CLONES leaves one version of each function: that of the level.
    "${CC:-clang}" -O2 -march=$level -DCLONES= -I "$root/Sources/CKernels/include" -I "$root/Sources/CKernels" \
        "$root/Tests/Peers/random/same_bits.c" "$root/Sources/CKernels/random.c" "$root/Sources/CKernels/curves.c" \
        "$root/Sources/CKernels/warp.c" -lm -o "$work/bits"
    if ! found=$("$work/bits" 2>/dev/null); then
        echo "$level: not on this processor"
        continue
    fi
    echo "$level: $found"
    first=${first:-$found}
    [ "$found" = "$first" ] || { echo "other bits than those of x86-64"; exit 1; }
done
