"""Writes the edge cases of DICOM series, one folder a case.

    python Tests/Peers/edge_cases.py FOLDER

Voxels hold `edge_cases_writer.value` of their place, so that any right reader can be recognised. `CASES` says of each
case what is odd, which volumes there are, and what Hilum makes of it.
"""

import dataclasses
import pathlib
import shutil
import sys
from collections.abc import Callable

import numpy as np
import pydicom
from pydicom.encaps import encapsulate
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian, JPEG2000Lossless,
                         JPEGLosslessSV1, JPEGLossless, JPEGLSLossless, RLELossless)

from edge_cases_writer import (COLUMNS, CT, ENHANCED_CT, ENHANCED_MR, GAP, MR, PET, ROWS, SLICES, Grid, Study, csa_header,
                               enhanced, item, lossless_jpeg, mosaic, number, set_pixels)

RIGHT = "right"


@dataclasses.dataclass
class Volume:
    """What must come out: sizes slowest first, and what each channel adds to the value of its place."""

    shape: tuple | None = (1, SLICES, ROWS, COLUMNS)
    offsets: tuple = (0.0,)
    #: For pictures without a place: the values themselves.
    picture: np.ndarray | None = None


@dataclasses.dataclass
class Case:
    odd: str
    build: Callable[[Study], None]
    volumes: list = dataclasses.field(default_factory=lambda: [Volume()])
    verdict: str = RIGHT
    warnings: tuple = ()
    #: Of `input:` in the pipeline.
    options: dict = dataclasses.field(default_factory=dict)
    #: Places (n, 3) whose voxels hold no data: the least value stands there.
    empty: Callable[[np.ndarray], np.ndarray] | None = None
    #: Places outside every slice, where readers that undo the tilt may put anything.
    outside: Callable[[np.ndarray], np.ndarray] | None = None
    #: Units that a value may be off: rounding of stored values.
    tolerance: float = 0.51
    #: Regular series, on which dcm2niix must agree.
    regular: bool = False


CASES: dict[str, Case] = {}


def case(odd: str, volumes=None, **options):
    def add(function):
        name = function.__name__.replace("_", "-")
        assert name not in CASES, name
        if volumes is not None:
            options["volumes"] = volumes
        CASES[name] = Case(odd, function, **options)
        return function

    return add


def variant(name: str, of: str, **changes):
    """The same files under other options."""
    CASES[name] = dataclasses.replace(CASES[of], **changes)


# MARK: Geometry


@case("axial CT", regular=True)
def plain(study):
    study.series(Grid())


@case("both axes of the slice turned", regular=True)
def oblique(study):
    study.series(Grid((0.8, 0.6, 0), (-0.48, 0.64, 0.6)))


@case("sagittal slices", regular=True)
def sagittal(study):
    study.series(Grid((0, 1, 0), (0, 0, -1)))


@case("coronal slices", regular=True)
def coronal(study):
    study.series(Grid((1, 0, 0), (0, 0, -1)))


@case("rows run to the patient's right", regular=True)
def flipped_row(study):
    study.series(Grid((-1, 0, 0), (0, 1, 0)))


@case("file names in another order than slices", regular=True)
def shuffled_names(study):
    study.series(Grid(), names=["d.dcm", "a.dcm", "f.dcm", "c.dcm", "b.dcm", "e.dcm"])


@case("instance numbers descend", regular=True)
def reversed_instance_numbers(study):
    study.series(Grid(), change=lambda ds, i: setattr(ds, "InstanceNumber", 100 - i))


@case("instance numbers absent", regular=True)
def no_instance_numbers(study):
    study.series(Grid(), change=lambda ds, i: delattr(ds, "InstanceNumber"))


@case("pixels three times as high as wide", regular=True)
def non_square_pixels(study):
    study.series(Grid(spacing=(1.5, 0.5)))


@case("slices of feet-first order: positions descend with instance numbers", regular=True)
def descending_positions(study):
    study.series(Grid(depths=[15, 12, 9, 6, 3, 0]))


@case("cosines differ by 1e-5 from slice to slice", regular=True)
def noisy_orientation(study):
    def change(ds, i):
        ds.ImageOrientationPatient = ["1", number((-1) ** i * 1e-5), "0", number((-1) ** (i + 1) * 1e-5), "1", "0"]

    study.series(Grid(), change=change)


@case("cosines at the edge of rounding", regular=True)
def cosines_at_rounding_edge(study):
    def change(ds, i):
        ds.ImageOrientationPatient = [["0.6000499", "0.6000501"][i % 2], "0.79996", "0", "-0.79996", "0.60005", "0"]

    study.series(Grid((0.60005, 0.79996, 0), (-0.79996, 0.60005, 0)), change=change)


@case("positions rounded to 0.01 mm")
def position_noise_below_tolerance(study):
    study.series(Grid(depths=[0, 3.01, 5.99, 9, 12.01, 15]))


@case("gaps that differ by 0.2 mm", verdict="refused: irregular-spacing")
def position_noise_above_tolerance(study):
    study.series(Grid(depths=[0, 3.2, 6, 9, 12, 15]))


@case("gaps that grow slowly, each within the tolerance of the last", verdict="refused: irregular-spacing")
def drifting_gaps(study):
    study.series(Grid(depths=np.cumsum([0] + [3 + 0.006 * k for k in range(11)])))


@case("one slice", [Volume((1, 1, ROWS, COLUMNS))])
def one_slice(study):
    study.series(Grid(slices=1))


@case("two slices", [Volume((1, 2, ROWS, COLUMNS))], regular=True)
def two_slices(study):
    study.series(Grid(slices=2))


