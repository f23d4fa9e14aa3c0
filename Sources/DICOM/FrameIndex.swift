import CDCMTK

/// Which fragments of encapsulated pixel data make which frame (PS3.5 A.4).
struct FrameIndex {
    /// A range of fragments for each frame, in order.
    let fragments: [Range<Int>]

    /// - Parameters:
    ///   - starts: whether a fragment's first bytes begin a compressed frame (SOI or SOC marker).
    /// - Throws: `.truncated` for fewer fragments than frames; `.malformed` when their assignment cannot be known.
    init(
        file: borrowing OpenFile, fragmentCount: Int, frames: Int, starts: (UnsafeRawBufferPointer) -> Bool
    ) throws(DICOMError) {
        guard fragmentCount <= ReadingLimits.fragments else {
            throw DICOMError(
                .tooLarge, path: file.path,
                "\(fragmentCount) fragments of pixel data are more than the limit of \(ReadingLimits.fragments)")
        }
        guard fragmentCount >= frames else {
            throw DICOMError(
                .truncated, path: file.path,
                "\(fragmentCount) compressed fragments for \(frames) frames; copy the file again")
        }
        if fragmentCount == frames {
            fragments = (0..<frames).map { $0..<$0 + 1 }
            return
        }
        if frames == 1 {
            fragments = [0..<fragmentCount]
            return
        }
        var lengths: [Int] = []
        var firsts: [Int] = []
        for index in 0..<fragmentCount {
            let bytes = try file.fragment(index)
            lengths.append(bytes.count)
            if starts(bytes) { firsts.append(index) }
        }
        if let listed = Self.firsts(offsets: try file.basicOffsetTable(), lengths: lengths) { firsts = listed }
        guard firsts.count == frames, firsts.first == 0 else {
            throw DICOMError(
                .malformed, path: file.path,
                "\(fragmentCount) fragments for \(frames) frames, and neither the Basic Offset Table nor the "
                    + "fragments themselves say which belong together")
        }
        fragments = zip(firsts, firsts.dropFirst() + [fragmentCount]).map { $0..<$1 }
    }

    /// Offsets count from the first fragment's item tag; every item adds a header of 8 bytes (A.4). Nil for an empty
    /// table and for one that does not point at fragments.
    private static func firsts(offsets: [Int], lengths: [Int]) -> [Int]? {
        guard !offsets.isEmpty else { return nil }
        var (places, position): ([Int: Int], Int) = ([:], 0)
        for (index, length) in lengths.enumerated() {
            places[position] = index
            position += 8 + length
        }
        let firsts = offsets.compactMap { places[$0] }
        guard firsts.count == offsets.count, zip(firsts, firsts.dropFirst()).allSatisfy({ $0 < $1 }) else {
            return nil
        }
        return firsts
    }
}

extension OpenFile {
    /// A fragment's bytes as they are stored, valid while the file is open; -1 is the Basic Offset Table.
    borrowing func fragment(_ index: Int) throws(DICOMError) -> UnsafeRawBufferPointer {
        var status = dcmtk_status()
        var count = 0
        guard let bytes = dcmtk_fragment(handle, Int64(index), &count, &status) else {
            throw DICOMError(status: status, path: path)
        }
        return UnsafeRawBufferPointer(start: bytes, count: count)
    }

    /// Offsets of the frames, or nothing when the table is empty (PS3.5 A.4).
    borrowing func basicOffsetTable() throws(DICOMError) -> [Int] {
        let bytes = try fragment(-1)
        return (0..<bytes.count / 4).map {
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
        }
    }

    /// A frame's fragments, joined.
    borrowing func joined(_ fragments: Range<Int>) throws(DICOMError) -> [UInt8] {
        var joined: [UInt8] = []
        for index in fragments { joined.append(contentsOf: try fragment(index)) }
        return joined
    }
}
