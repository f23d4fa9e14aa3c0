"""Made files of each kind of uncompressed pixel and of each table, and of what must be refused."""
import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import UID

from dicom_maker import BIG, IMPLICIT, LITTLE, dataset, rgb_of_ybr, rng, smooth


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
    ds = segmented(8, [0, 1, 5, 1, 250, 9, 1, 250, 7, 0])
    make.native("palette_segmented_endless", indices, ds, "OB", refusal="more entries")
    ds = segmented(8, [0, 1, 5, 1, 100, 9])
    make.native("palette_segmented_short", indices, ds, "OB", refusal="ends before its last entry")

    for signed in (0, 1):
        gray = rng.integers(-400 if signed else 0, 400, (12, 13)).astype(np.int16 if signed else np.uint16)
        entries = np.arange(1000, 4000, 10).astype("<u2")
        for name, vr, data in [("us", "US", entries.tolist()), ("ow", "OW", entries.tobytes())]:
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


def refused(make):
    gray = smooth((9, 11), 0, 4095, np.uint16)
    make.native("bits_24", gray, dataset((9, 11), allocated=24), refusal="Bits Allocated 24")
    make.native("bits_64", gray.astype(np.uint64), dataset((9, 11), allocated=64), refusal="Bits Allocated 64")
    make.native("bits_stored_above", gray, dataset((9, 11), stored=17), refusal="contradict Bits Allocated")
    color8 = rng.integers(0, 256, (8, 10, 3)).astype(np.uint8)
    for kind in ["YBR_PARTIAL_422", "YBR_PARTIAL_420"]:
        make.native(kind, color8, dataset((8, 10), photometric=kind, allocated=8), "OB", refusal=f"{kind} is not read")
    ds = dataset((8, 9), photometric="YBR_FULL_422", allocated=8)
    make.native("ybr_422_odd", color8[:, :9], ds, "OB", refusal="odd number")
    for uid, words in [("4.92", "multi-component"), ("4.94", "JPIP"), ("4.102", "MPEG-4"), ("4.110", "JPEG XL")]:
        ds = dataset((9, 11), UID(f"1.2.840.10008.1.2.{uid}"))
        make.frames(f"syntax_{uid}", ds, [gray.tobytes()], refusal=words)