@case("Spacing Between Slices contradicts the positions", regular=True)
def wrong_spacing_tag(study):
    study.series(Grid(), change=lambda ds, i: setattr(ds, "SpacingBetweenSlices", "7"))


@case("negative Spacing Between Slices", regular=True)
def negative_spacing_tag(study):
    study.series(Grid(), change=lambda ds, i: setattr(ds, "SpacingBetweenSlices", "-3"))


@case("orientation vectors that are not perpendicular", verdict="refused: missing-geometry")
def broken_orientation(study):
    study.series(Grid(), change=lambda ds, i: setattr(ds, "ImageOrientationPatient", ["1", "0", "0", "0.7", "0.7", "0"]))


# MARK: Irregular series


@case("one of six slices missing", verdict="refused: irregular-spacing")
def missing_slice(study):
    study.series(Grid(depths=[0, 3, 9, 12, 15]))


@case("gaps of 3 and 5 mm", verdict="refused: irregular-spacing")
def variable_spacing(study):
    study.series(Grid(depths=[0, 3, 6, 11, 16, 21]))


variant("missing-slice-regrid", "missing-slice", options={"onIrregular": "regrid"}, verdict=RIGHT,
        warnings=("interpolated",))
variant("missing-slice-split", "missing-slice", options={"onIrregular": "split"}, verdict=RIGHT,
        warnings=("split-series",), volumes=[Volume((1, 2, ROWS, COLUMNS)), Volume((1, 3, ROWS, COLUMNS))])
variant("variable-spacing-regrid", "variable-spacing", options={"onIrregular": "regrid"}, verdict=RIGHT,
        warnings=("interpolated",), volumes=[Volume((1, 5, ROWS, COLUMNS))])
variant("variable-spacing-split", "variable-spacing", options={"onIrregular": "split"}, verdict=RIGHT,
        warnings=("split-series",), volumes=[Volume((1, 2, ROWS, COLUMNS)), Volume((1, 4, ROWS, COLUMNS))])
variant("position-noise-allowed", "position-noise-above-tolerance", options={"onIrregular": "allow"}, verdict=RIGHT,
        warnings=("uneven-spacing",), tolerance=0.51 + 2.1)


@case("a slice alone before a run of five", options={"onIrregular": "split"}, warnings=("split-series",),
      volumes=[Volume((1, 1, ROWS, COLUMNS)), Volume((1, 5, ROWS, COLUMNS))])
def single_leftover_split(study):
    study.series(Grid(depths=[0, 10, 13, 16, 19, 22]))


@case("one slice is 4 mm off sideways", verdict="refused: irregular-spacing")
def sideways_slice(study):
    grid = Grid()
    grid.origins[3, 0] += 4
    study.series(grid)


@case("a missing slice and slopes of their own", options={"onIrregular": "regrid"}, warnings=("interpolated",),
      tolerance=1.2)
def regrid_with_slopes(study):
    grid = Grid(depths=[0, 3, 9, 12, 15])
    for i in range(len(grid)):
        study.save(study.slice(grid, i, slope=0.5 + 0.25 * i, intercept=-1000.0, used=16))


@case("tilted gantry, the tag says +15", warnings=("sheared",), regular=True)
def tilt_tag_plus(study):
    tilted(study, "15")


@case("tilted gantry, the tag says -15", warnings=("sheared",), regular=True)
def tilt_tag_minus(study):
    tilted(study, "-15")


@case("tilted gantry, no tag", warnings=("sheared",), regular=True)
def tilt_tag_absent(study):
    tilted(study, None)


def tilted_grid():
    angle = np.radians(15)
    return Grid((1, 0, 0), (0, np.cos(angle), -np.sin(angle)), step=(0, 0, 1))


def tilted(study, tag):
    def change(ds, i):
        if tag:
            ds.GantryDetectorTilt = tag

    study.series(tilted_grid(), change=change)


def outside_tilted(positions):
    grid = tilted_grid()
    depth = (positions - grid.origins[0]) @ grid.normal
    step = grid.origins[1] - grid.origins[0]
    offset = positions - grid.origins[0] - np.outer(depth / (step @ grid.normal), step)
    rows = offset @ grid.column / grid.spacing[0]
    return (rows < -1e-3) | (rows > ROWS - 1 + 1e-3)


for name in ("tilt-tag-plus", "tilt-tag-minus", "tilt-tag-absent"):
    CASES[name].outside = outside_tilted
variant("tilt-regrid", "tilt-tag-absent", options={"tilt": "regrid"}, warnings=("interpolated",), regular=False,
        empty=outside_tilted, volumes=[Volume((1, SLICES, ROWS + 4, COLUMNS))])


@case("the tag says 15 degrees, the positions none", regular=True)
def tilt_tag_without_tilt(study):
    study.series(Grid(), change=lambda ds, i: setattr(ds, "GantryDetectorTilt", "15"))


# MARK: Grouping


@case("two localizers in the series of the scan",
      [Volume((1, 1, ROWS, COLUMNS)), Volume((1, 1, ROWS, COLUMNS)), Volume()])
def localizer_in_series(study):
    def localizer(ds, i):
        ds.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]

    study.series(Grid((0, 1, 0), (0, 0, -1), slices=1), change=localizer)
    study.series(Grid((1, 0, 0), (0, 0, -1), slices=1), change=localizer)
    study.series(Grid())


@case("two echoes at the same positions", [Volume(), Volume(offsets=(300.0,))])
def two_echoes(study):
    for echo in (1, 2):
        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=300.0 * (echo - 1),
                     change=lambda ds, i: setattr(ds, "EchoNumbers", str(echo)))


