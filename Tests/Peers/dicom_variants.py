"""Makes small DICOM files of the pixel kinds that the wheels' files lack. `make(folder)` returns a list of
(path, words of the reason when it must be refused, or None, expected output values or None for pydicom's)."""
import itertools
import shutil
import subprocess
import zlib
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000, JPEG2000Lossless, JPEGLSLossless,
    JPEGLSNearLossless, RLELossless, UID)

PYDICOM = Path(pydicom.__file__).parent / "data/test_files"
LITTLE, BIG, IMPLICIT = ExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian
DEFLATED_FRAME = UID("1.2.840.10008.1.2.8.1")
rng = np.random.Generator(np.random.PCG64(7))
numbers = itertools.count()


def uid():
    # Below the root that PS3.5 B.2 gives to UUIDs; counted, so that the files stay the same.
    return f"2.25.20261122.{next(numbers)}"


def dataset(shape, syntax=LITTLE, photometric="MONOCHROME2", allocated=16, stored=None, signed=0, frames=None, **more):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid(), uid()
    ds.Modality, ds.PatientID = "OT", "MADE"
    ds.Rows, ds.Columns = shape
    ds.SamplesPerPixel = 1 if photometric.startswith("MONO") or photometric == "PALETTE COLOR" else 3
    ds.PhotometricInterpretation = photometric
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, stored or allocated, (stored or allocated) - 1
    ds.PixelRepresentation = signed
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    if frames:
        ds.NumberOfFrames = frames
    for key, value in more.items():
        setattr(ds, key, value)
    return ds


class Maker:
    def __init__(self, folder):
        self.folder, self.made = folder, []

    def save(self, name, ds, refusal=None, expected=None):
        path = self.folder / f"{name}.dcm"
        big = ds.file_meta.TransferSyntaxUID == BIG
        implicit = ds.file_meta.TransferSyntaxUID == IMPLICIT
        # The transfer syntax is not among pydicom's, so it must not check the file.
        ds.preamble = b"\0" * 128
        ds.file_meta.ImplementationClassUID = "2.25.20261121.0"
        pydicom.dcmwrite(path, ds, little_endian=not big, implicit_vr=implicit, force_encoding=True)
        self.made.append((path, refusal, expected))

    def native(self, name, pixels, ds, vr="OW", refusal=None, expected=None):
        data = pixels.astype(pixels.dtype.newbyteorder(">" if ds.file_meta.TransferSyntaxUID == BIG else "<")).tobytes()
        ds.PixelData = data + b"\0" * (len(data) % 2)
        ds["PixelData"].VR = vr
        self.save(name, ds, refusal, expected)

    def frames(self, name, ds, frames, refusal=None, expected=None, **how):
        ds.PixelData = encapsulate(frames, **how)
        ds["PixelData"].VR = "OB"
        ds["PixelData"].is_undefined_length = True
        self.save(name, ds, refusal, expected)


def smooth(shape, low, high, dtype):
    """An image that codecs can do something with: waves, a little noise, both ends of the range."""
    y, x = np.mgrid[0:shape[0], 0:shape[1]]
    waves = np.sin(x / 5.0) + np.cos(y / 3.0) + rng.normal(0, 0.02, shape)
    scaled = (waves - waves.min()) / (waves.max() - waves.min())
    return np.round(low + scaled * (high - low)).astype(dtype)


