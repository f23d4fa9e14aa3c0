import CKernels
import Volumes

/// What is filled in where a face was: the air of the image itself, as stored values.
struct Air: Sendable {
    /// Stored value for each channel and slice, `[channels, depth]`.
    private var values: [Float]
    /// Output value (HU for CT) in the first slice.
    let output: Float

    /// The median of air around the head; slices that have a scale of their own each get the stored value for it.
    ///
    /// - Throws: `FaceError` when the image shows no air to go by, or when the air of a CT is none.
    init(around head: AlignedHead, in volume: Volume) throws(FaceError) {
        let places = try head.airIndices(in: volume)
        let shape = volume.shape
        values = []
        for channel in 0..<shape.channels {
            var samples = places.map { index in
                let stored = volume.storage.value(at: channel * shape.voxelCount + index)
                return volume.output(stored, slice: index / shape.sliceCount)
            }
            samples.sort()
            let median = samples[samples.count / 2]
            for slice in 0..<shape.depth { values.append(volume.stored(median, slice: slice)) }
        }
        output = volume.hasSliceScales ? volume.output(values[0], slice: 0) : volume.anyOutput(values[0])
        guard head.contrast == .mr || output < -700 else {
            throw FaceError(.contrastUnknown, "what should be air around the head is not; deface by hand")
        }
    }

    /// A copy with air where there is a label, in every channel.
    func filling(_ labels: [UInt8], in volume: Volume) -> Volume {
        let (slice, voxels) = (volume.shape.sliceCount, volume.shape.voxelCount)
        let storage: Voxels
        switch volume.storage {
        case .deferred, .floats:
            var floats = volume.storage.floats
            for plane in values.indices {
                hk_fill_floats(&floats, plane * slice, slice, labels, plane * slice % voxels, values[plane])
            }
            storage = .floats(floats)
        case .words(var words, let table):
            var wordOf: [Float: UInt16] = [:]
            for value in Set(values) { wordOf[value] = table.nearestWord(to: value, in: words) }
            for plane in values.indices {
                hk_fill_words(&words, plane * slice, slice, labels, plane * slice % voxels, wordOf[values[plane]] ?? 0)
            }
            storage = .words(words, table)
        }
        return volume.with(storage: storage, shape: volume.shape, geometry: volume.geometry)
    }
}

extension AlignedHead {
    /// Voxels of a volume (indices into one channel) that lie in the air around this head, at most some ten thousand.
    fileprivate func airIndices(in volume: Volume) throws(FaceError) -> [Int] {
        guard let index = AffineMap(volume.geometry).inverse else {
            throw FaceError(.unsupportedImage, "the steps of the geometry are degenerate")
        }
        let map = index.after(pose.map).after(HeadGrid.indexToPosition)
        let air = visible.subtracting(head.dilated(by: 8))
        let shape = volume.shape
        var indices: [Int] = []
        for place in stride(from: 0, to: air.bits.count, by: 11) where air.bits[place] != 0 {
            let grid = SIMD3(place % air.size.x, place / air.size.x % air.size.y, place / air.size.x / air.size.y)
            let p = map(SIMD3<Double>(grid)).rounded(.toNearestOrEven)
            guard p.x >= 0, p.y >= 0, p.z >= 0, p.x < Double(shape.width), p.y < Double(shape.height),
                p.z < Double(shape.depth)
            else { continue }
            indices.append((Int(p.z) * shape.height + Int(p.y)) * shape.width + Int(p.x))
        }
        guard indices.count >= 30 else {
            throw FaceError(.unsupportedImage, "the image shows no air around the head to fill in")
        }
        return indices
    }
}

extension Volume {
    /// Slices have slopes of their own.
    fileprivate var hasSliceScales: Bool { attributes.rescales.count > 1 && attributes.modalityLUT == nil }

    /// In output units when slices differ in scale, else as stored: then stored values compare.
    fileprivate func output(_ stored: Float, slice: Int) -> Float {
        guard hasSliceScales else { return stored }
        let rescale = attributes.rescales[slice % attributes.rescales.count]
        return Float(rescale.slope * Double(stored) + rescale.intercept)
    }

    fileprivate func stored(_ output: Float, slice: Int) -> Float {
        guard hasSliceScales else { return output }
        let rescale = attributes.rescales[slice % attributes.rescales.count]
        return Float((Double(output) - rescale.intercept) / rescale.slope)
    }

    /// Output value of a stored value where all slices share a scale.
    fileprivate func anyOutput(_ stored: Float) -> Float {
        if let table = attributes.modalityLUT { return table(stored) }
        guard let rescale = attributes.rescales.first else { return stored }
        return Float(rescale.slope * Double(stored) + rescale.intercept)
    }
}

extension WordValues {
    /// Of the words that occur the one that stands nearest to a value: nothing beyond the scanner's bits is written.
    fileprivate func nearestWord(to value: Float, in words: [UInt16]) -> UInt16 {
        let counts = Voxels.counts(of: words)
        let nearest = counts.indices.lazy.filter { counts[$0] > 0 }
            .min { abs(table[$0] - value) < abs(table[$1] - value) }
        return UInt16(nearest ?? 0)
    }
}