@case("two echoes that only Echo Time tells apart", [Volume(), Volume(offsets=(300.0,))])
def two_echo_times(study):
    for echo in (1, 2):
        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=300.0 * (echo - 1),
                     change=lambda ds, i: setattr(ds, "EchoTime", str(10 * echo)))


@case("magnitude and phase in one series", [Volume(), Volume(offsets=(300.0,))])
def magnitude_and_phase(study):
    for kind, offset in (("M", 0.0), ("P", 300.0)):
        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=offset,
                     change=lambda ds, i: setattr(ds, "ImageType", ["ORIGINAL", "PRIMARY", kind, "ND"]))


@case("two series in one folder", [Volume(), Volume(offsets=(300.0,))])
def two_series(study):
    study.series(Grid(), series="1")
    study.series(Grid(), series="2", offset=300.0)


@case("one slice and a volume in one series, other sizes",
      [Volume((1, 1, ROWS * 2, COLUMNS)), Volume()])
def picture_and_volume(study):
    study.series(Grid())
    study.series(Grid(shape=(ROWS * 2, COLUMNS), slices=1))


@case("two time points by Temporal Position Identifier", [Volume((2, SLICES, ROWS, COLUMNS), (0.0, 300.0))])
def time_by_temporal_position(study):
    for time in (2, 1):
        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=300.0 * (time - 1),
                     change=lambda ds, i: setattr(ds, "TemporalPositionIdentifier", time))


@case("three time points by acquisition number", [Volume((3, SLICES, ROWS, COLUMNS), (0.0, 200.0, 400.0))])
def time_by_acquisition(study):
    for time in range(3):
        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=200.0 * time,
                     change=lambda ds, i: setattr(ds, "AcquisitionNumber", time + 1))


@case("acquisition number counts slices", regular=True)
def acquisition_counts_slices(study):
    study.series(Grid(), change=lambda ds, i: setattr(ds, "AcquisitionNumber", i + 1))


@case("cardiac phases by Trigger Time, another for each slice", [Volume((4, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0, 300.0))])
def cardiac_trigger(study):
    for phase in range(4):
        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=100.0 * phase,
                     change=lambda ds, i: setattr(ds, "TriggerTime", str(50 * phase + i)))


@case("perfusion: one place, eight times", [Volume((8, 1, ROWS, COLUMNS), tuple(50.0 * k for k in range(8)))])
def perfusion_one_place(study):
    for time in range(8):
        study.series(Grid(slices=1), offset=50.0 * time,
                     change=lambda ds, i: setattr(ds, "AcquisitionTime", f"1200{time:02d}.500000"))


@case("the last of three time points was broken off",
      [Volume((2, SLICES, ROWS, COLUMNS), (0.0, 200.0)), Volume((1, 3, ROWS, COLUMNS), (400.0,))])
def time_broken_off(study):
    for time in range(3):
        study.series(Grid(slices=SLICES if time < 2 else 3), sop_class=MR, modality="MR", slope=None,
                     offset=200.0 * time, change=lambda ds, i: setattr(ds, "TemporalPositionIdentifier", time + 1))


@case("diffusion: b = 0 twice, three directions at b = 1000",
      [Volume((5, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0, 300.0, 400.0))])
def diffusion(study):
    weightings = [(0, None), (1000, (1, 0, 0)), (1000, (0, 1, 0)), (1000, (0, 0, 1)), (0, None)]
    for number_, (b, direction) in enumerate(weightings):
        def change(ds, i):
            ds.InstanceNumber = number_ * SLICES + i + 1
            ds.AcquisitionNumber = number_ + 1
            ds.DiffusionBValue = float(b)
            if direction:
                ds.DiffusionGradientOrientation = [float(v) for v in direction]

        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=100.0 * number_, change=change)


@case("diffusion in Siemens' private elements", [Volume((3, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0))])
def diffusion_siemens(study):
    for number_, (b, direction) in enumerate([(0, None), (1000, (1.0, 0.0, 0.0)), (1000, (0.0, 0.6, 0.8))]):
        def change(ds, i):
            ds.InstanceNumber = number_ * SLICES + i + 1
            ds.Manufacturer = "SIEMENS"
            ds.add_new((0x0019, 0x0010), "LO", "SIEMENS MR HEADER")
            ds.add_new((0x0019, 0x100C), "IS", str(b))
            if direction:
                ds.add_new((0x0019, 0x100E), "FD", list(direction))

        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=100.0 * number_, change=change)


@case("diffusion in GE's private elements, all at one Acquisition Time",
      [Volume((3, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0))])
def diffusion_ge(study):
    for number_, (b, direction) in enumerate([(0, (0, 0, 0)), (1000, (1.0, 0.0, 0.0)), (1000, (0.0, 0.6, 0.8))]):
        def change(ds, i):
            ds.InstanceNumber = number_ * SLICES + i + 1
            ds.Manufacturer = "GE MEDICAL SYSTEMS"
            ds.ContentTime = f"1200{number_:02d}"
            ds.InPlanePhaseEncodingDirection = "COL"
            ds.add_new((0x0019, 0x0010), "LO", "GEMS_ACQU_01")
            for axis in range(3):
                ds.add_new((0x0019, 0x10BB + axis), "DS", str(direction[axis]))
            ds.add_new((0x0043, 0x0010), "LO", "GEMS_PARM_01")
            ds.add_new((0x0043, 0x1039), "IS", [str(1_000_000_000 + b if b else 0), "8", "0", "0"])

        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=100.0 * number_, change=change)


