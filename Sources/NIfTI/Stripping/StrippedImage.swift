import Files

/// A NIfTI image without everything that is neither geometry nor voxels: texts of the header, extensions, what stands
/// before and behind the voxels, names and times in gzip headers.
///
/// Voxels are copied bit by bit, in their byte order; type, dimensions, scaling and transforms stay as they are. Types
/// that `NIfTIFile.read` refuses (complex, 128 bits) are fine here, and so are images larger than memory.
public struct StrippedImage: Sendable {
    /// A file that the image consists of.
    public enum Part: Sendable, Hashable {
        /// .nii: header and voxels.
        case whole
        /// .hdr of a pair.
        case header
        /// .img of a pair.
        case voxels
    }

    /// Bytes that do not stay, and where they stood. They may be patient data.
    public struct Removed: Sendable, Hashable {
        /// "descrip", "extension 6", "gzip file name".
        public var place: String
        public var bytes: [UInt8]
    }

    public let header: NIfTIHeader
    /// What files there are, the header's first.
    public let parts: [Part]
    /// No more of each than what can be searched for: long texts are cut.
    public private(set) var removed: [Removed] = []

    /// Whether nothing would change.
    public private(set) var isStripped: Bool

    /// The header as it is written, with the extension flag.
    let encodedHeader: [UInt8]
    private let paths: [Part: String]
    private var compressed: Set<Part> = []

    /// Extensions and slack are looked into up to here.
    static let searched = 16 << 20

    /// - Parameter path: a .nii, or the .hdr of a pair, compressed or not.
    /// - Throws: `NIfTIError` for what `NIfTIFile.header` refuses, ANALYZE 7.5 among it, and for CIFTI-2.
    public init(path: String) throws(NIfTIError) {
        var stream = try ContentStream(path)
        var start = try stream.bytes(NIfTIHeader.prefixLength)
        var header = try NIfTIHeader(parsing: start, path: path, voxelLimit: NIfTIHeader.streamedVoxelLimit)
        let length = NIfTIHeader.lengths[header.version]!
        let wanted = header.isPair ? Self.searched : min(header.voxelOffset, Self.searched)
        if start.count < wanted { start += try stream.bytes(wanted - start.count) }
        guard start.count >= length else {
            throw NIfTIError(.truncated, path: path, "the header ends after \(start.count) of \(length) bytes")
        }
        let before = header.isPair ? start : Array(start.prefix(header.voxelOffset))
        if header.extensionEnd(flag: Array(before.dropFirst(length).prefix(4)), fileSize: before.count) != nil {
            header.parseExtensions(before, end: before.count)
        }
        guard !header.extensions.contains(where: { $0.code == 32 }) else {
            throw NIfTIError(
                .unsupported, path: path,
                "a CIFTI-2 file: without its extension nobody knows what its numbers are of, and with it, what else it says"
            )
        }
        for (name, range) in StrippedHeader.texts(header.version) where start[range].contains(where: { $0 != 0 }) {
            removed.append(Removed(place: name, bytes: Array(start[range])))
        }
        for (name, range) in StrippedHeader.telling(start, header) {
            removed.append(Removed(place: name, bytes: Array(start[range])))
        }
        var place = length + 4
        for item in header.extensions {
            removed.append(Removed(place: "extension \(item.code)", bytes: item.bytes))
            place += item.bytes.count + 8
        }
        let slack = before.dropFirst(place)
        if slack.contains(where: { $0 != 0 }) { removed.append(Removed(place: "slack", bytes: Array(slack))) }
        self.header = header
        isStripped = false
        encodedHeader = StrippedHeader.encode(start, header)
        parts = header.isPair ? [.header, .voxels] : [.whole]
        paths = header.isPair ? [.header: path, .voxels: try ImagePaths.voxels(path)] : [.whole: path]
        for part in parts { try noteContainer(part) }
        isStripped = removed.isEmpty && start.prefix(encodedHeader.count) == encodedHeader[...]
    }

    /// The file that a part is read from.
    public func path(of part: Part) -> String { paths[part]! }

    /// How the name of a part ends: ".nii.gz" when its bytes are gzip, whatever the original was called.
    public func suffix(of part: Part) -> String {
        let plain = [Part.whole: ".nii", .header: ".hdr", .voxels: ".img"][part]!
        return compressed.contains(part) ? plain + ".gz" : plain
    }

    func isCompressed(_ part: Part) -> Bool { compressed.contains(part) }

    /// Bytes of the voxels: dimensions that are no whole bytes (1 bit each) are rounded up.
    var voxelBytes: Int { (header.voxelCount * header.datatype.bitsPerVoxel + 7) / 8 }

    /// gzip's own fields, and what stands behind the voxels.
    private mutating func noteContainer(_ part: Part) throws(NIfTIError) {
        let path = paths[part]!
        let file = try reading { () throws(FileError) in try FileReader(path: path) }
        let head = try reading { () throws(FileError) in try file.bytes(count: 1 << 17) }
        if GzipStream.isGzip(head) {
            compressed.insert(part)
            for field in GzipHeader.fields(head) { removed.append(Removed(place: field.name, bytes: field.bytes)) }
            return
        }
        guard part != .header else { return }
        let end = header.voxelOffset + voxelBytes
        guard file.size >= end else {
            throw NIfTIError(
                .truncated, path: path, "\(file.size) of \(end) bytes are there; copy the file again from its source")
        }
        if part == .voxels, header.voxelOffset > 0 {
            let slack = try reading { () throws(FileError) in
                try file.bytes(count: min(header.voxelOffset, Self.searched))
            }
            removed.append(Removed(place: "slack", bytes: slack))
        }
        let tail = try reading { () throws(FileError) in
            try file.bytes(at: end, count: min(file.size - end, Self.searched))
        }
        if !tail.isEmpty { removed.append(Removed(place: "bytes behind the voxels", bytes: tail)) }
    }
}
