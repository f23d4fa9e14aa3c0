/// A header with its numbers and nothing else: what is no field of nifti1.h or nifti2.h that places, scales or types
/// voxels is zero.
enum StrippedHeader {
    /// Bytes that stay. All others are text (`data_type`, `db_name`, `descrip`, `aux_file`, `intent_name`), unused
    /// (`extents`, `session_error`, `regular`, `glmax`, `glmin`, `unused_str`) or written anew (`vox_offset`).
    private static func kept(_ version: Int) -> [Range<Int>] {
        version == 1
            ? [0..<4, 39..<108, 112..<140, 252..<328, 344..<348] : [0..<168, 176..<240, 344..<508, 524..<525]
    }

    /// Text fields by name, for whoever wants to know what was in them.
    static func texts(_ version: Int) -> [(name: String, range: Range<Int>)] {
        version == 1
            ? [
                ("data_type", 4..<14), ("db_name", 14..<32), ("descrip", 148..<228), ("aux_file", 228..<252),
                ("intent_name", 328..<344),
            ]
            : [("descrip", 240..<320), ("aux_file", 320..<344), ("intent_name", 508..<524), ("unused_str", 525..<540)]
    }

    /// Numbers that place, scale and type nothing, by name: display range, times, parameters of the intent.
    private static func notes(_ version: Int) -> [(name: String, offset: Int)] {
        version == 1
            ? [
                ("intent_p1", 56), ("intent_p2", 60), ("intent_p3", 64), ("cal_max", 124), ("cal_min", 128),
                ("slice_duration", 132), ("toffset", 136),
            ]
            : [
                ("intent_p1", 80), ("intent_p2", 88), ("intent_p3", 96), ("cal_max", 192), ("cal_min", 200),
                ("slice_duration", 208), ("toffset", 216),
            ]
    }

    /// Of these, those that tell when or who: a day written as a number, or more than a count of seconds of a study,
    /// such as the seconds since 1970. They become zero, for "not told".
    static func telling(_ bytes: [UInt8], _ header: NIfTIHeader) -> [(name: String, range: Range<Int>)] {
        let size = header.version == 1 ? 4 : 8
        return notes(header.version).compactMap { name, offset in
            let range = offset..<offset + size
            let word = bytes[range].enumerated().reduce(UInt64(0)) { word, item in
                word | UInt64(item.element) << UInt64(8 * (header.isBigEndian ? size - 1 - item.offset : item.offset))
            }
            let value = size == 4 ? Double(Float(bitPattern: UInt32(word))) : Double(bitPattern: word)
            guard value.isFinite, abs(value) >= 1e7 else { return nil }
            let isTime = name == "toffset" || name == "slice_duration"
            return isTime && abs(value) >= 1e8 || isDay(value) ? (name, range) : nil
        }
    }

    /// Whether a number of eight digits is a day of these centuries, in the orders in which people write it. Single
    /// precision has only every other of them.
    private static func isDay(_ value: Double) -> Bool {
        guard abs(value) < 1e8 else { return false }
        return (-1...1).contains { step in
            let number = Int(abs(value)) + step
            let (head, tail) = (number / 10000, number % 10000)
            return [(head, tail / 100, tail % 100), (tail, head % 100, head / 100), (tail, head / 100, head % 100)]
                .contains { year, month, day in
                    (1900..<2100).contains(year) && (1...12).contains(month) && (1...31).contains(day)
                }
        }
    }

    /// The header of a file in which nothing stands between header and voxels, with the flag for "no extensions" in
    /// one piece (the four bytes behind the header).
    ///
    /// - Parameter bytes: a header that `header` was parsed from.
    static func encode(_ bytes: [UInt8], _ header: NIfTIHeader) -> [UInt8] {
        let length = NIfTIHeader.lengths[header.version]!
        var result = [UInt8](repeating: 0, count: length + 4)
        for range in kept(header.version) { result.replaceSubrange(range, with: bytes[range]) }
        let isFirst = header.version == 1
        func set<Word: FixedWidthInteger>(_ offset: Int, _ value: Word) {
            let ordered = header.isBigEndian ? value.bigEndian : value.littleEndian
            withUnsafeBytes(of: ordered) { result.replaceSubrange(offset..<offset + $0.count, with: $0) }
        }
        let voxelOffset = header.isPair ? 0 : length + 4
        isFirst ? set(108, Float(voxelOffset).bitPattern) : set(168, Int64(voxelOffset))
        // Dimensions that the image has not, and parameters of no intent, could be anything.
        for axis in header.dimensions.count + 1..<8 {
            isFirst ? set(40 + axis * 2, Int16(1)) : set(16 + axis * 8, Int64(1))
            isFirst ? set(76 + axis * 4, Float(1).bitPattern) : set(104 + axis * 8, Double(1).bitPattern)
        }
        if header.intentCode == 0 {
            result.replaceSubrange(isFirst ? 56..<68 : 80..<104, with: [UInt8](repeating: 0, count: isFirst ? 12 : 24))
        }
        for (_, range) in telling(bytes, header) {
            result.replaceSubrange(range, with: [UInt8](repeating: 0, count: range.count))
        }
        return result
    }
}
