/// A header extension (nifti1.h, "extended header"): data that another program left behind the header. It may hold
/// patient data.
public struct HeaderExtension: Sendable, Hashable {
    /// ecode: 2 is DICOM, 4 is AFNI, 6 is a comment, 44 is a DICOM-like JSON by MRS.
    public var code: Int
    /// edata with the zeros that pad it to a multiple of 16 less 8.
    public var bytes: [UInt8]

    public init(code: Int, bytes: [UInt8]) { (self.code, self.bytes) = (code, bytes) }

    /// esize: the data, its size and its code, a multiple of 16.
    var storedSize: Int { (bytes.count + 8 + 15) / 16 * 16 }
}

extension NIfTIHeader {
    /// Longer chains of extensions are left out with a warning.
    static let extensionLimit = 16 << 20

    /// Where the extensions of a file of this size end when it has any, else nil.
    func extensionEnd(flag: [UInt8], fileSize: Int) -> Int? {
        guard let first = flag.first, first != 0 else { return nil }
        return min(isPair ? fileSize : voxelOffset, Self.extensionLimit)
    }

    /// Takes the extensions from the start of the header's file, up to the first that is no extension: voxels are found
    /// by vox_offset, so that a broken chain costs only itself.
    mutating func parseExtensions(_ bytes: [UInt8], end: Int) {
        let reader = ByteReader(bytes: bytes[...], isBigEndian: isBigEndian)
        var start = Self.lengths[version]! + 4
        while start + 8 <= end {
            guard start + 8 <= bytes.count else { return ignoreExtensions("the header's file ends within them") }
            let size = Int(reader.integer(start, Int32.self))
            // Zeros fill what is left up to vox_offset.
            if size == 0 { return }
            guard size >= 16, size % 16 == 0, size <= end - start, start + size <= bytes.count else {
                return ignoreExtensions("a size is no multiple of 16 or reaches beyond vox_offset")
            }
            let code = Int(reader.integer(start + 4, Int32.self))
            extensions.append(HeaderExtension(code: code, bytes: Array(bytes[start + 8..<start + size])))
            start += size
        }
    }

    private mutating func ignoreExtensions(_ reason: String) {
        warnings.append(NIfTIWarning(.extensionIgnored, "header extensions were left out: \(reason)"))
    }
}