@case("diffusion in Siemens' CSA header alone", [Volume((3, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0))])
def diffusion_csa(study):
    for number_, (b, direction) in enumerate([(0, None), (1000, (1.0, 0.0, 0.0)), (1000, (0.0, 0.6, 0.8))]):
        def change(ds, i):
            ds.InstanceNumber = number_ * SLICES + i + 1
            ds.AcquisitionTime = f"1200{8 * number_:02d}"
            tags = {"B_value": [str(b)]}
            if direction:
                tags["DiffusionGradientDirection"] = [f"{v:.8f}" for v in direction]
            ds.add_new((0x0029, 0x0010), "LO", "SIEMENS CSA HEADER")
            ds.add_new((0x0029, 0x1010), "OB", csa_header(tags))

        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=100.0 * number_, change=change)


@case("two directions and the average over them in one series", warnings=("no-gradient-direction",),
      volumes=[Volume((3, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0)), Volume(offsets=(300.0,))])
def diffusion_average(study):
    for number_, (b, direction) in enumerate([(0, None), (1000, (1, 0, 0)), (1000, (0, 1, 0)), (1000, None)]):
        def change(ds, i):
            ds.InstanceNumber = number_ * SLICES + i + 1
            ds.DiffusionBValue = float(b)
            if direction:
                ds.DiffusionGradientOrientation = [float(v) for v in direction]

        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=100.0 * number_, change=change)


@case("one of five points in time is missing", warnings=("time-step-unknown",),
      volumes=[Volume((4, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0, 400.0))])
def time_missing(study):
    for time in (0, 1, 2, 4):
        def change(ds, i):
            ds.TemporalPositionIdentifier, ds.TemporalResolution = time + 1, "2000"
            ds.AcquisitionTime = f"1200{2 * time:02d}"

        study.series(Grid(), sop_class=MR, modality="MR", slope=None, offset=100.0 * time, change=change)


@case("time points that nothing in the header tells apart", verdict="refused: duplicate-slices")
def time_without_a_tag(study):
    for time in range(2):
        study.series(Grid(), offset=300.0 * time)


@case("one file twice", warnings=("copy-ignored",))
def copied_file(study):
    study.series(Grid())
    shutil.copy(study.folder / "003.dcm", study.folder / "copy of 003.dcm")


@case("a slice twice under another SOP Instance UID", warnings=("copy-ignored",))
def duplicate_slice(study):
    study.series(Grid())
    study.save(study.slice(Grid(), 2))


@case("two slices of other pixels at one place", verdict="refused: duplicate-slices")
def contradicting_slices(study):
    study.series(Grid())
    study.save(study.slice(Grid(), 2, offset=50.0))


@case("one SOP Instance UID in two files of other pixels", verdict="refused: duplicate-slices")
def duplicate_uid(study):
    slices = study.series(Grid())
    ds = study.slice(Grid(), 2, offset=50.0)
    ds.SOPInstanceUID = slices[2].SOPInstanceUID
    ds.InstanceNumber = 3
    study.save(ds)


@case("no Study, Series and SOP Instance UID", warnings=("no-series-uid",))
def no_uids(study):
    def change(ds, i):
        del ds.StudyInstanceUID, ds.SeriesInstanceUID

    study.series(Grid(), change=change)


@case("a private SOP class", regular=False)
def private_sop_class(study):
    study.series(Grid(), sop_class="1.3.12.2.1107.5.9.1")


@case("names without extension", regular=True)
def no_extension(study):
    study.series(Grid(), names=[f"IM{i:04d}" for i in range(SLICES)])


# MARK: Without a place


def pictures(**options):
    return [Volume((1, 1, ROWS, COLUMNS), picture=np.rint(Grid().plane(i))) for i in range(SLICES)]


@case("Slice Location, no Image Position (Patient)", pictures(), warnings=("no-position",))
def no_position(study):
    def change(ds, i):
        del ds.ImagePositionPatient, ds.ImageOrientationPatient
        ds.SliceLocation = number(3.0 * i)

    study.series(Grid(), change=change)


variant("no-position-volume-required", "no-position", options={"require": "volume"}, verdict="refused: no-volume")


@case("one of six slices without position",
      [Volume((1, 2, ROWS, COLUMNS)), Volume((1, 3, ROWS, COLUMNS)),
       Volume((1, 1, ROWS, COLUMNS), picture=np.rint(Grid().plane(2)))],
      options={"onIrregular": "split"}, warnings=("no-position", "split-series"))
def one_without_position(study):
    def change(ds, i):
        if i == 2:
            del ds.ImagePositionPatient

    study.series(Grid(), change=change)


# MARK: Pixels


@case("slope 1 in the first slice, fractions in the others", tolerance=0.51)
def first_slope_one(study):
    grid = Grid()
    for i in range(len(grid)):
        study.save(study.slice(grid, i, slope=1.0 if i == 0 else 0.75, intercept=-1000.0, used=16))


@case("PET: a slope for each slice", tolerance=0.6)
def pet_slopes(study):
    grid = Grid()
    for i in range(len(grid)):
        ds = study.slice(grid, i, slope=0.05 + 0.01 * i, intercept=0.0, used=16, sop_class=PET, modality="PT")
        ds.Units = "BQML"
        study.save(ds)


@case("High Bit 15 with 12 bits stored", regular=False)
def left_justified(study):
    study.series(Grid(), high=15)


@case("overlay bits above the stored bits")
def overlay_in_high_bits(study):
    def change(ds, i):
        words = np.frombuffer(ds.PixelData, "<u2").copy()
        words[::3] |= 0x8000
        ds.PixelData = words.tobytes()

    study.series(Grid(), change=change)


