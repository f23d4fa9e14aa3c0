import Files
import Parallel
import Volumes

/// The pixels of a series, put where the layout wants them.
struct VoxelReader: Sendable {
    /// Slices that one worker reads with one opening of their file.
    private struct Task {
        var header: DICOMHeader
        /// In ascending order of frames, which compressed files need.
        var frames: [(frame: Int, slice: Int)]
    }

    private let shape: Shape
    private let tasks: [Task]
    private let formats: Set<PixelFormat>

    init(_ series: Series, _ layout: VolumeLayout) {
        shape = layout.shape
        var wanted: [Int: [(frame: Int, slice: Int)]] = [:]
        for (index, slice) in layout.slices.enumerated() {
            wanted[slice.file, default: []].append((slice.frame, index))
        }
        var tasks: [Task] = []
        for (file, header) in series.headers.enumerated() {
            guard let frames = wanted[file]?.sorted(by: { $0.frame < $1.frame }) else { continue }
            // Native frames can be read in any order, so that several workers may share a multi-frame file.
            let length = header.nativePixels == nil ? frames.count : 16
            for start in stride(from: 0, to: frames.count, by: length) {
                tasks.append(Task(header: header, frames: Array(frames[start..<min(start + length, frames.count)])))
            }
        }
        self.tasks = tasks
        formats = Set(tasks.map { PixelFormat($0.header) })
    }

    func read(_ workers: Workers) throws(DICOMError) -> Voxels {
        // 16-bit gray of one format is kept as it is stored: what the words mean is a table.
        if tasks.allSatisfy({ $0.header.isGrayInteger }), formats.count == 1, let format = formats.first,
            format.bitsAllocated == 16
        {
            let words: [UInt16] = try fill(workers) { (task, out) throws(DICOMError) in try readWords(task, into: out) }
            return .words(words, format.valuesOfWords)
        }
        return .floats(
            try fill(workers) { (task, out) throws(DICOMError) in try readFloats(task, into: out) })
    }

    private func fill<Element: BitwiseCopyable>(
        _ workers: Workers, _ read: @Sendable (Task, UnsafeMutablePointer<Element>) throws(DICOMError) -> Void
    ) throws(DICOMError) -> [Element] {
        var failure: DICOMError?
        let values = [Element](unsafeUninitializedCapacity: shape.count) { buffer, count in
            let target = Destination(start: buffer.baseAddress!)
            adviseHugePages(buffer.baseAddress!, byteCount: shape.count * MemoryLayout<Element>.stride)
            do throws(DICOMError) {
                try workers.forEach(tasks.count) { (index) throws(DICOMError) in
                    try read(tasks[index], target.start)
                }
                count = shape.count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values
    }

    private func readWords(_ task: Task, into words: UnsafeMutablePointer<UInt16>) throws(DICOMError) {
        if let pixels = task.header.nativePixels {
            return try readNative(task, pixels, into: words)
        }
        try withSource(task.header) { (source, file) throws(DICOMError) in
            for (frame, slice) in task.frames {
                try source.readWords(frame, of: file, into: words + slice * shape.sliceCount)
            }
        }
    }

    /// Words straight from the file to their place.
    private func readNative(
        _ task: Task, _ pixels: NativePixels, into words: UnsafeMutablePointer<UInt16>
    ) throws(DICOMError) {
        let (path, size) = (task.header.path, shape.sliceCount * 2)
        try pixels.check(task.header)
        do throws(FileError) {
            let file = try FileReader(path: path)
            guard file.identity == pixels.identity else { throw FileError("read", path, .changed) }
            for (frame, slice) in task.frames {
                let out = UnsafeMutableRawBufferPointer(start: words + slice * shape.sliceCount, count: size)
                guard try file.read(at: pixels.offset + frame * size, into: out) == size else {
                    throw FileError("read", path, .changed)
                }
            }
        } catch {
            throw DICOMError(error)
        }
        #if _endian(big)
            for (_, slice) in task.frames {
                for index in slice * shape.sliceCount..<(slice + 1) * shape.sliceCount {
                    words[index] = UInt16(littleEndian: words[index])
                }
            }
        #endif
    }

    private func readFloats(_ task: Task, into voxels: UnsafeMutablePointer<Float>) throws(DICOMError) {
        try withSource(task.header) { (source, file) throws(DICOMError) in
            for (frame, slice) in task.frames {
                // Channels that are not colours are slices of other files or frames.
                let planes = (0..<task.header.channels).map { channel in
                    voxels + (channel * shape.depth + slice) * shape.sliceCount
                }
                try source.read(frame, of: file, into: planes)
            }
        }
    }

    private func withSource(
        _ header: DICOMHeader, _ body: (inout FrameSource, borrowing OpenFile) throws(DICOMError) -> Void
    ) throws(DICOMError) {
        let file = try OpenFile(path: header.path, headerOnly: false)
        guard try DICOMHeader(file: file, fileSize: header.fileSize).hasSamePixels(as: header) else {
            throw DICOMError(.malformed, path: header.path, "the file changed since its header was read")
        }
        var source = try FrameSource(file, header: header)
        try body(&source, file)
    }
}

extension PixelFormat {
    /// What each of the 65,536 words of 16 bits stands for. Kept, because small images would mostly wait for it.
    var valuesOfWords: WordValues {
        if let known = Self.known.withLock({ $0[self] }) { return known }
        var values = [Float](repeating: 0, count: 65536)
        Self.allWords.withUnsafeBytes { decode($0, count: 65536, into: &values) }
        let result = WordValues(values)
        // Real files have a handful of formats; what damaged ones have is not worth keeping.
        Self.known.withLock { if $0.count < 32 { $0[self] = result } }
        return result
    }

    private static let known = Locked<[PixelFormat: WordValues]>([:])
    private static let allWords = Array(0...UInt16.max)
}

extension DICOMHeader {
    /// Whether two readings of a file agree in all that decoding relies on.
    func hasSamePixels(as other: DICOMHeader) -> Bool {
        (rows, columns, frames, samplesPerPixel) == (other.rows, other.columns, other.frames, other.samplesPerPixel)
            && (bitsAllocated, bitsStored, highBit, isSigned)
                == (other.bitsAllocated, other.bitsStored, other.highBit, other.isSigned)
            && photometricInterpretation == other.photometricInterpretation
            && planarConfiguration == other.planarConfiguration && sopInstanceUID == other.sopInstanceUID
            && transferSyntax == other.transferSyntax && pixelElement == other.pixelElement
    }
}
