import Volumes

/// Voxels as they will stand in a file, made piece by piece: the writer never holds them all.
public struct VoxelSource: Sendable {
    /// One of uint8, int16, uint16, int32, float32, rgb24.
    public let datatype: Datatype
    /// Writes the voxels of a range, little endian, in the order of `Shape` (colours interleaved, a pixel one voxel),
    /// into a buffer of exactly their size.
    typealias Fill = (Range<Int>, UnsafeMutableRawBufferPointer) -> Void
    /// A function that one thread calls.
    let filler: @Sendable () -> Fill
    /// How many pieces of the file one such function should make in a row: what it knows from one helps with the next.
    let piecesInARow: Int

    /// - Parameter fill: see `Fill`. Several threads may call it at once.
    public init(
        datatype: Datatype, fill: @escaping @Sendable (Range<Int>, UnsafeMutableRawBufferPointer) -> Void
    ) {
        self.datatype = datatype
        filler = { fill }
        piecesInARow = 1
    }

    /// Values that nobody has made yet, as Float32.
    init(_ voxels: DeferredVoxels) {
        datatype = .float32
        filler = {
            let read = voxels.reader()
            return { range, out in
                let floats = out.bindMemory(to: Float.self)
                read(range, floats.baseAddress!)
                #if _endian(big)
                    for index in floats.indices {
                        floats[index] = Float(bitPattern: floats[index].bitPattern.byteSwapped)
                    }
                #endif
            }
        }
        // Measured: fewer make more input slices twice, more leave a thread waiting for the last of them.
        piecesInARow = 8
    }
}

extension VoxelSource {
    /// The values of a volume as this type, which must hold them all.
    init(_ values: VolumeValues, as datatype: Datatype) {
        self.init(datatype: datatype) { range, out in
            switch datatype {
            case .rgb24: values.interleave(range, into: out)
            case .uint8: values.convert(range, into: out, UInt8.self) { UInt8(truncatingIfNeeded: lowBits($0)) }
            case .int16, .uint16:
                values.convert(range, into: out, UInt16.self) { UInt16(truncatingIfNeeded: lowBits($0)).littleEndian }
            case .int32: values.convert(range, into: out, Int32.self) { Int32($0).littleEndian }
            default: values.convert(range, into: out, UInt32.self) { $0.bitPattern.littleEndian }
            }
        }
    }
}

/// 1.5 * 2^23: a Float of this size has a last bit worth 1, so that adding it rounds to a whole number whose two's
/// complement stands in the low 22 bits. Unlike `Int16(_:)` that becomes vector instructions.
let wholeNumberBias: Float = 12_582_912

/// The low bits of a whole number within 2^22 of zero.
@inline(__always) private func lowBits(_ value: Float) -> UInt32 { (value + wholeNumberBias).bitPattern }

/// The values to store: those of a volume, or with one rescale a slice applied, for which NIfTI has no place.
struct VolumeValues: Sendable {
    let voxels: [Float]
    let shape: Shape
    /// One a slice, or empty.
    let rescales: [Rescale]

    var count: Int { voxels.count }

    /// Gives a body all values of a range as pieces of neighbours.
    @inline(__always) func forEachPiece(
        of range: Range<Int>, _ body: (_ first: Int, UnsafeBufferPointer<Float>) -> Void
    ) {
        voxels.withUnsafeBufferPointer { voxels in
            guard !rescales.isEmpty else {
                return body(range.lowerBound, UnsafeBufferPointer(rebasing: voxels[range]))
            }
            var start = range.lowerBound
            while start < range.upperBound {
                let slice = start / shape.sliceCount
                let stop = min((slice + 1) * shape.sliceCount, range.upperBound)
                let rescale = rescales[slice % shape.depth]
                let values = voxels[start..<stop].map { Float(rescale.slope * Double($0) + rescale.intercept) }
                values.withUnsafeBufferPointer { body(start, $0) }
                start = stop
            }
        }
    }

    @inline(__always) fileprivate func convert<Word: BitwiseCopyable>(
        _ range: Range<Int>, into out: UnsafeMutableRawBufferPointer, _: Word.Type, _ word: (Float) -> Word
    ) {
        let words = out.bindMemory(to: Word.self)
        forEachPiece(of: range) { first, values in
            for index in 0..<values.count { words[first - range.lowerBound + index] = word(values[index]) }
        }
    }

    fileprivate func interleave(_ range: Range<Int>, into out: UnsafeMutableRawBufferPointer) {
        voxels.withUnsafeBufferPointer { voxels in
            for (pixel, index) in range.enumerated() {
                for channel in 0..<3 { out[pixel * 3 + channel] = UInt8(voxels[channel * shape.voxelCount + index]) }
            }
        }
    }
}