@case("signed 12 bits, upper bits zero: the sign must be extended")
def sign_extension(study):
    study.series(Grid(), signed=True, intercept=1000.0)


@case("Bits Stored 12 and 16 in one series")
def bits_stored_vary(study):
    grid = Grid()
    for i in range(len(grid)):
        study.save(study.slice(grid, i, used=12 if i % 2 else 16))


def with_padding(signed, value_, vr):
    def build(study):
        grid = Grid()
        for i in range(len(grid)):
            ds = study.slice(grid, i, signed=signed, used=16)
            words = np.frombuffer(ds.PixelData, "<i2" if signed else "<u2").copy().reshape(ROWS, COLUMNS)
            words[:4, :5] = value_
            ds.PixelData = words.tobytes()
            if vr == "SS" or value_ >= 0:
                ds.add_new((0x0028, 0x0120), vr, value_)
            else:
                ds.add_new((0x0028, 0x0120), vr, value_ & 0xFFFF)
            study.save(ds)

    return build


def corner_is_empty(positions):
    grid = Grid()
    offset = positions - grid.origins[0]
    return (offset[:, 1] / grid.spacing[0] < 3.5) & (offset[:, 0] / grid.spacing[1] < 4.5)


CASES["padding-signed"] = Case("Pixel Padding Value -2000", with_padding(True, -2000, "SS"), empty=corner_is_empty)
CASES["padding-signed-as-us"] = Case(
    "Pixel Padding Value -2000 written as unsigned", with_padding(True, -2000, "US"), empty=corner_is_empty)
CASES["padding-unsigned"] = Case("Pixel Padding Value 65535", with_padding(False, 65535, "US"), empty=corner_is_empty)


@case("padding beside a hole that is interpolated", options={"onIrregular": "regrid"}, empty=corner_is_empty,
      warnings=("interpolated",))
def padding_regrid(study):
    grid = Grid(depths=[0, 3, 9, 12, 15])
    for i in range(len(grid)):
        ds = study.slice(grid, i, signed=True, used=16)
        words = np.frombuffer(ds.PixelData, "<i2").copy().reshape(ROWS, COLUMNS)
        words[:4, :5] = -2000
        ds.PixelData = words.tobytes()
        ds.add_new((0x0028, 0x0120), "SS", -2000)
        study.save(ds)


@case("MONOCHROME1: values are kept")
def monochrome1(study):
    study.series(Grid(), change=lambda ds, i: setattr(ds, "PhotometricInterpretation", "MONOCHROME1"))


@case("MONOCHROME1 and 2 in one series", verdict="refused: unsupported-layout")
def photometric_varies(study):
    study.series(Grid(), change=lambda ds, i: setattr(ds, "PhotometricInterpretation", f"MONOCHROME{i % 2 + 1}"))


@case("signed and unsigned slices in one series")
def sign_varies(study):
    grid = Grid()
    for i in range(len(grid)):
        study.save(study.slice(grid, i, signed=i % 2 == 1, used=16))


@case("a window of its own in each slice", regular=True)
def windows_per_slice(study):
    def change(ds, i):
        ds.WindowCenter, ds.WindowWidth = str(1000 + i), str(500 + i)

    study.series(Grid(), change=change)


@case("Modality LUT Sequence")
def modality_lut(study):
    def change(ds, i):
        del ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType
        lut = item(ModalityLUTType="HU")
        lut.add_new((0x0028, 0x3002), "US", [4096, 0, 16])
        lut.add_new((0x0028, 0x3006), "OW", np.maximum(np.arange(4096) - 1024, 0).astype("<u2").tobytes())
        ds.ModalityLUTSequence = [lut]

    study.series(Grid(), change=change)


@case("8 bits", [Volume((1, SLICES, 8, 8))])
def eight_bits(study):
    grid = Grid(shape=(8, 8), origin=(-4, -4, -8))
    for i in range(len(grid)):
        study.save(study.slice(grid, i, intercept=880.0, bits=8, used=8))


@case("32 bits")
def thirty_two_bits(study):
    study.series(Grid(), bits=32, used=32)


@case("Float Pixel Data", tolerance=0.01)
def float_pixels(study):
    def change(ds, i):
        ds.FloatPixelData = (Grid().plane(i) + 1024).astype("<f4").tobytes()
        ds.BitsAllocated = 32
        del ds.PixelData, ds.BitsStored, ds.HighBit, ds.PixelRepresentation

    study.series(Grid(), change=change)


@case("RGB slices", [Volume((3, SLICES, 8, 8), (-880.0, -870.0, -860.0))])
def colour(study):
    grid = Grid(shape=(8, 8), origin=(-4, -4, -8))
    for i in range(len(grid)):
        ds = study.slice(grid, i, stored=np.zeros((8, 8)), slope=None)
        stored = np.stack([grid.plane(i, 10.0 * c) - 880 for c in range(3)], axis=-1)
        set_pixels(ds, np.rint(stored), 8, 8, 7, False, "RGB", 3)
        study.save(ds)


@case("the pixels of one file are cut short", verdict="refused: truncated")
def truncated_slice(study):
    study.series(Grid())
    path = study.folder / "004.dcm"
    path.write_bytes(path.read_bytes()[:-500])


# MARK: Encodings


CASES["big-endian"] = Case("explicit VR big endian", lambda s: s.series(Grid(), save={"syntax": ExplicitVRBigEndian}))
CASES["implicit-vr"] = Case("implicit VR", lambda s: s.series(Grid(), save={"syntax": ImplicitVRLittleEndian}), regular=True)
CASES["implicit-without-preamble"] = Case(
    "implicit VR, neither preamble nor file meta information",
    lambda s: s.series(Grid(), save={"syntax": ImplicitVRLittleEndian, "preamble": False}))
