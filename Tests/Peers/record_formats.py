"""Records what pydicom, nibabel, SimpleITK and Pillow read from the fixtures, for the Swift tests to compare with.

    python Tests/Peers/record_formats.py       # writes Tests/Peers/expected/{dicom,pixels,refused,nifti,pictures}.json

Each image is kept as its shape, a digest of all its values, a few values, and its affine in LPS mm.
"""

import json
import pathlib
import tempfile

import nibabel
import numpy as np
import pydicom
import SimpleITK
from PIL import Image

import dicom_variants

ROOT = pathlib.Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
EXPECTED = pathlib.Path(__file__).parent / "expected"


def digest(values: np.ndarray) -> str:
    """Sum of each Float32's bits times (2 i + 1), modulo 2^64: it sees every bit and every exchange of places."""
    bits = np.ascontiguousarray(values, "<f4").ravel().view("<u4").astype(np.uint64)
    weights = np.arange(bits.size, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return str(int((bits * weights).sum(dtype=np.uint64)))


def record(values: np.ndarray, affine: np.ndarray | None = None, **more) -> dict:
    """values: [channels, depth, height, width]."""
    flat = np.ascontiguousarray(values, np.float32).ravel()
    places = np.linspace(0, flat.size - 1, 17).astype(int)
    entry = {
        "shape": list(values.shape),
        "digest": digest(values),
        "samples": [[int(place), float(flat[place])] for place in places],
        "mean": float(values.mean(dtype=np.float64)),
    }
    if affine is not None:
        entry["affine"] = [[float(number) for number in row] for row in affine]
    return entry | more


def as_volume(pixels: np.ndarray, samples: int) -> np.ndarray:
    if samples == 3:
        pixels = pixels if pixels.ndim == 4 else pixels[None]
        return np.moveaxis(pixels, -1, 0)
    return (pixels if pixels.ndim == 3 else pixels[None])[None]


def stored(data: pydicom.Dataset) -> np.ndarray:
    """Stored values by PS3.5 8.1.1, which pydicom leaves as they lie for a High Bit that is not Bits Stored - 1."""
    pixels = data.pixel_array
    if data.HighBit != data.BitsStored - 1:
        kind = "<i2" if data.PixelRepresentation else "<u2"
        words = np.frombuffer(data.PixelData, kind).reshape(data.Rows, data.Columns)
        pixels = (words << (15 - data.HighBit)) >> (16 - data.BitsStored)
    return as_volume(pixels, data.SamplesPerPixel)


def slice_affine(data: pydicom.Dataset, step: np.ndarray | None = None, position=None) -> np.ndarray:
    row, column = np.reshape(np.array(data.ImageOrientationPatient, float), (2, 3))
    between_rows, between_columns = map(float, data.PixelSpacing)
    if step is None:
        distance = float(data.get("SpacingBetweenSlices") or data.get("SliceThickness") or 1)
        step = np.cross(row, column) * distance
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2] = row * between_columns, column * between_rows, step
    affine[:3, 3] = np.array(data.ImagePositionPatient if position is None else position, float)
    return affine


def dicom_files() -> dict:
    result = {}
    exact = [
        "ct_small", "mr_small", "mr_small_implicit", "mr_small_big_endian", "mr_small_rle", "ct_left_justified",
        "ot_deflated", "cr_monochrome1", "us_rgb", "us_rgb_big_endian_planar", "sc_rgb_odd_size_big_endian",
        "sc_rgb_rle_16bit_2frames", "sc_ybr_full_422_native", "rtdose_32bit", "rtdose_32bit_big_endian",
        "rtdose_rle_un_elements", "mr_small_jpeg2000", "seg_1bit",
    ]  # fmt: skip
    for name in exact:
        data = pydicom.dcmread(FIXTURES / f"{name}.dcm")
        placed = "ImagePositionPatient" in data and data.get("NumberOfFrames", 1) == 1
        result[f"{name}.dcm"] = record(stored(data), slice_affine(data) if placed else None)
    # pydicom needs more packages for these; the lossless ones hold the pixels of mr_small.
    for name in ["mr_small_jpegls", "mr_small_jpeg_lossless"]:
        result[f"{name}.dcm"] = result["mr_small.dcm"]
    for name in ["us_ybr_30frames_jpeg", "sc_rgb_jpeg", "sc_ybr_full_jpeg"]:
        data = pydicom.dcmread(FIXTURES / f"{name}.dcm")
        result[f"{name}.dcm"] = record(as_volume(data.pixel_array, 3), lossy=True)
    image = SimpleITK.ReadImage(str(FIXTURES / "nm_jpeg_extended_12bit.dcm"))
    result["nm_jpeg_extended_12bit.dcm"] = record(SimpleITK.GetArrayFromImage(image)[None], lossy=True)
    for folder in ["ct-series"]:
        files = [pydicom.dcmread(path) for path in sorted((FIXTURES / folder).glob("*.dcm"))]
        row, column = np.reshape(np.array(files[0].ImageOrientationPatient, float), (2, 3))
        files.sort(key=lambda data: np.dot(np.array(data.ImagePositionPatient, float), np.cross(row, column)))
        positions = np.array([data.ImagePositionPatient for data in files], float)
        step = (positions[-1] - positions[0]) / (len(files) - 1)
        voxels = np.stack([data.pixel_array for data in files])[None]
        sources = [str(data.SOPInstanceUID) for data in files]
        result[folder] = record(voxels, slice_affine(files[0], step), sources=sources)
    result["ct_enhanced_shuffled.dcm"] = enhanced(pydicom.dcmread(FIXTURES / "ct_enhanced_shuffled.dcm"))
    return result


