import Volumes

extension DICOMHeader {
    /// Modality LUT, padding, display windows and real world values (PS3.3 C.11.1, C.7.5.1.1.2, C.11.2, C.7.6.16.2.11).
    mutating func readValues(_ data: Dataset, path: String) throws(DICOMError) {
        rescale = try Rescale(data, path: path)
        unit = data.text(.rescaleType) ?? data.text(.units)
        if unit?.isEmpty ?? true { unit = modality == .ct && rescale != nil ? "HU" : nil }
        try readModalityLUT(data, path: path)
        try readDoseScaling(data, path: path)
        readWindows(data)
        readVOILUTs(data, path: path)
        realWorldValues = RealWorldValue.all(in: data)
        // Padding is defined for gray images only.
        if channels == 1 { try readPadding(data, path: path) }
    }

    /// Of enhanced objects, mappings that hold for every frame are noted; those that differ are not one volume's.
    mutating func readFrameRealWorldValues(_ data: Dataset) {
        if let shared = data.item(.sharedFunctionalGroups) { realWorldValues += RealWorldValue.all(in: shared) }
        let frames = (0..<data.itemCount(.perFrameFunctionalGroups)).compactMap { index in
            data.item(.perFrameFunctionalGroups, index).map { RealWorldValue.all(in: $0) }
        }
        guard let first = frames.first else { return }
        if frames.allSatisfy({ $0 == first }) { realWorldValues += first } else { hasVaryingRealWorldValues = true }
    }

    /// The Modality LUT stands in place of slope and intercept (PS3.3 C.11.1).
    private mutating func readModalityLUT(_ data: Dataset, path: String) throws(DICOMError) {
        guard let item = data.item(.modalityLUTSequence) else { return }
        let descriptor = try LookupTableDescriptor(item, .lutDescriptor, isSigned: isSigned, path: path)
        guard let words = item.words(.lutData) else {
            throw DICOMError(.malformed, path: path, "a Modality LUT without LUT Data (0028,3006)")
        }
        let entries = try descriptor.entries(words, .lutData, path: path)
        modalityLUT = ModalityLUT(firstMapped: descriptor.firstMapped, values: entries.map(Float.init))
        rescale = nil
        // Modality LUT Type (0028,3004); US says that the output has no unit.
        unit = item.text(.modalityLUTType).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// RT Dose: the grid's values times Dose Grid Scaling are doses in Dose Units (PS3.3 C.8.8.3).
    private mutating func readDoseScaling(_ data: Dataset, path: String) throws(DICOMError) {
        guard let scaling = try data.vector(.doseGridScaling, count: 1, path: path).first else { return }
        guard scaling != 0 else { throw DICOMError(.malformed, path: path, "Dose Grid Scaling (3004,000E) is zero") }
        guard rescale == nil, modalityLUT == nil else {
            throw DICOMError(.malformed, path: path, "Dose Grid Scaling (3004,000E) beside another rescale")
        }
        rescale = Rescale(slope: scaling, intercept: 0)
        unit = data.text(.doseUnits).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Both ends of the range are padding; either may be the lower one (PS3.3 C.7.5.1.1.2).
    private mutating func readPadding(_ data: Dataset, path: String) throws(DICOMError) {
        let (value, limit): (Double?, Double?)
        switch pixelElement {
        case .integers:
            value = data.integer(.pixelPaddingValue).map { Double(storedValue($0)) }
            limit = data.integer(.pixelPaddingRangeLimit).map { Double(storedValue($0)) }
        case .floats:
            value = try data.vector(.floatPixelPaddingValue, count: 1, path: path).first
            limit = try data.vector(.floatPixelPaddingRangeLimit, count: 1, path: path).first
        case .doubles:
            value = try data.vector(.doubleFloatPixelPaddingValue, count: 1, path: path).first
            limit = try data.vector(.doubleFloatPixelPaddingRangeLimit, count: 1, path: path).first
        }
        guard let value else { return }
        paddingRange = Float(min(value, limit ?? value))...Float(max(value, limit ?? value))
    }

    /// Padding is a word whose sign the reader must take from Pixel Representation: writers often use the other VR.
    private func storedValue(_ raw: Int) -> Int {
        if isSigned && raw > 0x7FFF && raw <= 0xFFFF { return raw - 0x10000 }
        return !isSigned && raw < 0 && raw >= -0x8000 ? raw + 0x10000 : raw
    }

    mutating func readWindows(_ data: Dataset) {
        let function: VOIFunction =
            switch data.text(.voiLUTFunction) {
            case "LINEAR_EXACT": .linearExact
            case "SIGMOID": .sigmoid
            default: .linear
            }
        let (centers, widths) = (data.numbers(.windowCenter), data.numbers(.windowWidth))
        for (center, width) in zip(centers, widths) {
            // LINEAR wants a width of at least 1, the others one above 0 (PS3.3 C.11.2.1.2.1, C.11.2.1.3.2).
            if function == .linear ? width >= 1 : width > 0 {
                windows.append(Window(center: center, width: width, function: function))
            } else {
                ignoredWindows += 1
            }
        }
    }
}

extension Rescale {
    /// Nil when the data set has no Rescale Slope and Intercept; one of both alone counts with the other's identity.
    init?(_ data: Dataset, path: String) throws(DICOMError) {
        let slope = try data.vector(.rescaleSlope, count: 1, path: path).first
        let intercept = try data.vector(.rescaleIntercept, count: 1, path: path).first
        guard slope != nil || intercept != nil else { return nil }
        guard slope != 0 else { throw DICOMError(.malformed, path: path, "Rescale Slope (0028,1053) is zero") }
        self.init(slope: slope ?? 1, intercept: intercept ?? 0)
    }
}

extension RealWorldValue {
    /// Linear mappings of the Real World Value Mapping Sequence (0040,9096); those by table have no slope.
    static func all(in data: Dataset) -> [RealWorldValue] {
        (0..<data.itemCount(.realWorldValueMappingSequence)).compactMap { index in
            guard let item = data.item(.realWorldValueMappingSequence, index),
                let slope = item.number(.realWorldValueSlope), let intercept = item.number(.realWorldValueIntercept)
            else { return nil }
            let unit = item.item(.measurementUnitsCodeSequence)?.text(.codeValue)
            return RealWorldValue(slope: slope, intercept: intercept, unitCode: unit.flatMap { $0.isEmpty ? nil : $0 })
        }
    }
}
