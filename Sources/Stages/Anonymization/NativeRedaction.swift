import BurnedInText
import DataSets
import Deidentification

/// Blackens rectangles in uncompressed pixel data where it lies: only frames with text change.
struct NativeRedaction {
    private let file: PartTenFile
    private let layout: FrameLayout
    private let range: ByteRange

    /// - Throws: `RedactionError`, `DataSetError` for pixels whose bytes cannot be told apart.
    init(_ file: PartTenFile) throws {
        guard case .stored(let range) = file.dataSet[.pixelData]?.value else {
            throw DataSetError(.malformed, at: 0, "no uncompressed pixel data")
        }
        func number(_ tag: Tag, _ other: Int = 0) -> Int { file.integer(tag) ?? other }
        let interpretation = file.dataSet.text(.photometricInterpretation)
        guard
            let photometric = PhotometricInterpretation(interpretation, paletteBlack: try Self.paletteBlack(file))
        else { throw DataSetError(.malformed, at: 0, "its Photometric Interpretation is not one of uncompressed pixels") }
        (self.file, self.range) = (file, range)
        layout = FrameLayout(
            rows: number(.rows), columns: number(.columns), samplesPerPixel: number(.samplesPerPixel, 1),
            bitsAllocated: number(.bitsAllocated), bitsStored: number(.bitsStored), highBit: number(.highBit),
            isSigned: number(.pixelRepresentation) == 1, isPlanar: number(Tag(0x0028, 0x0006)) == 1,
            isBigEndian: file.encoding.isBigEndian, photometric: photometric)
        try layout.check()
    }

    /// One patch a frame with text.
    func patches(_ found: [Int: [PixelRectangle]]) throws -> [SourcePatch] {
        // Big endian words of 16 bits hold two samples of 8 bits in the other order.
        let isSwapped = file.encoding.isBigEndian && layout.bitsAllocated <= 8 && file.dataSet[.pixelData]?.vr == .OW
        var patches: [SourcePatch] = []
        for (frame, rectangles) in found.sorted(by: { $0.key < $1.key }) {
            let firstBit = frame * layout.bitCount
            let (start, end) = (firstBit / 8, (firstBit + layout.bitCount + 7) / 8)
            // Whole words where bytes have to change places.
            let (from, to) = isSwapped ? (start & ~1, (end + 1) & ~1) : (start, end)
            guard to <= range.count else { throw DataSetError(.truncated, at: range.offset, "its pixel data is cut off") }
            let place = ByteRange(offset: range.offset + from, count: to - from)
            var bytes = Array(try file.source.bytes(place))
            if isSwapped { Self.swap(&bytes) }
            var own = Array(bytes[start - from..<end - from])
            try FrameRedaction.blacken(rectangles, in: &own, layout: layout, firstBit: layout.bitsAllocated == 1 ? firstBit % 8 : 0)
            bytes.replaceSubrange(start - from..<end - from, with: own)
            if isSwapped { Self.swap(&bytes) }
            // Frames of single bits share bytes: each must see what the one before has done.
            if layout.bitsAllocated == 1, patches.last.map({ $0.range.end > place.offset }) == true {
                throw DataSetError(.malformed, at: range.offset, "frames of single bits share a byte")
            }
            patches.append(SourcePatch(place, .bytes(bytes)))
        }
        return patches
    }

    private static func swap(_ bytes: inout [UInt8]) {
        for index in stride(from: 0, to: bytes.count - 1, by: 2) { bytes.swapAt(index, index + 1) }
    }

    /// The stored value of the darkest entry of a palette (PS3.3 C.7.6.3.1.5); nil without palette.
    private static func paletteBlack(_ file: PartTenFile) throws -> Int? {
        guard file.dataSet.text(.photometricInterpretation) == "PALETTE COLOR" else { return nil }
        func words(_ tag: Tag) throws -> [Int] {
            let bytes: [UInt8]
            switch file.dataSet[tag]?.value {
            case .bytes(let slice): bytes = Array(slice)
            case .stored(let range): bytes = Array(try file.source.bytes(range))
            default: return []
            }
            return stride(from: 0, to: bytes.count - 1, by: 2).map { index in
                file.encoding.isBigEndian
                    ? Int(bytes[index]) << 8 | Int(bytes[index + 1]) : Int(bytes[index + 1]) << 8 | Int(bytes[index])
            }
        }
        let descriptor = try words(Tag(0x0028, 0x1101))
        let channels = try [0x1201, 0x1202, 0x1203].map { try words(Tag(0x0028, $0)) }
        guard descriptor.count == 3, descriptor[2] == 16, let count = channels.map(\.count).min(), count > 0 else {
            throw DataSetError(.malformed, at: 0, "its palette is not one of 16-bit words")
        }
        let entries = (0..<count).map { (red: channels[0][$0], green: channels[1][$0], blue: channels[2][$0]) }
        return PhotometricInterpretation.blackEntry(of: entries, firstMapped: descriptor[1])
    }
}
