"""DICOM results, read by others: highdicom, pydicom, dciodvfy, DCMTK.

    python Tests/Peers/compare_results.py HILUM

Detects in fixtures at a low threshold, so that there are boxes, and checks that the structured report, the segmentation, the
presentation state and the secondary captures say what findings.json says, belong to the images' study, and are valid. Then the
same through `deidentify`: the objects must belong to what `hilum anonymize` makes of the images under the same key, and hold
nothing of the patient. Exit 1 when anything differs.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import highdicom
import numpy as np
import pydicom
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ["mr_small.dcm", "mr_small_implicit.dcm", "mr_small_big_endian.dcm", "cr_monochrome1.dcm", "ct-series",
            "ct_enhanced_shuffled.dcm", "nm_jpeg_extended_12bit.dcm", "ot_deflated.dcm"]  # fmt: skip
STAGES = """  - rescale
  - normalize: { method: percentile, lower: 1, upper: 99.8 }
  - detect: { model: brain-mri-tumour, threshold: 0.01, minSlices: 1 }
"""
OUTPUTS = "outputs: { findings: json, overlays: png, dicom: [sr, seg, pr, sc] }\n"
CODES = {"glioma": "393564001", "meningioma": "302820008", "pituitary": "127024001"}
# What dciodvfy says of the images' own elements, and of codes that are nobody's but Hilum's.
FOREIGN = ["99HILUM", "Illegal root for UID", "Patient's Size", "Patient's Weight", "needed to build DICOMDIR", "Laterality",
           "Retired Person Name form", "Body Part Examined"]  # fmt: skip
PATIENT = ["PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyDate", "StudyTime", "StudyID",
           "AccessionNumber"]  # fmt: skip

failures = 0


def check(holds, *what):
    global failures
    if not holds:
        failures += 1
        print("differs:", *what)


def run(*arguments, status=0):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if done.returncode != status:
        sys.exit(f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def validate(path):
    environment = dict(os.environ, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    done = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, errors="replace", env=environment)
    for line in done.stderr.splitlines():
        if line.startswith(("Error", "Warning")) and not any(word in line for word in FOREIGN):
            check(False, path.name, line)


def belongs(dataset, source, name):
    for keyword in PATIENT:
        check(str(dataset.get(keyword, "")) == str(source.get(keyword, "")), name, keyword)
    check(dataset.SeriesInstanceUID != source.SeriesInstanceUID, name, "series of its own")


def report(path, findings, instances, sizes):
    """The structured report, group by group."""
    document = highdicom.sr.srread(path)
    groups = document.content.get_planar_roi_measurement_groups()
    check(len(groups) == len(findings["findings"]), path.name, "number of findings")
    for group, finding in zip(groups, findings["findings"]):
        x0, y0, _, x1, y1, _ = finding["location"]["box"]
        points = group.roi.value
        if finding["location"]["box"][5] - finding["location"]["box"][2] <= 1:
            check(np.abs(points.min(0) - [x0, y0]).max() < 0.006, path.name, "box", points, finding)
            check(np.abs(points.max(0) - [x1, y1]).max() < 0.006, path.name, "box", points, finding)
        check(group.finding_type.value == CODES[finding["type"]], path.name, "code")
        measured = {m.name.meaning: m.value for m in group.get_measurements()}
        check(abs(measured["Certainty of Finding"] / 100 - finding["confidence"]) < 1e-4, path.name, "confidence")
        if finding["size_mm"] and sizes:
            extent = points.max(0) - points.min(0)
            check(abs(measured["Width"] - extent[0] * sizes[1]) < 0.01, path.name, "width")
            check(abs(measured["Height"] - extent[1] * sizes[0]) < 0.01, path.name, "height")
        bands = [e.value.meaning for e in group.get_qualitative_evaluations()]
        check(bands == [finding["confidence_band"]], path.name, "band", bands)
        region = group.roi.ContentSequence[0].ReferencedSOPSequence[0]
        check(region.ReferencedSOPInstanceUID in instances, path.name, "referenced image")
    whole = document.content.get_image_measurement_groups()
    check(abs(whole[0].get_measurements()[0].value / 100 - findings["abnormality"]) < 1e-4, path.name, "abnormality")
    evidence = {i.ReferencedSOPInstanceUID for s in document.CurrentRequestedProcedureEvidenceSequence
                for e in s.ReferencedSeriesSequence for i in e.ReferencedSOPSequence}  # fmt: skip
    check(evidence == set(instances), path.name, "evidence")
    return document


def segmentation(path, findings):
    """Each segment is the pixels whose centres lie in its box, in the slices that the box spans."""
    dataset = highdicom.seg.segread(path)
    pixels = dataset.pixel_array.reshape(-1, dataset.Rows, dataset.Columns)
    check(dataset.number_of_segments == len(findings["findings"]), path.name, "segments")
    frames = dataset.PerFrameFunctionalGroupsSequence
    numbers = [f.SegmentIdentificationSequence[0].ReferencedSegmentNumber for f in frames]
    for index, finding in enumerate(findings["findings"]):
        x0, y0, z0, x1, y1, z1 = finding["location"]["box"]
        # Of two digits behind the point only what is clear can be compared.
        columns, rows = np.arange(dataset.Columns) + 0.5, np.arange(dataset.Rows) + 0.5
        sure = np.outer(*[(a > low + 0.01) & (a < high - 0.01) for a, low, high in [(rows, y0, y1), (columns, x0, x1)]])
        none = ~np.outer(*[(a > low - 0.01) & (a < high + 0.01) for a, low, high in [(rows, y0, y1), (columns, x0, x1)]])
        own = [pixels[i] for i, number in enumerate(numbers) if number == index + 1]
        check(abs(len(own) - (z1 - z0)) <= 1, path.name, "slices", len(own), finding)
        for frame in own:
            check(frame[sure].all() and not frame[none].any(), path.name, "pixels", index)
    return dataset


def place_frames(dataset, sources):
    """Frames lie where the image that they name lies."""
    positions = {(uid, frame): place for uid, frame, place in sources}
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        if "PlanePositionSequence" not in frame:
            continue
        image = frame.DerivationImageSequence[0].SourceImageSequence[0]
        expected = positions[image.ReferencedSOPInstanceUID, int(image.get("ReferencedFrameNumber", 0))]
        found = np.array(frame.PlanePositionSequence[0].ImagePositionPatient, float)
        check(np.abs(found - expected).max() < 1e-3, "segmentation", "position", found, expected)


def presentations(paths, findings):
    boxes = []
    for path in paths:
        dataset = pydicom.dcmread(path)
        for annotation in dataset.GraphicAnnotationSequence:
            boxes += [tuple(np.round(np.array(g.GraphicData, float), 1)) for g in annotation.GraphicObjectSequence]
            texts = [t.UnformattedTextValue.split()[0] for t in annotation.TextObjectSequence]
            check(set(texts) <= set(CODES), path.name, texts)
    check(len(boxes) == len(findings["findings"]), "presentation states", "boxes")


def places(dataset):
    if "PerFrameFunctionalGroupsSequence" in dataset:
        shared = dataset.SharedFunctionalGroupsSequence[0]
        for number, frame in enumerate(dataset.PerFrameFunctionalGroupsSequence, 1):
            group = frame if "PlanePositionSequence" in frame else shared
            if "PlanePositionSequence" in group:
                yield dataset.SOPInstanceUID, number, np.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
    elif "ImagePositionPatient" in dataset:
        yield dataset.SOPInstanceUID, 0, np.array(dataset.ImagePositionPatient, float)


def compare(out, sources, item):
    """What was written of one item against the files that it was read from."""
    findings = json.loads((out / f"{item}.findings.json").read_text())
    check(findings["findings"], item, "nothing was found, so that nothing is compared")
    if not findings["findings"]:
        return 0
    files = sorted(out.glob(f"{item}.*.dcm"))
    for path in files:
        validate(path)
        belongs(pydicom.dcmread(path), sources[0], path.name)
    spacing = sources[0].get("PixelSpacing") or sources[0].get("ImagerPixelSpacing")
    if "SharedFunctionalGroupsSequence" in sources[0]:
        spacing = sources[0].SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing
    document = report(out / f"{item}.sr.dcm", findings, [s.SOPInstanceUID for s in sources],
                      [float(v) for v in spacing] if spacing else None)  # fmt: skip
    segments = segmentation(out / f"{item}.seg.dcm", findings)
    place_frames(segments, [place for source in sources for place in places(source)])
    tracked = {g.tracking_uid for g in document.content.get_planar_roi_measurement_groups()}
    check(tracked == {s.TrackingUID for s in segments.SegmentSequence}, item, "tracking UIDs")
    done = subprocess.run(["dsrdump", str(out / f"{item}.sr.dcm")], capture_output=True, text=True)
    check(done.returncode == 0 and "E:" not in done.stderr, item, "dsrdump", done.stderr[:300])
    presentations(sorted(out.glob(f"{item}.pr*.dcm")), findings)
    # Frames that DCMTK would have to decode first are not its presentation tools' concern.
    if len(sources) == 1 and not sources[0].file_meta.TransferSyntaxUID.is_encapsulated:
        rendered = out / "rendered.pgm"
        state = sorted(out.glob(f"{item}.pr*.dcm"))[0]
        frame = pydicom.dcmread(state).ReferencedSeriesSequence[0].ReferencedImageSequence[0].get("ReferencedFrameNumber", 1)
        frame = frame if isinstance(frame, int) else frame[0]
        done = subprocess.run(["dcmp2pgm", "-p", str(state), "-f", str(int(frame)), sources[0].filename, str(rendered)],
                              capture_output=True, text=True)  # fmt: skip
        check(done.returncode == 0 and rendered.exists(), item, "dcmp2pgm", done.stderr[:300])
    captures = sorted(out.glob(f"{item}.sc-*.dcm"))
    for number, path in enumerate(captures, 1):
        picture = np.asarray(Image.open(out / f"{item}.overlay-{number}.png"))
        check(np.array_equal(pydicom.dcmread(path).pixel_array, picture), path.name, "pixels")
    return len(files)


def archive(files, study, scratch):
    """A PACS (DCMTK's dcmqrscp) stores the image and its results, and finds them as series of one study."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    store = scratch / "pacs"
    store.mkdir()
    configuration = scratch / "pacs.cfg"
    configuration.write_text(
        f"NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\nHostTable BEGIN\nHostTable END\n"
        f"VendorTable BEGIN\nVendorTable END\nAETable BEGIN\nPACS {store} RW (100, 1024mb) ANY\nAETable END\n")  # fmt: skip
    pacs = subprocess.Popen(["dcmqrscp", "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if subprocess.run(["echoscu", "-aec", "PACS", "localhost", str(port)], capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        sent = subprocess.run(["storescu", "-R", "-aec", "PACS", "localhost", str(port), *map(str, files)], capture_output=True)
        check(sent.returncode == 0, "storescu", sent.stderr[-300:])
        found = subprocess.run(
            ["findscu", "-S", "-aec", "PACS", "localhost", str(port), "-k", "QueryRetrieveLevel=SERIES",
             "-k", f"StudyInstanceUID={study}", "-k", "SeriesInstanceUID", "-k", "Modality"], capture_output=True)  # fmt: skip
        series = sorted(re.findall(rb"0008,0060\) CS \[(\w+)", found.stdout + found.stderr))
        check(series == [b"MR", b"OT", b"PR", b"SEG", b"SR"], "series in the PACS", series)
    finally:
        pacs.terminate()
        pacs.wait()


def read(path):
    return [pydicom.dcmread(p) for p in (sorted(path.iterdir()) if path.is_dir() else [path])]


def main():
    hilum = Path(sys.argv[1]).resolve()
    objects = 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        plain, hidden = scratch / "plain.yaml", scratch / "hidden.yaml"
        plain.write_text(f"input: {{ formats: [dicom] }}\nstages:\n{STAGES}{OUTPUTS}")
        options = "retain-longitudinal-modified-dates"
        hidden.write_text(f"input: {{ formats: [dicom] }}\nstages:\n  - deidentify: {{ options: [{options}] }}\n{STAGES}{OUTPUTS}")
        run(hilum, "key", "new", scratch / "key")
        for name in FIXTURES:
            source = ROOT / "fixtures" / name
            out = scratch / name / "plain"
            run(hilum, "run", plain, source, "-o", out, "--quiet")
            item = json.loads((out / "manifest.jsonl").read_text().splitlines()[0])["item"]
            objects += compare(out, read(source), item)
            if name == "mr_small.dcm":
                again = scratch / name / "again"
                run(hilum, "run", plain, source, "-o", again, "--quiet")
                for path in out.glob("*.dcm"):
                    check((again / path.name).read_bytes() == path.read_bytes(), path.name, "bytes of a second run")
                archive([source, *out.glob("*.dcm")], read(source)[0].StudyInstanceUID, scratch)

            # The same without the patient.
            out, released = scratch / name / "hidden", scratch / name / "released"
            run(hilum, "run", hidden, source, "-o", out, "--key", scratch / "key", "--quiet")
            run(hilum, "anonymize", source, "-o", released, "--key", scratch / "key", "--option", options, "--quiet")
            item = json.loads((out / "manifest.jsonl").read_text().splitlines()[0])["item"]
            images = sorted(p for p in released.rglob("*") if p.is_file() and p.suffix not in [".json", ".jsonl", ".html"])
            objects += compare(out, [pydicom.dcmread(p) for p in images], item)
            original = read(source)[0]
            secrets = [str(original.get(k, "")) for k in ["PatientName", "PatientID", "StudyInstanceUID", "SOPInstanceUID"]]
            for path in out.rglob("*"):
                text = path.read_bytes() if path.is_file() else b""
                for secret in secrets:
                    check(len(secret) < 5 or not re.search(re.escape(secret.encode()), text), path.name, "holds the patient")
    print(f"{objects} objects of {len(FIXTURES)} inputs, plain and de-identified: {failures} differ")
    sys.exit(failures > 0)


main()