def pixel_kinds() -> tuple[dict, dict]:
    """Stored values of fixtures/pixels, colours as RGB: known when they were made, or else pydicom's; and the words
    of the reason of those that must be refused."""
    read, refused = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for path, refusal, values in dicom_variants.make(pathlib.Path(folder)):
            if not (FIXTURES / "pixels" / path.name).exists():
                continue
            if refusal:
                refused[path.name] = refusal
                continue
            data = pydicom.dcmread(path)
            if values is None:
                values = pydicom.pixels.pixel_array(data, raw=False)
                if data.PhotometricInterpretation == "PALETTE COLOR":
                    values = pydicom.pixels.apply_color_lut(values, data)
            is_color = not data.PhotometricInterpretation.startswith("MONO")
            values = values if values.ndim == 3 + is_color else values[None]
            values = np.moveaxis(values, -1, 0) if is_color else values[None]
            # pydicom's decoders of lossy JPEG round differently.
            lossy = {"lossy": True} if data.file_meta.TransferSyntaxUID.endswith("4.50") else {}
            entry = record(values, **lossy)
            entry["samples"] = [sample for sample in entry["samples"] if sample[1] == sample[1]]
            entry["mean"] = float(np.nanmean(values, dtype=np.float64))
            read[path.name] = entry
    return read, refused


def enhanced(data: pydicom.Dataset) -> dict:
    groups = data.PerFrameFunctionalGroupsSequence
    heights = [float(group.PlanePositionSequence[0].ImagePositionPatient[2]) for group in groups]
    order = np.argsort(heights)
    shared = data.SharedFunctionalGroupsSequence[0]
    plane = pydicom.Dataset()
    plane.ImageOrientationPatient = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    plane.PixelSpacing = shared.PixelMeasuresSequence[0].PixelSpacing
    first = groups[order[0]].PlanePositionSequence[0].ImagePositionPatient
    affine = slice_affine(plane, np.array([0, 0, heights[order[1]] - heights[order[0]]]), first)
    slopes = [float(groups[i].PixelValueTransformationSequence[0].RescaleSlope) for i in order]
    return record(data.pixel_array[order][None], affine, slopes=slopes, frames=[int(i) + 1 for i in order])


def nifti_files() -> dict:
    result = {}
    for name in [
        "anatomical.nii", "anatomical_3members.nii.gz", "functional_4d.nii", "nifti2.nii.gz", "pair_big_endian.hdr",
    ]:  # fmt: skip
        image = nibabel.load(FIXTURES / name)
        voxels = image.dataobj.get_unscaled()
        voxels = voxels if voxels.ndim == 4 else voxels[..., None]
        affine = np.diag([-1, -1, 1, 1]) @ image.affine
        scale = (float(image.dataobj.slope), float(image.dataobj.inter))
        rescale = [] if scale == (1, 0) else list(scale)
        result[name] = record(np.ascontiguousarray(voxels.T), affine, rescale=rescale)
    return result


def luma(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(np.int64) @ np.array([19595, 38470, 7471]) / 65536


def pictures() -> dict:
    result = {}
    for name in ["gray8.png", "gray16.png", "gray1.png"]:
        image = Image.open(FIXTURES / name)
        pixels = np.array(image.convert("L") if image.mode == "1" else image)
        result[name] = record(pixels[None, None])
    for name in ["rgb.png", "rgba.png", "palette.png"]:
        pixels = np.array(Image.open(FIXTURES / name).convert("RGB"))
        result[name] = record(luma(pixels)[None, None])
        result[name + " color"] = record(np.moveaxis(pixels, -1, 0)[:, None])
    for name in ["gray.jpg", "color_420.jpg", "color_progressive.jpg"]:
        image = Image.open(FIXTURES / name)
        image.draft("L", image.size)  # the Y plane as it is coded
        result[name] = record(np.array(image)[None, None])
    return result


if __name__ == "__main__":
    EXPECTED.mkdir(exist_ok=True)
    read, refused = pixel_kinds()
    kinds = [("pixels", lambda: read), ("refused", lambda: refused)]
    for name, make in [*kinds, ("dicom", dicom_files), ("nifti", nifti_files), ("pictures", pictures)]:
        text = json.dumps(make(), indent=1, sort_keys=True) + "\n"
        (EXPECTED / f"{name}.json").write_text(text)