CASES["deflated"] = Case("deflated", lambda s: s.series(Grid(), save={"syntax": DeflatedExplicitVRLittleEndian}))


def compressed(syntax, grid=Grid()):
    def build(study):
        def change(ds, i):
            ds.file_meta = pydicom.dataset.FileMetaDataset()
            ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
            uid = ds.SOPInstanceUID
            ds.compress(syntax)
            ds.SOPInstanceUID = uid

        study.series(grid, change=change, save={"syntax": syntax})

    return build


CASES["rle"] = Case("RLE", compressed(RLELossless))
CASES["jpeg-ls"] = Case("JPEG-LS lossless", compressed(JPEGLSLossless))
CASES["jpeg-2000"] = Case("JPEG 2000 lossless", compressed(JPEG2000Lossless, Grid(shape=(64, 64))),
                          [Volume((1, SLICES, 64, 64))])


def lossless(syntax, predictor):
    def build(study):
        def change(ds, i):
            plane = np.frombuffer(ds.PixelData, "<u2").reshape(ROWS, COLUMNS)
            ds.PixelData = encapsulate([lossless_jpeg(plane, 12, predictor)])
            ds["PixelData"].VR = "OB"
            ds["PixelData"].is_undefined_length = True

        study.series(Grid(), change=change, save={"syntax": syntax})

    return build


CASES["jpeg-lossless-sv1"] = Case("JPEG lossless, selection value 1", lossless(JPEGLosslessSV1, 1), regular=True)
CASES["jpeg-lossless-sv6"] = Case("JPEG lossless, selection value 6", lossless(JPEGLossless, 6), regular=True)


# MARK: Multi-frame


def frames(order=None, **options):
    grid = options.pop("grid", None) or Grid()
    return [{"grid": grid, "index": i, **options} for i in (order or range(len(grid)))]


def in_stack(order=None):
    """Frames that say where in their stack they stand, as scanners write them."""
    return [dict(f, content={"StackID": "1", "InStackPositionNumber": f["index"] + 1,
                             "DimensionIndexValues": [1, f["index"] + 1]}) for f in frames(order)]


@case("enhanced CT, frames in order", regular=True)
def enhanced_ct(study):
    study.save(enhanced(study, in_stack(), dimensions=(0x00209056, 0x00209057)))


@case("enhanced CT, frames shuffled", regular=True)
def enhanced_shuffled(study):
    study.save(enhanced(study, in_stack([3, 0, 5, 1, 4, 2]), dimensions=(0x00209056, 0x00209057)))


@case("enhanced CT, frames shuffled, no dimension indices")
def enhanced_shuffled_bare(study):
    study.save(enhanced(study, frames([3, 0, 5, 1, 4, 2])))


@case("enhanced CT, a slope for each frame", tolerance=0.6)
def enhanced_slopes(study):
    study.save(enhanced(study, [dict(f, slope=0.5 + 0.1 * f["index"], intercept=-900.0) for f in frames([2, 1, 0, 5, 4, 3])]))


@case("enhanced MR, two time points by dimension index",
      [Volume((2, SLICES, ROWS, COLUMNS), (0.0, 300.0))])
def enhanced_two_times(study):
    parts = [dict(f, offset=300.0 * t, content={"TemporalPositionIndex": t + 1, "DimensionIndexValues": [f["index"] + 1, t + 1]})
             for f in frames() for t in (1, 0)]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR", dimensions=(0x00200032, 0x00209128)))


@case("enhanced MR, times by Frame Acquisition DateTime alone",
      [Volume((2, SLICES, ROWS, COLUMNS), (0.0, 300.0))])
def enhanced_times_by_clock(study):
    parts = [dict(f, offset=300.0 * t, content={"FrameAcquisitionDateTime": f"20200101120{t}00.000"})
             for t in (0, 1) for f in frames()]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR"))


@case("enhanced MR, cardiac phases", [Volume((3, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0))])
def enhanced_cardiac(study):
    parts = [dict(f, offset=100.0 * t,
                  groups={"CardiacSynchronizationSequence": item(NominalCardiacTriggerDelayTime=50.0 * t)})
             for f in frames() for t in range(3)]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR"))


@case("enhanced MR, b-values and directions", [Volume((3, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0))])
def enhanced_diffusion(study):
    parts = []
    for number_, (b, direction) in enumerate([(0.0, None), (1000.0, [1.0, 0.0, 0.0]), (1000.0, [0.0, 1.0, 0.0])]):
        weighting = item(DiffusionBValue=b)
        if direction:
            weighting.DiffusionGradientDirectionSequence = [item(DiffusionGradientOrientation=direction)]
        parts += [dict(f, offset=100.0 * number_, groups={"MRDiffusionSequence": weighting}) for f in frames()]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR"))


@case("an enhanced object for each weighting", [Volume((3, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0))])
def enhanced_object_a_weighting(study):
    for number_, (b, direction) in enumerate([(0.0, None), (1000.0, [1.0, 0.0, 0.0]), (1000.0, [0.0, 1.0, 0.0])]):
        weighting = item(DiffusionBValue=b)
        if direction:
            weighting.DiffusionGradientDirectionSequence = [item(DiffusionGradientOrientation=direction)]
        parts = [dict(f, offset=100.0 * number_, groups={"MRDiffusionSequence": weighting}) for f in frames()]
        ds = enhanced(study, parts, ENHANCED_MR, "MR")
        ds.InstanceNumber = number_ + 1
        study.save(ds)


