#!/usr/bin/env bash
# Installs the Debian packages that Hilum builds on, when they are missing. Needs root or sudo only then.
set -euo pipefail
packages=(libdcmtk-dev libnifti-dev libpng-dev libturbojpeg0-dev libdeflate-dev libisal-dev libopenjp2-7-dev
    libopenblas-dev libdnnl-dev libssl-dev libxxhash-dev zlib1g-dev pkg-config "$@")
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "installing ${missing[*]}"
root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "run as root once, or install yourself: ${missing[*]}" >&2; exit 1; }
    root=(sudo)
fi
"${root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
