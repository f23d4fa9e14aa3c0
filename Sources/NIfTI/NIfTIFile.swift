import CNIfTI
import Files
public import Volumes

/// NIfTI-1 and NIfTI-2 images: .nii, .nii.gz and pairs of .hdr and .img.
public enum NIfTIFile {
    /// Bytes of a file's start that `isNIfTI` wants to see: enough to inflate a header.
    public static let prefixLength = 2048

    /// The most values of a fourth dimension that become channels.
    static let channelLimit = 64

    /// True for NIfTI and for ANALYZE headers, which `read` refuses with a reason; gzip is looked into.
    public static func isNIfTI(prefix: [UInt8]) -> Bool {
        let bytes = Gzip.isGzip(prefix) ? inflatedStart(prefix) : prefix
        guard let signature = NIfTIHeader.signature(bytes) else { return false }
        // A short prefix, or a gzip stream that begins with a long name, shows no more than the length.
        guard bytes.count >= 348 else { return true }
        let magic = signature.version == 1 ? bytes[344] : bytes[4]
        if magic == UInt8(ascii: "n") { return true }
        // ANALYZE and headers with a broken magic string: dim[0] tells them from other files that begin with 348.
        let reader = ByteReader(bytes: bytes[...], isBigEndian: signature.isBigEndian)
        return signature.version == 1 && (1...7).contains(reader.integer(40, Int16.self))
    }

    /// Reads and checks the header alone; of a compressed file only the start is inflated.
    public static func header(path: String) throws(NIfTIError) -> NIfTIHeader {
        let start = try bytes { () throws(FileError) in
            try FileBytes.prefix(headerPath(path), count: 1 << 14)
        }
        return try NIfTIHeader(parsing: Gzip.isGzip(start) ? inflatedStart(start) : start, path: path)
    }

    /// Reads an image into stored values, `attributes.rescales` unapplied. Either file of a pair may be given.
    ///
    /// The fourth dimension becomes channels when it has at most 64 values; larger ones are refused.
    public static func read(path: String) throws(NIfTIError) -> (Volume, [NIfTIWarning]) {
        let header = try header(path: path)
        guard let size = header.datatype.bytesPerVoxel else {
            throw NIfTIError(
                .unsupported, path: path, "\(header.datatype) voxels are not read; convert them to real numbers first")
        }
        guard header.dimensions.dropFirst(4).allSatisfy({ $0 == 1 }) else {
            throw NIfTIError(.unsupported, path: path, "more than four dimensions are not read yet")
        }
        let channels = header.shape.channels
        guard channels <= channelLimit else {
            throw NIfTIError(
                .unsupported, path: path,
                "a fourth dimension of \(channels) values is not read yet (at most \(channelLimit)); split the image")
        }
        let (voxels, hasMore) = try voxels(header, count: header.voxelCount * size, path: path)
        var (geometry, warnings) = header.placement()
        if header.dimensions.count >= 4 && channels > 1 {
            let message = "the fourth dimension became \(channels) channels"
            warnings.append(NIfTIWarning(.fourthDimensionAsChannels, message))
        }
        if hasMore { warnings.append(NIfTIWarning(.trailingBytes, "bytes behind the last voxel were left out")) }
        if header.losesPrecision(voxels) {
            warnings.append(NIfTIWarning(.precisionLost, "values above 2^24 are rounded to 24 bits"))
        }
        geometry.isPhysical = true
        var attributes = Attributes()
        attributes.rescales = header.rescale.flatMap { $0.isIdentity ? nil : [$0] } ?? []
        attributes.bitsStored = header.datatype.integerBits
        attributes.isSigned = header.datatype.isSigned
        return (Volume(voxels: voxels, shape: header.shape, geometry: geometry, attributes: attributes), warnings)
    }

    /// Every file that the image consists of: itself, or the header and the voxels of a pair.
    public static func files(path: String) throws(NIfTIError) -> [String] {
        let header = try header(path: path)
        return header.isPair ? [headerPath(path), try imagePath(path)] : [path]
    }

    /// Voxels from the file that holds them, and whether bytes follow the last one.
    private static func voxels(
        _ header: NIfTIHeader, count: Int, path: String
    ) throws(NIfTIError) -> (voxels: [Float], hasMore: Bool) {
        let voxelPath = header.isPair ? try imagePath(path) : path
        let end = header.voxelOffset + count
        var data = try bytes { () throws(FileError) in try FileBytes.read(voxelPath) }
        if Gzip.isGzip(data) {
            // Deflate makes at most 1032 bytes of one: a header that announces more is not believed.
            guard end / 1032 <= data.count else {
                throw NIfTIError(.truncated, path: voxelPath, "\(data.count) compressed bytes cannot hold \(end)")
            }
            data = try Gzip.inflate(data, limit: end + 1 << 16, path: voxelPath)
        }
        guard data.count >= end else {
            throw NIfTIError(
                .truncated, path: voxelPath,
                "\(data.count) of \(end) bytes are there; copy the file again from its source")
        }
        return (header.decode(data[header.voxelOffset..<end]), data.count > end)
    }

    /// The .hdr for an .img, any other path as it is.
    private static func headerPath(_ path: String) -> String {
        for (image, header) in [(".img", ".hdr"), (".img.gz", ".hdr.gz")] where path.hasSuffix(image) {
            return path.dropLast(image.count) + header
        }
        return path
    }

    private static func imagePath(_ path: String) throws(NIfTIError) -> String {
        if path.hasSuffix(".img") || path.hasSuffix(".img.gz") { return path }
        for header in [".hdr", ".hdr.gz"] where path.hasSuffix(header) {
            let stem = path.dropLast(header.count)
            let plain = stem + ".img"
            return (try? FileBytes.size(String(plain))) == nil ? stem + ".img.gz" : String(plain)
        }
        throw NIfTIError(.damaged, path: path, "the header belongs to a pair of files but is not named .hdr")
    }

    private static func inflatedStart(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: NIfTIHeader.prefixLength) { out, count in
            count = gzip_inflate_start(bytes, bytes.count, out.baseAddress, NIfTIHeader.prefixLength)
        }
    }

    private static func bytes(_ read: () throws(FileError) -> [UInt8]) throws(NIfTIError) -> [UInt8] {
        do throws(FileError) {
            return try read()
        } catch {
            throw NIfTIError(.unreadable, path: error.path, error.reason)
        }
    }
}
