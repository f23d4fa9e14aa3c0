import CDeflate
import CKernels
import Files
import Parallel
import Volumes

/// An array as the bytes of a file: C order, little endian, made a part at a time so that a large volume is not held
/// twice.
struct TensorBytes: Sendable {
    let type: ElementType
    private let content: Content

    private enum Content: Sendable {
        case voxels(Voxels)
        case bytes([UInt8])
    }

    /// Elements in a part.
    private static let part = 1 << 18

    /// Rounded to nearest, ties to even.
    ///
    /// - Throws: `.valueRange` where a finite voxel would become infinite, or leaves [0, 1] for uint8.
    init(_ voxels: Voxels, as type: ElementType) throws(ItemError) {
        (content, self.type) = (.voxels(voxels), type)
        let unfit = unfitCount
        guard unfit > 0 else { return }
        switch type {
        case .uint8:
            throw ItemError(
                .valueRange,
                "\(unfit) voxels lie outside [0, 1], which uint8 stands for; end with a window or normalize in [0, 1], or take a float type"
            )
        default:
            throw ItemError(
                .valueRange,
                "\(unfit) voxels are beyond the greatest \(type.rawValue) (\(type == .float16 ? "65504" : "3.39e38")); normalize first, or take float32"
            )
        }
    }

    /// Bytes that are elements already.
    init(labels: [UInt8]) { (content, type) = (.bytes(labels), .uint8) }

    var byteCount: Int {
        switch content {
        case .voxels(let voxels): voxels.count * type.size
        case .bytes(let bytes): bytes.count
        }
    }

    /// CRC-32 as ZIP has it, of these bytes behind others whose checksum is known.
    func checksum(after first: UInt32) -> UInt32 {
        var crc = first
        // The body throws nothing.
        try? forEachPart { (part) throws(FileError) in crc = libdeflate_crc32(crc, part.baseAddress, part.count) }
        return crc
    }

    func write(to sink: borrowing FileSink) throws(FileError) {
        switch (content, type) {
        case (.voxels(.floats(let values)), .float32): try sink.write(values: values)
        case (.bytes(let bytes), _): try sink.write(bytes)
        default: try forEachPart { (part) throws(FileError) in try sink.write(part) }
        }
    }

    /// Calls `body` with the bytes of neighbouring parts, in order.
    func forEachPart(_ body: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws(FileError) {
        switch content {
        case .bytes(let bytes):
            let span = bytes.span.bytes
            try span.withUnsafeBytes { (buffer) throws(FileError) in try body(buffer) }
        case .voxels(let voxels):
            let out = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.part * type.size, alignment: 16)
            defer { out.deallocate() }
            try forEachPart(of: voxels) { (values) throws(FileError) in
                _ = convert(values, to: out)
                try body(UnsafeRawBufferPointer(rebasing: out[..<(values.count * type.size)]))
            }
        }
    }

    /// Voxels that the type cannot hold.
    private var unfitCount: Int {
        guard type != .float32, case .voxels(let voxels) = content else { return 0 }
        let out = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.part * type.size, alignment: 16)
        defer { out.deallocate() }
        var count = 0
        forEachPart(of: voxels) { count += convert($0, to: out) }
        return count
    }

    private func forEachPart<Failure: Error>(
        of voxels: Voxels, _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: Self.part)
        defer { values.deallocate() }
        for start in stride(from: 0, to: voxels.count, by: Self.part) {
            let range = start..<min(start + Self.part, voxels.count)
            voxels.copy(range, to: values.baseAddress!)
            try body(UnsafeBufferPointer(rebasing: values[..<range.count]))
        }
    }

    /// - Returns: the number of values that the type cannot hold.
    private func convert(_ values: UnsafeBufferPointer<Float>, to out: UnsafeMutableRawBufferPointer) -> Int {
        let (start, count) = (values.baseAddress!, values.count)
        switch type {
        case .float32:
            out.copyMemory(from: UnsafeRawBufferPointer(values))
            return 0
        case .float16: return hk_to_half(start, count, out.bindMemory(to: UInt16.self).baseAddress!)
        case .bfloat16: return hk_to_bfloat16(start, count, out.bindMemory(to: UInt16.self).baseAddress!)
        case .uint8: return hk_to_unit_bytes(start, count, out.bindMemory(to: UInt8.self).baseAddress!)
        }
    }
}

extension Volume {
    /// Voxels that are NaN or infinite.
    var notFiniteCount: Int {
        if storage.areKnownFinite { return 0 }
        return storage.floats.withUnsafeBufferPointer { hk_count_not_finite($0.baseAddress!, $0.count) }
    }
}

/// Intensities in [0, 1] of a range of voxels times 255, into a buffer of as many bytes.
func writeUnitBytes(_ voxels: Voxels, _ range: Range<Int>, _ out: UnsafeMutableRawBufferPointer) {
    let values = [Float](unsafeUninitializedCapacity: range.count) { buffer, count in
        if let start = buffer.baseAddress { voxels.copy(range, to: start) }
        count = range.count
    }
    _ = hk_to_unit_bytes(values, values.count, out.bindMemory(to: UInt8.self).baseAddress)
}
