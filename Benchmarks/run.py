"""Times Hilum and its peers on the same task in the same run, whole processes, and prints the ratios.

Usage: run.py HILUM [--runs 3]
The CT series is made here: 300 slices of 512 x 512, signed 16 bit, uncompressed, noise-like texture.
Peers that are not installed are left out and named.
"""
import argparse
import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

SLICES, SIZE = 300, 512

PEERS = {
    "SimpleITK": ("SimpleITK", """
import SimpleITK as sitk, sys
r = sitk.ImageSeriesReader(); r.SetFileNames(r.GetGDCMSeriesFileNames(sys.argv[1])); i = sitk.Cast(r.Execute(), sitk.sitkFloat32)
i = sitk.IntensityWindowing(i, -160, 240, 0, 1)
size = [round(n * s) for n, s in zip(i.GetSize(), i.GetSpacing())]
i = sitk.Resample(i, size, sitk.Transform(), sitk.sitkLinear, i.GetOrigin(), (1, 1, 1), i.GetDirection())
sitk.WriteImage(i, sys.argv[2] + ".nii.gz")
"""),
    "pydicom + SciPy + nibabel": ("scipy", """
import pydicom, numpy as np, nibabel, sys, pathlib
from scipy import ndimage
d = sorted((pydicom.dcmread(p) for p in pathlib.Path(sys.argv[1]).iterdir()), key=lambda x: x.ImagePositionPatient[2])
v = np.stack([x.pixel_array.astype(np.float32) * float(x.RescaleSlope) + float(x.RescaleIntercept) for x in d])
v = np.clip((v + 160) / 400, 0, 1)
s = [2.5, *map(float, d[0].PixelSpacing)]
v = ndimage.zoom(v, s, order=1, grid_mode=True, mode="nearest")
nibabel.save(nibabel.Nifti1Image(v.T, np.eye(4)), sys.argv[2] + ".nii.gz")
"""),
    "MONAI": ("monai", """
import sys
from monai.transforms import Compose, LoadImage, EnsureChannelFirst, ScaleIntensityRange, Spacing, SaveImage
Compose([LoadImage(image_only=True), EnsureChannelFirst(), ScaleIntensityRange(-160, 240, 0, 1, clip=True), Spacing((1, 1, 1)),
         SaveImage(output_dir=sys.argv[2], print_log=False)])(sys.argv[1])
"""),
}


def make_series(folder):
    random = np.random.default_rng(1)
    texture = random.integers(-40, 40, (SIZE + SLICES, SIZE)).astype(np.int16)
    y, x = np.mgrid[:SIZE, :SIZE]
    body = np.where((y - 256) ** 2 + (x - 256) ** 2 < 200 ** 2, 1064, 24).astype(np.int16)
    study, series, frame = generate_uid(), generate_uid(), generate_uid()
    for index in range(SLICES):
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = CTImageStorage
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = generate_uid()
        ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = study, series, frame
        ds.Modality, ds.PatientID, ds.InstanceNumber = "CT", "BENCH", index + 1
        ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, 2.5 * index], [1, 0, 0, 0, 1, 0]
        ds.PixelSpacing, ds.SliceThickness = [0.703125, 0.703125], 2.5
        ds.Rows = ds.Columns = SIZE
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.BitsAllocated = ds.BitsStored = 16
        ds.HighBit, ds.PixelRepresentation = 15, 1
        ds.RescaleSlope, ds.RescaleIntercept = 1, -1024
        ds.PixelData = (body + texture[index:index + SIZE]).tobytes()
        ds.save_as(folder / f"{index:04}.dcm", enforce_file_format=True)


def timed(command):
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, usage_status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if usage_status != 0:
        raise SystemExit(f"{command[0]} failed: {process.stderr.read().decode()[-2000:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        (work / "ct").mkdir()
        make_series(work / "ct")
        (work / "b.yaml").write_text(
            "stages: [rescale, window: { preset: soft-tissue }, resample: { spacing: [1, 1, 1] }]\n"
            "outputs: { tensors: nifti }\n")
        (work / "a.yaml").write_text("stages: [rescale]\noutputs: { tensors: npy }\n")
        tasks = {
            "hilum, CT to HU .npy": lambda n: [arguments.hilum, "run", str(work / "a.yaml"), str(work / "ct"), "-o",
                                               str(work / f"a{n}"), "--quiet", "--workers", "1"],
            "hilum, CT + window + 1 mm + .nii.gz": lambda n: [
                arguments.hilum, "run", str(work / "b.yaml"), str(work / "ct"), "-o", str(work / f"b{n}"), "--quiet",
                "--workers", "1"],
        }
        for name, (module, code) in PEERS.items():
            if importlib.util.find_spec(module) is None:
                print(f"{name}: not installed, left out")
                continue
            tasks[f"{name}, the same"] = lambda n, code=code: [sys.executable, "-c", code, str(work / "ct"), str(work / f"p{n}")]
        results = {name: [] for name in tasks}
        # In turn, so that a drift of the machine's speed meets all alike.
        for run in range(arguments.runs):
            for index, (name, command) in enumerate(tasks.items()):
                results[name].append(timed(command(f"{run}-{index}")))
        ours = np.median([wall for wall, _, _ in results["hilum, CT + window + 1 mm + .nii.gz"]])
        print(f"{'task':42} {'wall s':>8} {'CPU s':>8} {'peak MiB':>9} {'of hilum':>9}")
        for name, rows in results.items():
            wall, cpu, memory = np.median(np.array(rows), axis=0)
            print(f"{name:42} {wall:8.2f} {cpu:8.2f} {memory:9.0f} {wall / ours:9.2f}")


main()
