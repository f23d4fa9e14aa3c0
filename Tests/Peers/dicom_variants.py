"""Makes small DICOM files of the pixel kinds that the wheels' files lack. `make(folder)` returns a list of
(path, words of the reason when it must be refused, or None, expected stored values or None for pydicom's)."""
from dicom_codecs import compressed, deflated_frames, high_throughput, jpeg, wsidicom_frames
from dicom_maker import Maker
from dicom_pixels import native, refused, tables


def make(folder):
    maker = Maker(folder)
    # In this order: all draw from one generator.
    for part in (compressed, high_throughput, wsidicom_frames, native, tables, deflated_frames, refused, jpeg):
        part(maker)
    return maker.made
