import Volumes

/// Places of frames in objects without functional groups, where a vector tells them.
extension DICOMHeader {
    mutating func readFrameVector(_ data: Dataset, path: String) throws(DICOMError) {
        guard frames > 1, frameAttributes.isEmpty else { return }
        if data.has(.gridFrameOffsetVector) {
            try readGridFrameOffsets(data, path: path)
        } else if modality.rawValue == "NM" {
            try readReconstructedTomography(data, path: path)
        }
    }

    /// RT Dose (PS3.3 C.8.8.3.2): offsets from the first plane along row x column, or, when the first offset is the z
    /// of Image Position (Patient), places along the patient's z axis.
    private mutating func readGridFrameOffsets(_ data: Dataset, path: String) throws(DICOMError) {
        guard let origin = imagePositionPatient, let orientation = imageOrientationPatient else { return }
        let offsets = data.numbers(.gridFrameOffsetVector)
        guard offsets.count == frames else {
            throw DICOMError(.malformed, path: path, "\(Tag.gridFrameOffsetVector) does not hold one number a frame")
        }
        let normal = try orientation.normalized(path: path).normal
        if offsets[0] == 0 {
            framePositions = offsets.map { origin + normal * $0 }
        } else if abs(offsets[0] - origin.z) < 1e-3, abs(abs(normal.z) - 1) < 1e-6 {
            framePositions = offsets.map { [origin.x, origin.y, $0] }
        } else {
            throw DICOMError(
                .malformed, path: path,
                "\(Tag.gridFrameOffsetVector) begins with neither 0 nor the z of Image Position (Patient)")
        }
    }

    /// Reconstructed tomography (PS3.3 C.8.4.15): the sign of Spacing Between Slices tells on which side of the first
    /// slice the others lie. Only where the frames are nothing but slices.
    private mutating func readReconstructedTomography(_ data: Dataset, path: String) throws(DICOMError) {
        let numbers = data.numbers(.sliceVector)
        guard imageType.dropFirst(2).first == "RECON TOMO", data.texts(.frameIncrementPointer).count == 1,
            data.tagValue(.frameIncrementPointer) == .sliceVector, numbers.count == frames,
            Set(numbers).count == frames, let first = numbers.min(),
            let detector = data.item(.detectorInformationSequence), let distance = spacingBetweenSlices, distance != 0,
            let origin = SIMD3(try detector.vector(.imagePositionPatient, count: 3, path: path)),
            let orientation = Orientation(try detector.vector(.imageOrientationPatient, count: 6, path: path))
        else { return }
        let normal = try orientation.normalized(path: path).normal
        imageOrientationPatient = orientation
        imagePositionPatient = origin
        framePositions = numbers.map { origin + normal * (distance * ($0 - first)) }
    }
}
