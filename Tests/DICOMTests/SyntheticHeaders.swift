import Volumes

@testable import DICOM

/// Headers without files, for all that is decided before pixels are read.
enum Synthetic {
    /// One axial slice of 4 x 4 pixels.
    static func slice(_ z: Double, _ change: (inout DICOMHeader) -> Void = { _ in }) -> DICOMHeader {
        var header = DICOMHeader(path: "folder/\(z)")
        header.transferSyntax = TransferSyntax(uid: "1.2.840.10008.1.2.1")
        header.hasPixelData = true
        (header.studyInstanceUID, header.seriesInstanceUID) = ("1.2.3", "1.2.3.4")
        header.sopInstanceUID = "1.2.3.4.\(Int(z * 1000))"
        header.modality = .mr
        (header.rows, header.columns) = (4, 4)
        (header.bitsAllocated, header.bitsStored, header.highBit) = (16, 12, 11)
        header.photometricInterpretation = "MONOCHROME2"
        header.imagePositionPatient = [0, 0, z]
        header.imageOrientationPatient = Orientation(row: [1, 0, 0], column: [0, 1, 0])
        header.pixelSpacing = PixelSpacing(betweenRows: 1, betweenColumns: 1)
        header.instanceNumber = Int(z)
        change(&header)
        return header
    }

    /// A stack of them; `number` goes into UIDs and paths, so that stacks do not pass for copies of each other.
    static func stack(
        _ heights: [Double], number: Int = 0, _ change: (inout DICOMHeader) -> Void = { _ in }
    ) -> [DICOMHeader] {
        heights.map { z in
            slice(z) { header in
                header.sopInstanceUID += ".\(number)"
                header.path += "-\(number)"
                header.instanceNumber = number * 100 + Int(z)
                change(&header)
            }
        }
    }

    /// An enhanced object of the given frames.
    static func enhanced(_ frames: [FrameAttributes], _ change: (inout DICOMHeader) -> Void = { _ in }) -> DICOMHeader {
        slice(0) { header in
            header.frames = frames.count
            header.frameAttributes = frames
            header.imagePositionPatient = nil
            change(&header)
        }
    }

    static func frame(_ z: Double, _ change: (inout FrameAttributes) -> Void = { _ in }) -> FrameAttributes {
        var frame = FrameAttributes()
        frame.position = [0, 0, z]
        frame.orientation = Orientation(row: [1, 0, 0], column: [0, 1, 0])
        frame.spacing = PixelSpacing(betweenRows: 1, betweenColumns: 1)
        change(&frame)
        return frame
    }
}