@case("an enhanced object for each point in time", [Volume((3, SLICES, ROWS, COLUMNS), (0.0, 100.0, 200.0))])
def enhanced_object_a_time(study):
    for time in range(3):
        parts = [dict(f, offset=100.0 * time, content={"FrameAcquisitionDateTime": f"2020010112000{2 * time}.0"})
                 for f in frames()]
        ds = enhanced(study, parts, ENHANCED_MR, "MR")
        ds.InstanceNumber = time + 1
        study.save(ds)


@case("enhanced MR, two flip angles", [Volume(), Volume(offsets=(300.0,))])
def enhanced_two_flip_angles(study):
    parts = [dict(f, offset=300.0 * e, groups={"MRTimingAndRelatedParametersSequence": item(FlipAngle=4.0 + 14 * e)})
             for f in frames() for e in range(2)]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR"))


@case("enhanced MR, two echoes", [Volume(), Volume(offsets=(300.0,))])
def enhanced_two_echoes(study):
    parts = [dict(f, offset=300.0 * e, groups={"MREchoSequence": item(EffectiveEchoTime=10.0 + 10 * e)})
             for f in frames() for e in range(2)]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR"))


def compressed_frames(split):
    """Two echoes, frame by frame, so that each volume takes every other frame of the compressed data."""

    def build(study):
        parts = [dict(f, offset=300.0 * e, groups={"MREchoSequence": item(EffectiveEchoTime=10.0 + 10 * e)})
                 for f in frames() for e in range(2)]
        ds = enhanced(study, parts, ENHANCED_MR, "MR")
        planes = np.frombuffer(ds.PixelData, "<u2").reshape(-1, ROWS, COLUMNS)
        streams = [lossless_jpeg(plane, 16, 1) for plane in planes]
        ds.PixelData = encapsulate(streams, fragments_per_frame=2 if split else 1, has_bot=not split)
        ds["PixelData"].VR = "OB"
        ds["PixelData"].is_undefined_length = True
        study.save(ds, syntax=JPEGLosslessSV1)

    return build


CASES["enhanced-compressed"] = Case("two echoes in one compressed object, frame by frame", compressed_frames(False),
                                    [Volume(), Volume(offsets=(300.0,))])
CASES["enhanced-compressed-fragments"] = Case(
    "the same with two fragments a frame and no offset table", compressed_frames(True),
    [Volume(), Volume(offsets=(300.0,))])


