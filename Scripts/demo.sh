#!/usr/bin/env bash
# The three daily jobs on the fixtures of this repository. Usage: demo.sh HILUM OUT
set -euo pipefail
cd "$(dirname "$0")/.."
hilum=$1 out=$2
rm -rf "$out"

echo "== what is in fixtures/demo"
"$hilum" inspect fixtures/demo || true
echo
echo "== CT: DICOM series to Hounsfield units, windowed, 1 mm tensors"
"$hilum" run pipelines/ct-tensors.yaml fixtures/ct-series -o "$out/ct"
echo
echo "== MR: percentile-normalised axial NIfTI"
"$hilum" run pipelines/mri-tensors.yaml fixtures/mr_small.dcm -o "$out/mri"
echo
echo "== Radiograph: MONOCHROME1 inverted, 512 x 512"
"$hilum" run pipelines/xray-tensors.yaml fixtures/cr_monochrome1.dcm -o "$out/xray"
echo
echo "== Brain MR with a SIMULATED lesion: boxes, heatmaps, overlays"
"$hilum" run pipelines/brain-mri-tumour.yaml fixtures/demo -o "$out/brain"
echo
echo "findings:"
grep -hE '"(type|confidence|confidence_band|size_mm)"' "$out"/brain/*.findings.json | sed 's/^ */  /'
echo "pictures:"
find "$PWD/$out" -name '*.png' | sort | sed 's/^/  /'
echo "Research software. Not for clinical use. The lesion is simulated: see fixtures/demo/README.md"
