"""Made files of each codec: JPEG, JPEG-LS, JPEG 2000, HTJ2K, RLE and deflated frames."""
import shutil
import subprocess
import zlib
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom.uid import JPEG2000, JPEG2000Lossless, JPEGLSLossless, RLELossless, UID

from dicom_maker import DEFLATED_FRAME, PYDICOM, color, dataset, rgb_of_ybr, rng, smooth


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
        "RLE_Lossless": "1.2.840.10008.1.2.5",
    }
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
    many = coded[: coded.rfind(b"\xff\xd9")] + scan * 200 + b"\xff\xd9"
    make.frames("jpeg_many_scans", ds, [many], refusal="201 scans")
