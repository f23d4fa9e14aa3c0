"""A data set of everything that is no DICOM image, with identifiers wherever such files can hold them."""

import gzip
import io
import json
import struct
import zlib
from pathlib import Path

import nibabel
import numpy as np
from marks import Marks
from nibabel.nifti1 import Nifti1Extension, Nifti1Image, Nifti1Pair
from nibabel.nifti2 import Nifti2Image
from PIL import Image, PngImagePlugin
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.fileset import FileSet
from pydicom.uid import ExplicitVRLittleEndian


class World:
    """Plants are in `words`; what must come out again is in `images` (by echo time) and `dates` (by patient)."""

    def __init__(self, root: Path, seed: int):
        self.root, self.marks, self.words, self.echo = root, Marks(seed), [], 0
        self.numbers = np.random.default_rng(seed)
        self.study_dates, self.birth_date = [], self.marks.date()

    def word(self) -> str:
        self.words.append(self.marks.word())
        return self.words[-1]

    def date(self) -> str:
        """Not among the words: moved dates may meet others. Its spellings are looked for where dates must go."""
        day = self.marks.date()
        self.study_dates.append(day)
        return day

    def uid(self) -> str:
        self.words.append(self.marks.uid())
        return self.words[-1]

    def write(self, name: str, data: bytes | str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    # Images

    def image(self, kind=Nifti1Image, shape=(7, 6, 5), dtype="<i2", order: str = "<"):
        affine = self.numbers.normal(size=(4, 4)) + np.diag([3, 3, 3, 0])
        affine[3] = (0, 0, 0, 1)
        image = kind(self.numbers.integers(-900, 900, shape).astype(dtype), affine)
        image.header.set_xyzt_units("mm", "sec")
        image.header.set_sform(affine, 1)
        header = image.header.as_byteswapped(order)
        for field in ("descrip", "aux_file"):
            header[field] = self.word() + " " + self.word()
        header["intent_name"] = self.word()
        if kind is not Nifti2Image:
            header["db_name"], header["data_type"] = self.word(), self.word()
        return kind(image.dataobj, affine, header)

    def single(self, image, compressed: bool = True) -> bytes:
        """Extensions, slack before the voxels, bytes behind them, and the fields of a gzip header."""
        size = 544 if isinstance(image, Nifti2Image) else 352
        order = "<" if image.header.endianness == "<" else ">"
        chain = b""
        for code in (2, 4, 6, 44, 40):
            data = (self.word() + ("^" + self.word()) * 3).encode()
            data += b"\0" * (-(len(data) + 8) % 16)
            chain += struct.pack(order + "ii", len(data) + 8, code) + data
        slack = self.word().encode() + b"\0" * 4
        header = image.header.copy()
        header["vox_offset"] = size + len(chain) + len(slack)
        voxels = np.asarray(image.dataobj).astype(image.get_data_dtype().newbyteorder(order)).tobytes(order="F")
        data = header.binaryblock + b"\1\0\0\0" + chain + slack + voxels + self.word().encode()
        if not compressed:
            return data
        extra = b"ZQ" + struct.pack("<H", 8) + self.word().encode()
        head = b"\x1f\x8b\x08\x1c" + struct.pack("<IBB", 1234567890, 0, 3) + struct.pack("<H", len(extra)) + extra
        head += f"{self.word()}^{self.word()}.nii".encode() + b"\0" + self.word().encode() + b"\0"
        packed = zlib.compressobj(6, zlib.DEFLATED, -15)
        return head + packed.compress(data) + packed.flush() + struct.pack("<II", zlib.crc32(data), len(data))

    def pair(self, image, stem: str) -> None:
        header = image.header.copy()
        header["vox_offset"], header["magic"] = 32, b"ni1\0"
        self.write(stem + ".hdr", header.binaryblock + b"\0\0\0\0" + self.word().encode())
        voxels = np.asarray(image.dataobj).astype(image.get_data_dtype()).tobytes(order="F")
        self.write(stem + ".img", (self.word() + self.word()).encode().ljust(32, b"\0") + voxels + self.word().encode())

    # Text

    def sidecar(self, date: str, name: str | None = None, **more) -> dict:
        """What dcm2niix -ba n writes, and what people add. The echo time tells which image it is beside."""
        self.echo += 1
        words = {key: self.word() for key in [
            "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName",
            "DeviceSerialNumber", "ReferringPhysicianName", "ProcedureStepDescription", "SeriesDescription", "ProtocolName",
            "ImageComments", "PatientComments", "StudyDescription", "StudyID", "AccessionNumber", "OperatorsName",
            "TaskDescription", "Instructions", "CogAtlasID", "PulseSequenceDetails", "SomethingElse"]}  # fmt: skip
        words["PatientName"] = name or self.word()
        day = f"{date[:4]}-{date[4:6]}-{date[6:]}"
        return {
            "Modality": "MR", "MagneticFieldStrength": 3, "Manufacturer": "Siemens", "ManufacturersModelName": "Prisma",
            "EchoTime": round(self.echo / 1000, 3), "RepetitionTime": 2.5, "SliceTiming": [0, 1.25], "ImageType": ["ORIGINAL", "M"],
            "PhaseEncodingDirection": "j-", "ScanOptions": f"asked by {self.word()}", "SequenceName": words["PatientName"], **words,
            "PatientSex": "F", "PatientAge": "093Y", "PatientWeight": 61.5, "PatientBirthDate": self.birth_date,
            "AcquisitionDateTime": f"{day}T10:11:12.345000", "AcquisitionTime": "10:11:12.345000",
            "StudyInstanceUID": self.uid(), "SeriesInstanceUID": self.uid(), "SliceSources": [self.uid() + "#1"],
            self.word(): {self.word(): [self.word()]}, "Sources": [f"/home/{self.word()}/{self.word()}.dcm"],
            "RequestAttributesSequence": [{"RequestedProcedureDescription": self.word(), "ScheduledStepX": self.word()}],
            "GeneratedBy": [{"Name": "dcm2niix", "Version": f"v1.0.20240202 ({self.word()})", "Description": self.word()}],
            "global": {"const": {"PatientID": self.word(), "EchoNumbers": 1, "PatientName": self.word()}}, **more,
        }  # fmt: skip

    def picture(self) -> None:
        folder, image = self.word(), Image.fromarray(np.add.outer(np.arange(64), np.arange(64)).astype("u1"))
        info, buffer = PngImagePlugin.PngInfo(), io.BytesIO()
        info.add_text("Patient", self.word())
        info.add_itxt("Name", self.word(), zip=True)
        image.save(buffer, "PNG", pnginfo=info, exif=b"Exif\0\0" + self.word().encode())
        self.write(f"{folder}/{self.word()}.png", buffer.getvalue() + self.word().encode())
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", comment=self.word())
        self.write(f"{folder}/{self.word()}.jpg", buffer.getvalue())

    # DICOM

    def dicom(self, patient: str, name: str, date: str) -> None:
        """Files as on a medium, with their DICOMDIR."""
        files = FileSet()
        files.ID = "ZQMEDIUM"
        study, series = self.uid(), self.uid()
        for number in range(3):
            ds = Dataset()
            ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", self.uid()
            ds.StudyInstanceUID, ds.SeriesInstanceUID = study, series
            ds.PatientName, ds.PatientID, ds.StudyDate, ds.StudyTime = name, patient, date, "101112"
            ds.StudyDescription, ds.AccessionNumber, ds.StudyID, ds.Modality = self.word(), self.word(), self.word(), "OT"
            ds.SeriesNumber, ds.InstanceNumber, ds.Rows, ds.Columns = 1, number + 1, 4, 4
            ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.BitsAllocated, ds.BitsStored = 1, "MONOCHROME2", 8, 8
            ds.HighBit, ds.PixelRepresentation, ds.PixelData = 7, 0, bytes(range(16))
            ds.file_meta = FileMetaDataset()
            ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            ds.file_meta.MediaStorageSOPClassUID, ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
            files.add(ds)
        files.write(self.root / "medium")


def make(root: Path, seed: int) -> World:
    world = World(root, seed)
    first, second, patient, date, other = world.word(), world.word(), world.word(), world.date(), world.date()
    world.first, world.patient, world.day, world.other_day = first, patient, date, other
    name = f"{world.word()}^{world.word()}"
    session = f"ses-{date}"
    stem = f"sub-{first}/{session}/anat/sub-{first}_{session}_acq-{world.word()}_T1w"
    world.write(stem + ".nii.gz", world.single(world.image()))
    world.write(stem + ".json", json.dumps(world.sidecar(date, name, PatientID=patient)))
    bold = f"sub-{first}/{session}/func/sub-{first}_{session}_task-rest_run-01_bold"
    world.write(bold + ".nii.gz", world.single(world.image(Nifti2Image, (5, 4, 3, 6), "<f4")))
    world.write(bold + ".json", json.dumps(world.sidecar(date, name, PatientID=patient, TaskName="rest")))
    world.write(bold.replace("bold", "events") + ".tsv",
                f"onset\tduration\ttrial_type\t{world.word()}\n0\t1.5\tfaces\t{world.word()}\n2\t1.5\t{world.word()}\tn/a\n")  # fmt: skip
    field = f"sub-{first}/{session}/fmap/sub-{first}_{session}_phasediff"
    world.write(field + ".nii", world.single(world.image(order=">", dtype=">i2"), compressed=False))
    reference = f"{session}/func/sub-{first}_{session}_task-rest_run-01_bold.nii.gz"
    world.write(field + ".json", json.dumps(world.sidecar(date, name, PatientID=patient, IntendedFor=[reference])))
    world.write(f"sub-{first}/{session}/sub-{first}_{session}_scans.tsv",
                f"filename\tacq_time\toperator\nanat/{Path(stem).name}.nii.gz\t{date[:4]}-{date[4:6]}-{date[6:]}T10:11:12\t{world.word()}\n"
                f"func/{Path(bold).name}.nii.gz\tn/a\tn/a\n")  # fmt: skip
    dwi = f"sub-{second}/ses-01/dwi/sub-{second}_ses-01_dwi"
    world.write(dwi + ".nii.gz", gzip.compress(world.single(world.image(shape=(4, 4, 3, 2)), compressed=False)))
    world.write(dwi + ".json", json.dumps(world.sidecar(other)))
    world.write(dwi + ".bval", "0 1000\n")
    world.write(dwi + ".bvec", "0 1\n0 0\n0 0\n")
    world.write("derivatives/" + world.word() + f"/sub-{first}/anat/sub-{first}_desc-brain_mask.nii", world.single(
        world.image(dtype="u1"), compressed=False))  # fmt: skip
    world.write("participants.tsv", f"participant_id\tage\tsex\tname\nsub-{second}\t93\tF\t{world.word()}\nsub-{first}\t41\tM\tn/a\n")
    world.write("participants.json", json.dumps({"age": {"Description": world.word(), "Units": "years"}, world.word(): {}}))
    world.write("dataset_description.json", json.dumps({
        "Name": world.word(), "BIDSVersion": "1.9.0", "Authors": [world.word()], "License": "CC0", "Funding": [world.word()]}))  # fmt: skip
    world.write("README", world.word())
    loose = f"{world.word()} {world.word()}/{world.word()} head"
    world.write(loose + ".nii.gz", world.single(world.image()))
    world.write(loose + ".json", json.dumps(world.sidecar(date, name, PatientID=patient)))
    world.pair(world.image(Nifti1Pair), f"{world.word()}/{world.word()}")
    world.write("notes/" + world.word() + ".json", json.dumps({world.word(): world.word()}))
    world.write("broken/" + world.word() + ".json", '{"EchoTime": 1, "EchoTime": 2}')
    world.picture()
    world.dicom(patient, name, date)
    return world
