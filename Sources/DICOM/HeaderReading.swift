import Volumes

extension DICOMHeader {
    /// Reads every attribute of `DICOMHeader` from an open file.
    init(file: borrowing OpenFile, fileSize: Int) throws(DICOMError) {
        self.init(path: file.path)
        self.fileSize = fileSize
        transferSyntax = TransferSyntax(uid: file.transferSyntaxUID())
        let path = file.path
        self = try file.withDataset { [self] (data) throws(DICOMError) in
            var header = self
            header.readIdentity(data)
            try header.readPixelDescription(data, path: path)
            try header.readGeometry(data, path: path)
            try header.readValues(data, path: path)
            try header.readFunctionalGroups(data, path: path)
            try header.readFrameVector(data, path: path)
            header.readMosaic(data)
            return header
        }
    }

    private mutating func readIdentity(_ data: Dataset) {
        sopClassUID = data.text(.sopClassUID) ?? ""
        sopInstanceUID = data.text(.sopInstanceUID) ?? ""
        studyInstanceUID = data.text(.studyInstanceUID) ?? ""
        seriesInstanceUID = data.text(.seriesInstanceUID) ?? ""
        patientKey = data.text(.patientID) ?? ""
        modality = data.text(.modality).flatMap { $0.isEmpty ? nil : Modality(rawValue: $0) } ?? .other
        seriesNumber = data.integer(.seriesNumber)
        instanceNumber = data.integer(.instanceNumber)
        acquisitionNumber = data.integer(.acquisitionNumber)
        temporalPosition = data.integer(.temporalPositionIdentifier)
        temporalResolution = data.number(.temporalResolution)
        echoTime = data.number(.echoTime)
        flipAngle = data.number(.flipAngle)
        frameOfReferenceUID = data.text(.frameOfReferenceUID).flatMap { $0.isEmpty ? nil : $0 }
        moment = Moment(data, isMR: modality == .mr)
        concatenationUID = data.text(.concatenationUID).flatMap { $0.isEmpty ? nil : $0 }
        echoNumbers = data.numbers(.echoNumbers).compactMap { Int(exactly: $0) }
        seriesDescription = data.text(.seriesDescription).flatMap { $0.isEmpty ? nil : $0 }
        imageType = data.texts(.imageType)
        isDICOMDIR = sopClassUID == "1.2.840.10008.1.3.10" || data.has(.directoryRecordSequence)
    }

    /// Image Pixel module (PS3.3 C.7.6.3). A file without Rows and Columns is no image, and no error yet.
    private mutating func readPixelDescription(_ data: Dataset, path: String) throws(DICOMError) {
        guard let rows = data.integer(.rows), let columns = data.integer(.columns) else { return }
        (self.rows, self.columns) = (rows, columns)
        hasPixelData = rows > 0 && columns > 0
        if let count = data.text(.numberOfFrames), !count.isEmpty {
            guard let frames = Int(count), frames > 0 else {
                throw DICOMError(.malformed, path: path, "Number of Frames (0028,0008) is no positive number")
            }
            self.frames = frames
        }
        samplesPerPixel = data.integer(.samplesPerPixel) ?? 1
        guard (0...0xFFFF).contains(rows), (0...0xFFFF).contains(columns), (1...4).contains(samplesPerPixel) else {
            throw DICOMError(.malformed, path: path, "Rows, Columns or Samples per Pixel are impossible")
        }
        bitsAllocated = data.integer(.bitsAllocated) ?? 0
        if data.has(.floatPixelData) { pixelElement = .floats }
        if data.has(.doubleFloatPixelData) { pixelElement = .doubles }
        bitsStored = data.integer(.bitsStored) ?? bitsAllocated
        guard (0...64).contains(bitsAllocated), (0...64).contains(bitsStored) else {
            throw DICOMError(.malformed, path: path, "Bits Allocated or Bits Stored are impossible")
        }
        highBit = data.integer(.highBit) ?? bitsStored - 1
        isSigned = data.integer(.pixelRepresentation) == 1
        planarConfiguration = data.integer(.planarConfiguration) ?? 0
        photometricInterpretation = data.text(.photometricInterpretation) ?? ""
        if isPalette {
            paletteBits = try LookupTableDescriptor(data, .redPaletteDescriptor, isSigned: isSigned, path: path).bits
        }
    }

    private mutating func readGeometry(_ data: Dataset, path: String) throws(DICOMError) {
        imagePositionPatient = SIMD3(try data.vector(.imagePositionPatient, count: 3, path: path))
        imageOrientationPatient = Orientation(try data.vector(.imageOrientationPatient, count: 6, path: path))
        pixelSpacing = try PixelSpacing(data, .pixelSpacing, path: path)
        if pixelSpacing == nil && modality.isProjection {
            pixelSpacing = try PixelSpacing(data, .imagerPixelSpacing, path: path)
        }
        let ratio = data.numbers(.pixelAspectRatio)
        if pixelSpacing == nil, ratio.count == 2, ratio[0] > 0, ratio[1] > 0 { pixelAspect = ratio[0] / ratio[1] }
        sliceThickness = data.distance(.sliceThickness)
        spacingBetweenSlices = data.distance(.spacingBetweenSlices)
    }
}

extension Modality {
    /// Images cast by rays on a detector, whose Imager Pixel Spacing is all the spacing they have.
    var isProjection: Bool { isRadiograph || ["XA", "RF", "IO", "PX"].contains(rawValue) }
}

extension Dataset {
    /// Exactly `count` finite numbers, or nothing when the element is absent or empty. What is there but unreadable is
    /// an error: geometry must not be lost in silence.
    func vector(_ tag: Tag, count: Int, path: String) throws(DICOMError) -> [Double] {
        guard let text = text(tag), !text.isEmpty else { return [] }
        let values = numbers(tag)
        guard values.count == count else {
            throw DICOMError(.malformed, path: path, "\(tag) does not hold \(count) numbers")
        }
        return values
    }

    /// mm; nil also where it is impossible, so that nothing is built on it.
    func distance(_ tag: Tag) -> Double? {
        number(tag).flatMap { $0 == 0 || Geometry.possibleSpacing.contains(abs($0)) ? $0 : nil }
    }
}

extension SIMD3<Double> {
    init?(_ numbers: [Double]) {
        guard numbers.count == 3 else { return nil }
        self.init(numbers[0], numbers[1], numbers[2])
    }
}

extension Orientation {
    init?(_ numbers: [Double]) {
        guard numbers.count == 6 else { return nil }
        self.init(row: [numbers[0], numbers[1], numbers[2]], column: [numbers[3], numbers[4], numbers[5]])
    }
}

extension PixelSpacing {
    /// Rows and columns of size zero, which some localizers and screenshots have, mean that there is no spacing.
    init?(_ data: Dataset, _ tag: Tag, path: String) throws(DICOMError) {
        let numbers = try data.vector(tag, count: 2, path: path)
        guard numbers.count == 2, numbers[0] > 0, numbers[1] > 0 else { return nil }
        guard numbers.allSatisfy(Geometry.possibleSpacing.contains) else {
            throw DICOMError(
                .malformed, path: path,
                "\(tag) has pixels of less than a nanometre or more than a kilometre; export the image again")
        }
        self.init(betweenRows: numbers[0], betweenColumns: numbers[1])
    }
}