def color(shape, high, dtype):
    return np.stack([smooth(shape, 0, high, dtype), smooth(shape, high // 4, high, dtype).T.reshape(shape), smooth(shape, 0, high // 2, dtype)], -1)


def rgb_of_ybr(ybr, bits):
    """PS3.3 C.7.6.3.1.2, inverted in exact whole numbers."""
    y, cb, cr = (ybr[..., i].astype(np.int64) - (i > 0) * 2 ** (bits - 1) for i in range(3))
    red, blue = (1000 * y + 1402 * cr + 500) // 1000, (1000 * y + 1772 * cb + 500) // 1000
    green = (587000 * y - 202008 * cb - 419198 * cr + 293500) // 587000
    return np.clip(np.stack([red, green, blue], -1), 0, 2**bits - 1)


def compressed(make):
    """JPEG 2000, JPEG-LS and RLE through pydicom's encoders, in one frame and in several of several fragments."""
    kinds = {
        "u8": (smooth((40, 51), 0, 255, np.uint8), dict(allocated=8)),
        "u12": (smooth((40, 51), 0, 4095, np.uint16), dict(stored=12)),
        "u16": (smooth((40, 51), 0, 65535, np.uint16), {}),
        "s12": (smooth((40, 51), -2048, 2047, np.int16), dict(stored=12, signed=1)),
        "s16": (smooth((40, 51), -32768, 32767, np.int16), dict(signed=1)),
    }
    for syntax, name in [(JPEG2000Lossless, "j2k"), (JPEGLSLossless, "jls"), (RLELossless, "rle")]:
        for kind, (pixels, how) in kinds.items():
            ds = dataset(pixels.shape, **how)
            ds.PixelData = pixels.tobytes()
            ds.compress(syntax, pixels, generate_instance_uid=False)
            make.save(f"{name}_{kind}", ds, expected=pixels[None])
        pixels = color((40, 51), 255, np.uint8)
        ds = dataset(pixels.shape[:2], photometric="RGB", allocated=8)
        if name == "j2k":
            ds.PhotometricInterpretation = "YBR_RCT"
        ds.compress(syntax, pixels, generate_instance_uid=False)
        make.save(f"{name}_rgb", ds, expected=pixels[None])
        if name == "rle":
            continue
        stack = [smooth((36, 44), 0, 4095 - 300 * i, np.uint16) for i in range(5)]
        ds = dataset((36, 44), stored=12)
        coded = []
        for pixels in stack:
            ds.compress(syntax, pixels, generate_instance_uid=False)
            coded.append(next(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=1)))
        for has_bot, fragments in [(True, 3), (False, 3), (False, 1), (True, 1)]:
            ds = dataset((36, 44), syntax, stored=12, frames=5)
            label = f"{name}_5frames_{fragments}fragments_{'with' if has_bot else 'without'}_table"
            make.frames(label, ds, coded, expected=np.stack(stack), fragments_per_frame=fragments, has_bot=has_bot)
    for kind, (pixels, how) in kinds.items():
        ds = dataset(pixels.shape, **how)
        ds.compress(JPEG2000, pixels, j2k_cr=[8], generate_instance_uid=False)
        make.save(f"j2k_lossy_{kind}", ds)
    pixels = color((40, 51), 255, np.uint8)
    ds = dataset((40, 51), photometric="YBR_ICT", allocated=8)
    ds.compress(JPEG2000, pixels, j2k_cr=[6], generate_instance_uid=False)
    make.save("j2k_lossy_ict", ds)
    ds.PhotometricInterpretation = "RGB"
    make.save("j2k_lossy_ict_called_rgb", ds)
    ds.PhotometricInterpretation = "YBR_FULL"
    make.save("j2k_lossy_ict_called_ybr_full", ds, "contradicts the codestream")
    ds = dataset((40, 51), photometric="YBR_FULL", allocated=8)
    ds.compress(JPEG2000Lossless, pixels, generate_instance_uid=False)
    make.save("j2k_ybr_full", ds, expected=rgb_of_ybr(pixels, 8)[None])
    ds.PhotometricInterpretation = "YBR_RCT"
    make.save("j2k_ybr_full_called_rct", ds, "contradicts the codestream")
    # The codestream's sign and Pixel Representation differ: its bits are read with the latter.
    signed = kinds["s12"][0]
    ds = dataset(signed.shape, stored=12)
    ds.compress(JPEG2000Lossless, (signed.view(np.uint16) & 0xFFF), generate_instance_uid=False)
    ds.PixelRepresentation = 1
    make.save("j2k_unsigned_codestream_of_signed", ds, expected=signed[None])
    ds = dataset(signed.shape, stored=12, signed=1)
    ds.compress(JPEG2000Lossless, signed, generate_instance_uid=False)
    ds.PixelRepresentation = 0
    make.save("j2k_signed_codestream_of_unsigned", ds, expected=(signed.view(np.uint16) & 0xFFF)[None])
    ds.PixelRepresentation, ds.BitsStored, ds.HighBit = 1, 10, 9
    make.save("j2k_more_bits_than_stored", ds, "do not fit into Bits Stored")
    ds.BitsStored, ds.HighBit, ds.Rows = 12, 11, 41
    make.save("j2k_other_size", ds, "the data set says")


def high_throughput(make):
    """HTJ2K by OpenJPH's encoder, when it is installed (Debian package openjph-tools)."""
    if not shutil.which("ojph_compress"):
        return

    def coded(pixels, *options):
        high = 65535 if pixels.dtype == np.uint16 else 255
        kind = "P5" if pixels.ndim == 2 else "P6"
        source, target = make.folder / ("x.pgm" if kind == "P5" else "x.ppm"), make.folder / "x.j2c"
        head = f"{kind}\n{pixels.shape[1]} {pixels.shape[0]}\n{high}\n".encode()
        source.write_bytes(head + pixels.astype(pixels.dtype.newbyteorder(">")).tobytes())
        subprocess.run(["ojph_compress", "-i", source, "-o", target, *options], check=True, capture_output=True)
        result = target.read_bytes()
        source.unlink(), target.unlink()
        return result

    gray, rgb = smooth((64, 60), 0, 65535, np.uint16), color((64, 60), 255, np.uint8)
    lossless, lossy = ["-reversible", "true"], ["-reversible", "false", "-qstep", "0.001"]
    ds = dataset(gray.shape, UID("1.2.840.10008.1.2.4.201"))
    make.frames("htj2k_lossless", ds, [coded(gray, *lossless)], expected=gray[None])
    ds = dataset(gray.shape, UID("1.2.840.10008.1.2.4.202"), "YBR_RCT", 8)
    make.frames("htj2k_rgb_rpcl", ds, [coded(rgb, *lossless, "-prog_order", "RPCL")], expected=rgb[None])
    ds = dataset(gray.shape, UID("1.2.840.10008.1.2.4.203"))
    make.frames("htj2k_lossy", ds, [coded(gray, *lossy)])
    ds = dataset(gray.shape, UID("1.2.840.10008.1.2.4.203"), "YBR_ICT", 8, frames=2)
    make.frames("htj2k_lossy_ict_2frames", ds, [coded(rgb, *lossy), coded(rgb[::-1], *lossy)], fragments_per_frame=2)


def wsidicom_frames(make):
    """The encoded tiles of wsidicom-data under their transfer syntaxes; the raw ones are what they show."""
    folder = Path(distribution("wsidicom-data").locate_file("wsidicom_data/data/encoded"))
    syntaxes = {
        "JPEG-LS_Lossless_Image_Compression": "1.2.840.10008.1.2.4.80",
        "JPEG-LS_Lossy_(Near-Lossless)_Image_Compression": "1.2.840.10008.1.2.4.81",
        "JPEG_2000_Image_Compression_(Lossless_Only)": "1.2.840.10008.1.2.4.90",
        "JPEG_2000_Image_Compression": "1.2.840.10008.1.2.4.91",
        "JPEG_Baseline_(Process_1)": "1.2.840.10008.1.2.4.50",
        "JPEG_Extended_(Process_2_and_4)": "1.2.840.10008.1.2.4.51",
        "JPEG_Lossless,_Non-Hierarchical_(Process_14)": "1.2.840.10008.1.2.4.57",
        "JPEG_Lossless,_Non-Hierarchical,_First-Order_Prediction_(Process_14_[Selection_Value_1])": "1.2.840.10008.1.2.4.70",
        "RLE_Lossless": "1.2.840.10008.1.2.5",
        "HTJ2K_(Lossless_Only)": "1.2.840.10008.1.2.4.201",
    }
    from PIL import Image
    size = Image.open(folder.parent / "test_tile.png").size[::-1]
    for path in sorted(folder.iterdir()):
        stem, kind, bits = path.stem.rsplit("-", 2)
        if stem not in syntaxes:
            continue
        photometric = "MONOCHROME2" if kind == "GRAYSCALE" else kind if kind == "RGB" else "YBR_FULL"
        coded = path.read_bytes()
        if photometric != "MONOCHROME2" and "2000" in stem:
            at = coded.find(b"\xff\x52")
            if coded[at + 8] == 1:
                photometric = "YBR_RCT" if coded[at + 13] == 1 else "YBR_ICT"
        ds = dataset(size, UID(syntaxes[stem]), photometric, 8 if bits == "8" else 16, int(bits))
        # Adobe's marker and the component names in this one say RGB.
        refusal = "colours are RGB, which contradicts" if stem.endswith("(Process_14)") and kind == "YBR" else None
        make.frames(f"wsidicom_{syntaxes[stem][17:].strip('.')}_{kind}_{bits}", ds, [coded], refusal)


def native(make):
    gray = smooth((9, 11), -2048, 2047, np.int16)
    for syntax, name in [(LITTLE, "le"), (BIG, "be"), (IMPLICIT, "implicit")]:
        make.native(f"s12_{name}", gray, dataset(gray.shape, syntax, stored=12, signed=1))
        words = smooth((9, 11), 0, 2**24 - 1, np.uint32)
        make.native(f"u32_{name}", words, dataset(words.shape, syntax, allocated=32))
        bytes8 = smooth((9, 11), 0, 255, np.uint8)
        # 8-bit samples in 16-bit words: the first sample is the low byte of its word (PS3.5 8.1.1).
        padded = bytes8.tobytes() + b"\0"
        ds = dataset(bytes8.shape, syntax, allocated=8)
        ds.PixelData = np.frombuffer(padded, "<u2").astype(">u2" if syntax == BIG else "<u2").tobytes()
        ds["PixelData"].VR = "OW"
        make.save(f"u8_in_words_{name}", ds, expected=bytes8[None])
        bits = rng.integers(0, 2, (3, 5, 7)).astype(np.uint8)
        ds = dataset((5, 7), syntax, allocated=1, frames=3)
        packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
        packed += b"\0" * (len(packed) % 2)
        ds.PixelData = np.frombuffer(packed, "<u2").astype(">u2" if syntax == BIG else "<u2").tobytes()
        ds["PixelData"].VR = "OW"
        make.save(f"bits_3frames_{name}", ds, expected=bits)
        for kind, element, allocated in [("f4", "FloatPixelData", 32), ("f8", "DoubleFloatPixelData", 64)]:
            values = rng.normal(0, 1000, (2, 4, 6)).astype(kind)
            values[0, 0, 0] = np.nan
            ds = dataset((4, 6), syntax, allocated=allocated, frames=2)
            del ds.BitsStored, ds.HighBit, ds.PixelRepresentation
            setattr(ds, element, values.astype((">" if syntax == BIG else "<") + kind).tobytes())
            make.save(f"{element}_{name}", ds, expected=values.astype(np.float32))
        ybr = rng.integers(0, 256, (8, 10, 3)).astype(np.uint8)
        make.native(f"ybr_full_{name}", ybr, dataset((8, 10), syntax, "YBR_FULL", 8), vr="OB")
        ds = dataset((8, 10), syntax, "YBR_FULL", 8, PlanarConfiguration=1)
        make.native(f"ybr_full_planar_{name}", np.moveaxis(ybr, -1, 0), ds, vr="OB", expected=rgb_of_ybr(ybr, 8)[None])
        ybr = rng.integers(0, 65536, (8, 10, 3)).astype(np.uint16)
        ds = dataset((8, 10), syntax, "YBR_FULL", 16)
        make.native(f"ybr_full_16_{name}", ybr, ds, expected=rgb_of_ybr(ybr, 16)[None])
        half = rng.integers(0, 4096, (8, 5, 4)).astype(np.uint16)
        ds = dataset((8, 10), syntax, "YBR_FULL_422", 16, 12)
        full = np.stack([half[..., :2].reshape(8, 10), *(np.repeat(half[..., i], 2, 1) for i in (2, 3))], -1)
        make.native(f"ybr_full_422_12_{name}", half, ds, expected=rgb_of_ybr(full, 12)[None])
    all_colors = np.stack(np.meshgrid(*[np.arange(0, 256, 5, dtype=np.uint8)] * 3), -1).reshape(104, -1, 3)
    make.native("ybr_full_all", all_colors, dataset(all_colors.shape[:2], LITTLE, "YBR_FULL", 8), vr="OB")
    justified = (gray << 4) | 9
    make.native("left_justified", justified, dataset(gray.shape, stored=12, signed=1, HighBit=15), expected=gray[None])
    ds = dataset(gray.shape, photometric="MONOCHROME1", stored=12, signed=1)
    make.native("monochrome1", gray, ds)


def tables(make):
    indices = rng.integers(0, 256, (12, 13)).astype(np.uint8)

    def palette(count, first, bits, data, signed=0, **kinds):
        ds = dataset(indices.shape, photometric="PALETTE COLOR", allocated=8, signed=signed, **kinds)
        for name, values in zip(["Red", "Green", "Blue"], data):
            setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [count % 65536, first, bits])
            ds[f"{name}PaletteColorLookupTableDescriptor"].VR = "SS" if signed else "US"
            setattr(ds, f"{name}PaletteColorLookupTableData", values.tobytes() + b"\0" * (values.nbytes % 2))
        return ds

    eight, sixteen = rng.integers(0, 256, (3, 201)).astype(np.uint8), rng.integers(0, 65536, (3, 200)).astype("<u2")
    clipped = np.clip(indices.astype(int) - 30, 0, 200)
    ds = palette(201, 30, 8, eight)
    make.native("palette_8_odd", indices, ds, "OB", expected=np.moveaxis(eight[:, clipped], 0, -1)[None])
    make.native("palette_16", indices, palette(200, 30, 16, sixteen), "OB")
    make.native("palette_8_in_words", indices, palette(200, 30, 8, sixteen & 0xFF), "OB")
    signed = indices.view(np.int8)
    ds = palette(200, -100, 16, sixteen, signed=1)
    make.native("palette_signed", signed, ds, "OB")
    long = rng.integers(0, 65536, (3, 65536)).astype("<u2")
    ds = palette(65536, 0, 16, long)
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 16, 15
    make.native("palette_65536", rng.integers(0, 65536, (12, 13)).astype(np.uint16), ds)
    make.native("palette_short", indices, palette(150, 0, 16, sixteen), "OB", refusal="200 words for 150 entries")

    def segmented(bits, data):
        ds = palette(256, 0, bits, sixteen)
        for name in ["Red", "Green", "Blue"]:
            delattr(ds, f"{name}PaletteColorLookupTableData")
            kind = "<u2" if bits == 16 else "u1"
            setattr(ds, f"Segmented{name}PaletteColorLookupTableData", np.array(data, kind).tobytes())
        return ds

    ramp = [0, 3, 0, 500, 1000, 1, 125, 60001, 0, 1, 7, 1, 127, 65000]
    make.native("palette_segmented_16", indices, segmented(16, ramp), "OB")
    # Two segments once more, from byte 0.
    again = [0, 4, 10, 20, 30, 40, 1, 100, 255, 1, 48, 3, 2, 2, 0, 0, 0, 0]
    make.native("palette_segmented_8", indices, segmented(8, again), "OB")
    make.native("palette_segmented_endless", indices, segmented(8, [0, 1, 5, 1, 250, 9, 1, 250, 7, 0]), "OB", refusal="more entries")
    make.native("palette_segmented_short", indices, segmented(8, [0, 1, 5, 1, 100, 9]), "OB", refusal="ends before its last entry")

    for signed in (0, 1):
        gray = rng.integers(-400 if signed else 0, 400, (12, 13)).astype(np.int16 if signed else np.uint16)
        for name, vr, data in [("us", "US", list(range(1000, 4000, 10))), ("ow", "OW", np.arange(1000, 4000, 10).astype("<u2").tobytes())]:
            table = Dataset()
            table.LUTDescriptor = [300, -50 if signed else 20, 16]
            table["LUTDescriptor"].VR = "SS" if signed else "US"
            table.ModalityLUTType = "OD"
            table.add_new(0x00283006, vr, data)
            ds = dataset(gray.shape, signed=signed, ModalityLUTSequence=[table], PixelPaddingValue=3)
            ds["PixelPaddingValue"].VR = "SS" if signed else "US"
            make.native(f"modality_lut_{name}_{'signed' if signed else 'unsigned'}", gray, ds)
    gray = rng.integers(0, 100, (12, 13)).astype(np.uint16)
    ds = dataset(gray.shape, PixelPaddingValue=20, PixelPaddingRangeLimit=10, RescaleSlope=2, RescaleIntercept=-7)
    make.native("padding_range", gray, ds)
    values = rng.normal(-1000, 300, gray.shape).astype("<f4")
    values[2, 3:9] = -1000
    padding = dict(FloatPixelPaddingValue=-1000.0, FloatPixelPaddingRangeLimit=-999.5)
    ds = dataset(gray.shape, allocated=32, FloatPixelData=values.tobytes(), **padding)
    del ds.BitsStored, ds.HighBit, ds.PixelRepresentation
    make.save("float_padding", ds, expected=values[None])
    ds = dataset((8, 10), photometric="RGB", allocated=8, PixelPaddingValue=0)
    ds["PixelPaddingValue"].VR = "US"
    make.native("rgb_with_padding", rng.integers(0, 3, (8, 10, 3)).astype(np.uint8), ds, "OB")
    ds = dataset(gray.shape)
    ds.RealWorldValueMappingSequence = [Dataset(), Dataset()]
    for item, slope, intercept in zip(ds.RealWorldValueMappingSequence, [0.5, 2], [-3, 0]):
        item.RealWorldValueSlope, item.RealWorldValueIntercept, item.LUTLabel = slope, intercept, "label"
    unit = Dataset()
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = "mm2/s", "UCUM", "square millimeter per second"
    ds.RealWorldValueMappingSequence[0].MeasurementUnitsCodeSequence = [unit]
    make.native("real_world_values", gray, ds)
    ds = dataset(gray.shape, Modality="RTDOSE", DoseGridScaling="0.0125", DoseUnits="GY")
    make.native("dose", gray, ds)


def deflated_frames(make):
    stack = np.stack([smooth((9, 11), 0, 4095, np.uint16) for _ in range(3)])

    def raw(data):
        coder = zlib.compressobj(9, zlib.DEFLATED, -15)
        return coder.compress(data) + coder.flush()

    ds = dataset((9, 11), DEFLATED_FRAME, stored=12, frames=3)
    make.frames("deflated_frames", ds, [raw(frame.tobytes()) for frame in stack], expected=stack)
    bits = rng.integers(0, 2, (2, 5, 7)).astype(np.uint8)
    ds = dataset((5, 7), DEFLATED_FRAME, allocated=1, frames=2)
    coded = [raw(np.packbits(frame.ravel(), bitorder="little").tobytes()) for frame in bits]
    make.frames("deflated_bits", ds, coded, expected=bits)
    ds = dataset((9, 11), DEFLATED_FRAME, stored=12)
    make.frames("deflated_short", ds, [raw(stack[0].tobytes()[:-2])], refusal="deflated frame has 196 of 198 bytes")
    make.frames("deflated_long", ds, [raw(stack[0].tobytes() + b"\0\0")], refusal="more than its 198 bytes")


def refused(make):
    gray = smooth((9, 11), 0, 4095, np.uint16)
    make.native("bits_24", gray, dataset((9, 11), allocated=24), refusal="Bits Allocated 24")
    make.native("bits_64", gray.astype(np.uint64), dataset((9, 11), allocated=64), refusal="Bits Allocated 64")
    make.native("bits_stored_above", gray, dataset((9, 11), stored=17), refusal="contradict Bits Allocated")
    color8 = rng.integers(0, 256, (8, 10, 3)).astype(np.uint8)
    for kind in ["YBR_PARTIAL_422", "YBR_PARTIAL_420"]:
        make.native(kind, color8, dataset((8, 10), photometric=kind, allocated=8), "OB", refusal=f"{kind} is not read")
    make.native("ybr_422_odd", color8[:, :9], dataset((8, 9), photometric="YBR_FULL_422", allocated=8), "OB", refusal="odd number")
    for uid, words in [("4.92", "multi-component"), ("4.94", "JPIP"), ("4.102", "MPEG-4"), ("4.110", "JPEG XL")]:
        ds = dataset((9, 11), UID(f"1.2.840.10008.1.2.{uid}"))
        make.frames(f"syntax_{uid}", ds, [gray.tobytes()], refusal=words)


def jpeg(make):
    """JPEG whose data set says that colours come by plane, which compressed data does not care about (PS3.5 8.2.1)."""
    for name in ["SC_rgb_dcmtk_+eb+cr", "SC_rgb_jpeg_dcmtk", "SC_rgb_jpeg_gdcm", "SC_rgb_jls_lossy_line"]:
        ds = pydicom.dcmread(PYDICOM / f"{name}.dcm")
        expected = pydicom.pixels.pixel_array(ds, raw=False)
        ds.PlanarConfiguration = 1
        make.save(f"{name}_by_plane", ds, expected=expected[None])
    ds = pydicom.dcmread(PYDICOM / "SC_rgb_small_odd_jpeg.dcm")
    coded = next(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=1))
    at = coded.find(b"\xff\xc0")
    for name, change in [("rows", (5, b"\xff\xff")), ("columns", (7, b"\xff\xff")), ("precision", (4, b"\x0c"))]:
        changed = bytearray(coded)
        changed[at + change[0] : at + change[0] + len(change[1])] = change[1]
        words = "the data set says" if name != "precision" else "Bits Allocated 8 are fewer"
        make.frames(f"jpeg_other_{name}", ds, [bytes(changed)], refusal=words)
    ds.PhotometricInterpretation = "RGB"
    make.frames("jpeg_ycbcr_called_rgb", ds, [coded], refusal="colours are YCbCr, which contradicts")
    ds.PhotometricInterpretation = "YBR_FULL"
    progressive = coded.replace(b"\xff\xc0", b"\xff\xc2")
    make.frames("jpeg_progressive", ds, [progressive], refusal="progressive JPEG")
    scan = coded[coded.find(b"\xff\xda") : coded.rfind(b"\xff\xd9")]
    make.frames("jpeg_many_scans", ds, [coded[: coded.rfind(b"\xff\xd9")] + scan * 200 + b"\xff\xd9"], refusal="201 scans")


def make(folder):
    maker = Maker(folder)
    for part in (compressed, high_throughput, wsidicom_frames, native, tables, deflated_frames, refused, jpeg):
        part(maker)
    return maker.made
