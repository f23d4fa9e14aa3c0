import DICOM
import DataSets
import Deidentification
import Faces
import Volumes

/// Pixels of one file that showed a face, and the stored value that takes their place.
struct FaceCut: Sendable {
    /// Runs of pixels `row * columns + column`, by frame from 0.
    private(set) var runs: [Int: [Range<Int>]]
    private let fill: Float

    /// Of each slice of a volume, by its SOP Instance UID.
    ///
    /// - Throws: `DataSetError` when slices cannot be told apart by file and frame, as in mosaics.
    static func cuts(of defaced: DefacedVolume) throws -> [String: FaceCut] {
        let (volume, changed) = (defaced.volume, defaced.changed)
        let (depth, plane) = (volume.shape.depth, volume.shape.height * volume.shape.width)
        let sources = volume.attributes.sliceSources
        guard sources.count == depth * max(1, sources.count / max(1, depth)), !sources.isEmpty,
            Set(sources).count == sources.count
        else { throw DataSetError(.malformed, at: 0, "several slices lie in one frame") }
        guard let place = changed.labels.firstIndex(where: { $0 != 0 }) else { return [:] }
        let fill = volume.slice(place / plane)[volume.slice(place / plane).startIndex + place % plane]
        var cuts: [String: FaceCut] = [:]
        for slice in 0..<depth {
            let labels = changed.labels[slice * plane..<(slice + 1) * plane]
            let runs = Self.runs(in: labels)
            guard !runs.isEmpty else { continue }
            for index in stride(from: slice, to: sources.count, by: depth) {
                let source = sources[index]
                cuts[source.sopInstanceUID, default: FaceCut(fill: fill)].runs[(source.frame ?? 1) - 1] = runs
            }
        }
        return cuts
    }

    init(fill: Float, runs: [Int: [Range<Int>]] = [:]) { (self.fill, self.runs) = (fill, runs) }

    /// The pixels of both; nil where they are filled with unlike values.
    func joined(with other: FaceCut) -> FaceCut? {
        guard fill == other.fill else { return nil }
        return FaceCut(fill: fill, runs: runs.merging(other.runs) { $0 + $1 })
    }

    private static func runs(in labels: ArraySlice<UInt8>) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for (pixel, label) in labels.enumerated() {
            if label != 0, start == nil { start = pixel }
            if label == 0, let first = start {
                runs.append(first..<pixel)
                start = nil
            }
        }
        if let first = start { runs.append(first..<labels.count) }
        return runs
    }

    /// The file without the face: changed words where they lie, or all frames anew when they are compressed.
    ///
    /// - Parameter path: of the file, as the system opens it.
    /// - Throws: `DataSetError`, `DICOMError`, `FileError`.
    func outcome(for file: PartTenFile, path: String) throws -> PixelOutcome {
        var outcome = PixelOutcome()
        outcome.isFreeOfFeatures = true
        if file.encoding.isNative {
            outcome.patches = try patches(file)
        } else {
            var (bytes, isTooWide) = ([UInt8](), false)
            try DICOMFrames.forEach(path: path) { frame, planes, outline in
                isTooWide = outline.bits > 16
                guard !isTooWide else { return false }
                var planes = planes
                for run in runs[frame] ?? [] { for pixel in run { planes[0][pixel] = fill } }
                bytes += FrameDrawing(planes, outline, isInverted: false).blackened([]).bytes
                return true
            }
            guard !isTooWide else {
                throw DataSetError(.malformed, at: 0, "its pixels are of a kind that no face is cut out of")
            }
            outcome.redrawn = RedrawnPixels(bytes, file)
        }
        return outcome
    }

    private func patches(_ file: PartTenFile) throws -> [SourcePatch] {
        guard case .stored(let range) = file.dataSet[.pixelData]?.value, let rows = file.integer(.rows),
            let columns = file.integer(.columns), file.integer(.samplesPerPixel) ?? 1 == 1,
            let bits = file.integer(.bitsAllocated), bits == 8 || bits == 16, let stored = file.integer(.bitsStored),
            let high = file.integer(.highBit), high + 1 >= stored
        else { throw DataSetError(.malformed, at: 0, "its pixels are of a kind that no face is cut out of") }
        let mask = UInt16(truncatingIfNeeded: (1 << stored) - 1)
        let word = (UInt16(truncatingIfNeeded: Int(fill)) & mask) << UInt16(high + 1 - stored)
        let bytes =
            bits == 8
            ? [UInt8(truncatingIfNeeded: word)]
            : file.encoding.isBigEndian
                ? [UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word)]
                : [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
        var patches: [SourcePatch] = []
        for (frame, runs) in runs.sorted(by: { $0.key < $1.key }) {
            let start = range.offset + frame * rows * columns * bytes.count
            guard start + rows * columns * bytes.count <= range.end else {
                throw DataSetError(.truncated, at: range.offset, "its pixel data is cut off")
            }
            for run in runs {
                let place = ByteRange(offset: start + run.lowerBound * bytes.count, count: run.count * bytes.count)
                patches.append(SourcePatch(place, .bytes([[UInt8]](repeating: bytes, count: run.count).flatMap { $0 })))
            }
        }
        return patches
    }
}
