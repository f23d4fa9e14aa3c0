/// The frames of one file as values, one after the other: what looks at pictures needs, and no volume.
public enum DICOMFrames {
    /// What the frames of a file are, before the first is decoded.
    public struct Outline: Sendable {
        public let rows: Int
        public let columns: Int
        public let frames: Int
        /// 1 for gray, 3 for red, green and blue, also where the file has YBR or a palette.
        public let channels: Int
        /// Of a value; signed ones are below zero, too.
        public let bits: Int
        public let isSigned: Bool
    }

    /// - Parameter body: gets the frame's number from 0 and one plane a channel, `[rows, columns]` stored values. Returning
    ///   false ends the reading.
    /// - Throws: `DICOMError`, also for pixels that are no whole numbers.
    public static func forEach(
        path: String, _ body: (Int, [[Float]], Outline) -> Bool
    ) throws(DICOMError) {
        let header = try DICOMFile.header(path: path)
        try header.checkReadable()
        guard header.pixelElement == .integers, header.hasPixelData, let bits = header.outputBits else {
            throw DICOMError(.unsupportedPixels, path: path, "its pixels are no whole numbers")
        }
        let file = try OpenFile(path: path, headerOnly: false)
        var source = try FrameSource(file, header: header)
        let outline = Outline(
            rows: header.rows, columns: header.columns, frames: header.frames, channels: header.channels, bits: bits,
            isSigned: header.isSigned && header.channels == 1)
        for frame in 0..<header.frames {
            var planes = [[Float]](
                repeating: [Float](repeating: 0, count: header.rows * header.columns), count: header.channels)
            try read(frame, of: file, from: &source, into: &planes)
            guard body(frame, planes, outline) else { return }
        }
    }

    private static func read(
        _ frame: Int, of file: borrowing OpenFile, from source: inout FrameSource, into planes: inout [[Float]]
    ) throws(DICOMError) {
        let count = planes[0].count
        let buffer = UnsafeMutablePointer<Float>.allocate(capacity: planes.count * count)
        defer { buffer.deallocate() }
        buffer.initialize(repeating: 0, count: planes.count * count)
        try source.read(frame, of: file, into: planes.indices.map { buffer + $0 * count })
        for index in planes.indices {
            planes[index] = Array(UnsafeBufferPointer(start: buffer + index * count, count: count))
        }
    }
}
