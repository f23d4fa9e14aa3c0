/// The Palette Color Lookup Table of a PALETTE COLOR image (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6, C.7.9).
struct ColorPalette {
    let descriptor: LookupTableDescriptor
    /// Red, green and blue, `descriptor.count` entries each, in the range of an entry: 8-bit entries stay below 256
    /// also when a word holds each of them.
    let planes: [[Float]]

    private static let tags: [(descriptor: Tag, data: Tag, segmented: Tag)] = [
        (.redPaletteDescriptor, .redPaletteData, .segmentedRedPaletteData),
        (.greenPaletteDescriptor, .greenPaletteData, .segmentedGreenPaletteData),
        (.bluePaletteDescriptor, .bluePaletteData, .segmentedBluePaletteData),
    ]

    init(_ data: Dataset, isSigned: Bool, path: String) throws(DICOMError) {
        var descriptors: [LookupTableDescriptor] = []
        var planes: [[Float]] = []
        for tag in Self.tags {
            let descriptor = try LookupTableDescriptor(data, tag.descriptor, isSigned: isSigned, path: path)
            descriptors.append(descriptor)
            let entries: [UInt16]
            if let words = data.words(tag.data) {
                entries = try descriptor.entries(words, tag.data, path: path)
            } else if let words = data.words(tag.segmented) {
                entries = try SegmentedTable(words, entryBits: descriptor.bits, path: path).expanded(descriptor.count)
            } else {
                throw DICOMError(.malformed, path: path, "PALETTE COLOR without its lookup table \(tag.data)")
            }
            planes.append(entries.map(Float.init))
        }
        guard descriptors.allSatisfy({ $0 == descriptors[0] }) else {
            throw DICOMError(.malformed, path: path, "the three colours' lookup tables have different descriptors")
        }
        self.planes = planes
        descriptor = descriptors[0]
    }

    /// Stored values in `planes[0]` to red, green and blue.
    func apply(_ planes: [UnsafeMutablePointer<Float>], count: Int) {
        precondition(planes.count == 3, "three planes for three colours")
        for pixel in 0..<count {
            let index = descriptor.index(Int(planes[0][pixel]))
            for channel in 0..<3 { planes[channel][pixel] = self.planes[channel][index] }
        }
    }
}

/// Segmented Palette Color Lookup Table Data (PS3.3 C.7.9.2), expanded.
struct SegmentedTable {
    private let data: [UInt16]
    /// Bytes of a stored number: 1 or 2.
    private let width: Int
    private let path: String

    init(_ words: [UInt16], entryBits: Int, path: String) {
        width = entryBits == 8 ? 1 : 2
        data = width == 2 ? words : words.flatMap { [$0 & 0xFF, $0 >> 8] }
        self.path = path
    }

    /// - Parameter count: entries that must come out, exactly.
    func expanded(_ count: Int) throws(DICOMError) -> [UInt16] {
        var entries: [UInt16] = []
        var position = 0
        while entries.count < count {
            try readSegment(&position, into: &entries, limit: count, isCopy: false)
        }
        return entries
    }

    private func readSegment(
        _ position: inout Int, into entries: inout [UInt16], limit: Int, isCopy: Bool
    ) throws(DICOMError) {
        let (kind, length) = (Int(try number(position)), Int(try number(position + 1)))
        position += 2
        // Each segment of a copy adds an entry, so that the number of entries bounds the work.
        guard length > 0 || !isCopy else { throw damaged("copies an empty segment") }
        switch kind {
        case 0:
            for index in 0..<length { entries.append(try number(position + index)) }
            position += length
        case 1:
            guard let last = entries.last else { throw damaged("starts with a linear segment") }
            let (from, to) = (Double(last), Double(try number(position)))
            position += 1
            for step in 0..<length {
                // The standard leaves the rounding open; halves go to even, as in pydicom.
                let value = from + (to - from) * Double(step + 1) / Double(length)
                entries.append(UInt16(value.rounded(.toNearestOrEven)))
            }
        case 2 where !isCopy:
            // `length` segments once more, from a byte offset whose least significant part comes first.
            let parts = width == 2 ? 2 : 4
            var offset = 0
            for part in 0..<parts { offset |= Int(try number(position + part)) << (part * 8 * width) }
            position += parts
            guard offset % width == 0 else { throw damaged("points between two numbers") }
            var copied = offset / width
            for _ in 0..<length { try readSegment(&copied, into: &entries, limit: limit, isCopy: true) }
        default: throw damaged("has an unknown kind of segment")
        }
        guard entries.count <= limit else { throw damaged("expands to more entries than its descriptor says") }
    }

    private func number(_ index: Int) throws(DICOMError) -> UInt16 {
        guard index < data.count else { throw damaged("ends before its last entry") }
        return data[index]
    }

    private func damaged(_ what: String) -> DICOMError {
        DICOMError(.malformed, path: path, "a segmented palette lookup table \(what)")
    }
}
