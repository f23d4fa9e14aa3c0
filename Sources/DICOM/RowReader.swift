import Files
public import Volumes

/// One uncompressed 16-bit gray image, read row by row in a single pass over its file, so that it is never whole in
/// memory: what it takes is the caller's room for some rows.
public final class RowReader {
    /// Everything about the image but its voxels, as `SeriesReader.read` gives it.
    public let shape: Shape
    public let geometry: Geometry
    public let modality: Modality
    public let attributes: Attributes
    public let warnings: [ReadWarning]
    /// What the words that `next` reads stand for.
    public let values: WordValues

    private let file: FileReader
    private let pixels: NativePixels
    private let inspect: (UnsafeRawBufferPointer) -> Void
    private var position = 0

    /// - Parameter inspect: is given every byte of the file once, in order and in pieces, also those that are no pixels.
    /// - Returns: nil for a series of any other kind.
    /// - Throws: `DICOMError`, as `SeriesReader.read` does for the same series.
    public init?(
        _ series: Series, options: SeriesOptions = SeriesOptions(),
        inspect: @escaping (UnsafeRawBufferPointer) -> Void
    ) throws(DICOMError) {
        let header = series.headers[0]
        guard series.headers.count == 1, header.frames == 1, header.isGrayInteger, header.bitsAllocated == 16,
            let pixels = header.nativePixels
        else { return nil }
        let layout = try VolumeLayout(series, options: options)
        guard layout.finishing.isEmpty else { return nil }
        try pixels.check(header)
        do throws(FileError) {
            file = try FileReader(path: header.path)
            guard file.identity == pixels.identity else { throw FileError("read", header.path, .changed) }
        } catch {
            throw DICOMError(error)
        }
        (shape, geometry, warnings) = (layout.shape, layout.geometry, layout.warnings)
        (modality, attributes) = (series.modality, SeriesReader.attributes(series, layout))
        values = PixelFormat(header).valuesOfWords
        (self.pixels, self.inspect) = (pixels, inspect)
    }

    /// Reads the next rows, from the top of the image.
    ///
    /// - Parameter words: room for `count * shape.width` words.
    /// - Precondition: the image has as many rows left.
    public func next(_ count: Int, into words: UnsafeMutablePointer<UInt16>) throws(DICOMError) {
        if position < pixels.offset { try pass(upTo: pixels.offset) }
        let bytes = UnsafeMutableRawBufferPointer(start: words, count: count * shape.width * 2)
        precondition(position + bytes.count <= pixels.offset + shape.count * 2, "rows beyond the image")
        guard try read(into: bytes) == bytes.count else { throw changed }
        #if _endian(big)
            for index in 0..<count * shape.width { words[index] = UInt16(littleEndian: words[index]) }
        #endif
    }

    /// Reads what follows, to the end of the file.
    ///
    /// - Throws: `DICOMError` when the file has changed since its header was read.
    public func finish() throws(DICOMError) {
        try pass(upTo: .max)
        guard file.isUnchanged else { throw changed }
    }

    /// Bytes that are only looked at.
    private func pass(upTo end: Int) throws(DICOMError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
        defer { buffer.deallocate() }
        while position < end {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, end - position)])
            guard try read(into: piece) == piece.count else { break }
        }
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) throws(DICOMError) -> Int {
        do throws(FileError) {
            let count = try file.read(at: position, into: buffer)
            inspect(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            position += count
            return count
        } catch {
            throw DICOMError(error)
        }
    }

    private var changed: DICOMError { DICOMError(FileError("read", file.path, .changed)) }
}