@case("enhanced MR, magnitude and phase by Complex Image Component", [Volume(), Volume(offsets=(300.0,))])
def enhanced_complex(study):
    parts = [dict(f, offset=300.0 * e, groups={"MRImageFrameTypeSequence": item(
        FrameType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"], ComplexImageComponent=["MAGNITUDE", "PHASE"][e])})
             for f in frames() for e in range(2)]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR"))


@case("two stacks in one object", [Volume(), Volume((1, 4, ROWS, COLUMNS))])
def two_stacks(study):
    parts = [dict(f, content={"StackID": "1", "InStackPositionNumber": f["index"] + 1}) for f in frames()]
    other = Grid(slices=4, origin=(-12, -9, 40))
    parts += [dict(f, content={"StackID": "2", "InStackPositionNumber": f["index"] + 1}) for f in frames(grid=other)]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR"))


@case("several orientations in one object",
      [Volume((1, 2, ROWS, COLUMNS)), Volume((1, 2, ROWS, COLUMNS)), Volume((1, 2, ROWS, COLUMNS))])
def orientations_in_one_object(study):
    grids = [Grid(slices=2), Grid((0, 1, 0), (0, 0, -1), slices=2), Grid((1, 0, 0), (0, 0, -1), slices=2)]
    study.save(enhanced(study, [f for g in grids for f in frames(grid=g)], ENHANCED_MR, "MR"))


@case("frames that only an unknown dimension tells apart: volumes of their own", [Volume(), Volume(offsets=(300.0,))])
def enhanced_unknown_dimension(study):
    parts = [dict(f, offset=300.0 * t, content={"DimensionIndexValues": [f["index"] + 1, t + 1]})
             for t in (0, 1) for f in frames()]
    study.save(enhanced(study, parts, ENHANCED_MR, "MR", dimensions=(0x00200032, 0x00189098)))


@case("frames repeat and nothing tells them apart", verdict="refused: duplicate-slices")
def enhanced_repeats(study):
    study.save(enhanced(study, [dict(f, offset=300.0 * t) for t in (0, 1) for f in frames()], ENHANCED_MR, "MR"))


@case("a frame is missing", verdict="refused: irregular-spacing")
def enhanced_missing_frame(study):
    study.save(enhanced(study, frames([0, 1, 3, 4, 5])))


@case("one frame without position", verdict="refused: missing-geometry")
def enhanced_frame_without_position(study):
    ds = enhanced(study, frames())
    del ds.PerFrameFunctionalGroupsSequence[2].PlanePositionSequence
    study.save(ds)


@case("an object in two parts (concatenation)", regular=False)
def concatenation(study):
    for part in (range(3), range(3, 6)):
        ds = enhanced(study, frames(list(part)))
        ds.ConcatenationUID = study.uid("whole")
        study.save(ds)


@case("enhanced objects of one frame each")
def enhanced_single_frames(study):
    for i in range(SLICES):
        study.save(enhanced(study, frames([i])))


@case("segmentation with two segments, 8 bits", [Volume((1, 4, 8, 8)), Volume((1, 3, 8, 8), (40.0,))])
def segmentation(study):
    grid = Grid(shape=(8, 8), origin=(-4, -4, -8), slices=4)
    parts = []
    for segment, count in ((1, 4), (2, 3)):
        for i in range(count):
            parts.append({"grid": grid, "index": i, "offset": 40.0 * (segment - 1), "intercept": 850.0, "groups": {
                "SegmentIdentificationSequence": item(ReferencedSegmentNumber=segment)}})
    study.save(enhanced(study, parts, "1.2.840.10008.5.1.4.1.1.66.4", "SEG"))


@case("RT dose: Grid Frame Offset Vector, Dose Grid Scaling", tolerance=0.6)
def rt_dose(study):
    dose(study, Grid(), [0, 3, 6, 9, 12, 15])


@case("RT dose with absolute offsets", tolerance=0.6)
def rt_dose_absolute(study):
    dose(study, Grid(), [-8, -5, -2, 1, 4, 7])


@case("RT dose with unequal offsets", verdict="refused: irregular-spacing")
def rt_dose_uneven(study):
    dose(study, Grid(depths=[0, 3, 6, 9, 12, 17]), [0, 3, 6, 9, 12, 17])


@case("RT dose whose offsets begin with neither 0 nor z", verdict="refused: malformed")
def rt_dose_contradiction(study):
    dose(study, Grid(), [5, 8, 11, 14, 17, 20])


def dose(study, grid, offsets):
    ds = study.slice(grid, 0, slope=None, sop_class="1.2.840.10008.5.1.4.1.1.481.2", modality="RTDOSE")
    ds.NumberOfFrames, ds.FrameIncrementPointer = len(grid), 0x3004000C
    ds.GridFrameOffsetVector = [str(v) for v in offsets]
    ds.DoseGridScaling, ds.DoseUnits = "0.001", "GY"
    stored = np.stack([grid.plane(i) for i in range(len(grid))]) / 0.001
    set_pixels(ds, np.rint(stored), 32, 32, 31, False)
    study.save(ds)


@case("NM reconstruction, slices in front of the first")
def nm_reconstruction(study):
    grid = Grid()
    ds = study.base("1.2.840.10008.5.1.4.1.1.20", "NM")
    ds.ImageType = ["DERIVED", "PRIMARY", "RECON TOMO", "EMISSION"]
    ds.NumberOfFrames, ds.FrameIncrementPointer = SLICES, 0x00540080
    ds.SliceVector = list(range(1, SLICES + 1))
    ds.SpacingBetweenSlices, ds.SliceThickness = "-3", "3"
    ds.PixelSpacing = [number(v) for v in grid.spacing]
    ds.DetectorInformationSequence = [item(
        ImagePositionPatient=[number(v) for v in grid.origins[-1]], ImageOrientationPatient=grid.orientation)]
    set_pixels(ds, np.rint(np.stack([grid.plane(i) for i in reversed(range(SLICES))])), 16, 16, 15, False)
    study.save(ds)


@case("frames without any place: stacked as they come, and said so",
      [Volume((1, SLICES, ROWS, COLUMNS), picture=np.rint(np.stack([Grid().plane(i) for i in range(SLICES)])))],
      warnings=("no-slice-distance",))
def frames_without_place(study):
    ds = study.slice(Grid(), 0, slope=None, modality="US")
    del ds.ImagePositionPatient, ds.ImageOrientationPatient
    ds.NumberOfFrames = SLICES
    set_pixels(ds, np.rint(np.stack([Grid().plane(i) for i in range(SLICES)])), 16, 16, 15, False)
    study.save(ds)


# MARK: Mosaics


@case("mosaic with CSA header", [Volume((1, 6, ROWS, COLUMNS))])
def mosaic_csa(study):
    study.save(mosaic(study, Grid()))


@case("mosaic, tiles against the normal", [Volume((1, 6, ROWS, COLUMNS))])
def mosaic_descending(study):
    study.save(mosaic(study, Grid(), descending=True))


@case("mosaic with the count in (0019,xx0A) alone, in another block", [Volume((1, 6, ROWS, COLUMNS))],
      warnings=("assumed-slice-order",))
def mosaic_count_only(study):
    study.save(mosaic(study, Grid(), csa=False, block=0x12))


@case("mosaic with CSA header alone", [Volume((1, 6, ROWS, COLUMNS))])
def mosaic_csa_only(study):
    study.save(mosaic(study, Grid(), count=False))


@case("mosaic, implicit VR: private elements of unknown VR", [Volume((1, 6, ROWS, COLUMNS))])
def mosaic_implicit(study):
    study.save(mosaic(study, Grid((0.8, 0.6, 0), (-0.6, 0.8, 0))), syntax=ImplicitVRLittleEndian)


@case("mosaics of three time points", [Volume((3, 6, ROWS, COLUMNS), (0.0, 100.0, 200.0))])
def mosaic_times(study):
    for time in range(3):
        study.save(mosaic(study, Grid(), time, offset=100.0 * time))


@case("anonymised mosaic: nothing tells the number of slices", verdict="refused: unsupported-layout")
def mosaic_anonymised(study):
    study.save(mosaic(study, Grid(), csa=False, count=False))


@case("the word MOSAIC in files of one slice each (XA30)")
def mosaic_word_only(study):
    def change(ds, i):
        ds.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]
        ds.AcquisitionMatrix = [0, COLUMNS, ROWS, 0]

    study.series(Grid(), sop_class=MR, modality="MR", slope=None, change=change)


def write(folder: pathlib.Path) -> None:
    for name, one in CASES.items():
        one.build(Study(folder / name))


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    shutil.rmtree(target, ignore_errors=True)
    write(target)
    print(f"{len(CASES)} cases in {target}")
