import Files
public import Volumes

/// NIfTI-1 and NIfTI-2 images: .nii, .nii.gz and pairs of .hdr and .img. Content decides, not the name: gzip is
/// recognised wherever it is.
public enum NIfTIFile {
    /// Bytes of a file's start that `isNIfTI` wants to see: enough to inflate a header.
    public static let prefixLength = 2048

    /// True for NIfTI and for ANALYZE headers, which `read` refuses with a reason; gzip is looked into.
    public static func isNIfTI(prefix: [UInt8]) -> Bool {
        let isGzip = GzipStream.isGzip(prefix)
        let bytes = isGzip ? GzipStream.start(of: prefix, count: NIfTIHeader.prefixLength) : prefix
        guard let signature = NIfTIHeader.signature(bytes) else { return false }
        // A short prefix, or a gzip stream that begins with a long name, shows no more than the length.
        guard bytes.count >= 348 else { return true }
        let magic = signature.version == 1 ? bytes[344] : bytes[4]
        if magic == UInt8(ascii: "n") { return true }
        // ANALYZE and headers with a broken magic string: dim[0] tells them from other files that begin with 348.
        let reader = ByteReader(bytes: bytes[...], isBigEndian: signature.isBigEndian)
        return signature.version == 1 && (1...7).contains(reader.integer(40, Int16.self))
    }

    /// Reads and checks the header and its extensions; of a compressed file only the start is inflated.
    public static func header(path: String, options: ReadingOptions = .init()) throws(NIfTIError) -> NIfTIHeader {
        let file = try reading { () throws(FileError) in try FileReader(path: ImagePaths.header(path)) }
        let start = try reading { () throws(FileError) in try file.bytes(count: 1 << 14) }
        let isGzip = GzipStream.isGzip(start)
        let bytes = isGzip ? GzipStream.start(of: start, count: NIfTIHeader.prefixLength) : start
        var header = try NIfTIHeader(parsing: bytes, path: path, allowsAnalyze: options.allowsAnalyze)
        let length = NIfTIHeader.lengths[header.version]!
        let flag = header.isAnalyze ? [] : Array(bytes.dropFirst(length).prefix(4))
        // How long a compressed header file is shows when it is inflated.
        if let end = header.extensionEnd(flag: flag, fileSize: isGzip ? NIfTIHeader.extensionLimit : file.size) {
            let chain = isGzip ? try inflated(file, count: end) : try plain(file, count: end)
            header.parseExtensions(chain, end: header.isPair ? chain.count : end)
        }
        return header
    }

    /// Reads an image into stored values, `attributes.rescales` unapplied. Either file of a pair may be given.
    ///
    /// Time (dim[4]) or components (dim[5]) become channels, whichever the image has; so do the colours of RGB24 and
    /// RGBA32, whose alpha is left out. float64 is rounded to Float32.
    ///
    /// - Throws: `.unsupported` for types without a value and for more dimensions, `.truncated` and `.damaged` for files
    ///   that are not whole, `.analyze` unless the options allow it.
    public static func read(
        path: String, options: ReadingOptions = .init()
    ) throws(NIfTIError) -> (Volume, [NIfTIWarning]) {
        let header = try header(path: path, options: options)
        try header.checkIsReadable(path: path)
        let voxelPath = header.isPair ? try ImagePaths.voxels(path) : ImagePaths.header(path)
        let found = try VoxelReader(header: header, path: voxelPath, workers: options.workers).read()
        let (geometry, placementWarnings) = header.placement()
        var attributes = Attributes()
        attributes.rescales = header.rescale.flatMap { $0.isIdentity ? nil : [$0] } ?? []
        attributes.bitsStored = header.datatype.integerBits
        attributes.channelAxis = header.fourthAxis.channelAxis
        attributes.isSigned = header.datatype.isSigned
        let volume = Volume(voxels: found.voxels, shape: header.shape, geometry: geometry, attributes: attributes)
        return (volume, placementWarnings + warnings(header, found))
    }

    /// Every file that the image consists of: itself, or the header and the voxels of a pair.
    public static func files(path: String) throws(NIfTIError) -> [String] {
        let header = try header(path: path)
        return [ImagePaths.header(path)] + (header.isPair ? [try ImagePaths.voxels(path)] : [])
    }

    private static func warnings(_ header: NIfTIHeader, _ found: VoxelReader.Found) -> [NIfTIWarning] {
        var warnings: [NIfTIWarning] = []
        let channels = header.shape.channels
        if !header.datatype.isColor && channels > 1 {
            let axis = header.fourthAxis == .components ? "fifth" : "fourth"
            let message = "the \(axis) dimension became \(channels) channels"
            warnings.append(NIfTIWarning(.fourthDimensionAsChannels, message))
        }
        if found.hasMore {
            warnings.append(NIfTIWarning(.trailingBytes, "bytes behind the last voxel were left out"))
        }
        if found.notes.contains(.precisionLost) {
            warnings.append(NIfTIWarning(.precisionLost, "values above 2^24 are rounded to 24 bits"))
        }
        if found.notes.contains(.alphaDropped) {
            warnings.append(NIfTIWarning(.alphaDropped, "transparency was left out; colours are as stored"))
        }
        return warnings
    }

    private static func plain(_ file: FileReader, count: Int) throws(NIfTIError) -> [UInt8] {
        try reading { () throws(FileError) in try file.bytes(count: min(count, file.size)) }
    }

    private static func inflated(_ file: FileReader, count: Int) throws(NIfTIError) -> [UInt8] {
        var stream = try GzipStream(file)
        var bytes: [UInt8] = []
        // A damaged header may announce much; memory follows what is there.
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        while bytes.count < count {
            let made = try stream.read(into: .init(rebasing: piece[..<min(piece.count, count - bytes.count)]))
            guard made > 0 else { break }
            bytes += piece[..<made]
        }
        return bytes
    }
}
