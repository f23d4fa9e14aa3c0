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
        return result
    }
}
