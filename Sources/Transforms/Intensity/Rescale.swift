import CKernels
public import Volumes

extension Volume {
    /// Stored values to the unit that the header states (HU for CT): `slope * stored + intercept`, slice by slice
    /// when the slopes differ (PET), or through the Modality LUT that stands in their place. Voxels in the padding
    /// range become `fill` first.
    ///
    /// Computed in double precision and rounded once. Source: PS3.3 C.11.1.1.2; NIfTI-1 `scl_slope`.
    ///
    /// - Parameter fill: value in output units for padding voxels; nil takes the darkest value outside padding: the least,
    ///   for MONOCHROME1 the greatest.
    /// - Throws: `TransformError` when the number of rescales is neither one nor the number of slices, or when a
    ///   Modality LUT meets values that are no stored values any more.
    public mutating func applyRescale(paddingFill fill: Float? = nil) throws(TransformError) {
        let rescales = try checkedRescales()
        // One table serves all slices only when they share a slope.
        if rescales.count > 1 { withMutableVoxels { _ in } }
        let padding = attributes.padding.map { range in paddingEntries(range) }
        try applyModalityLUT()
        if rescales.count == 1 {
            mapValues { span in
                span.withUnsafeMutableBufferPointer { buffer in
                    guard let base = buffer.baseAddress else { return }
                    hk_rescale(base, buffer.count, rescales[0].slope, rescales[0].intercept)
                }
            }
        } else if !rescales.isEmpty {
            rescaleSlices(rescales)
        }
        if let padding { fillPadding(padding, with: darkest(outside: padding).map { fill ?? $0 }) }
        if let rescale = rescales.first { attributes.appliedRescale = rescales.count == 1 ? rescale : nil }
        attributes.rescales = []
        attributes.padding = nil
    }

    /// Gives voxels in the padding range the stored value that is darkest outside it; the rescale stays due.
    ///
    /// - Precondition: at most one rescale and no Modality LUT.
    public mutating func fillPadding() {
        precondition(attributes.rescales.count <= 1 && attributes.modalityLUT == nil, "slices of several scales")
        guard let range = attributes.padding else { return }
        let padding = paddingEntries(range)
        let isInverted = (attributes.rescales.first?.slope ?? 1) < 0
        fillPadding(padding, with: darkest(outside: padding, isInverted: isInverted))
        attributes.padding = nil
    }

    private func checkedRescales() throws(TransformError) -> [Rescale] {
        let rescales = attributes.rescales
        guard rescales.isEmpty || rescales.count == 1 || rescales.count == shape.depth else {
            throw TransformError(.missingInformation, "\(rescales.count) rescale slopes for \(shape.depth) slices")
        }
        guard rescales.allSatisfy({ $0.slope.isFinite && $0.intercept.isFinite && $0.slope != 0 }) else {
            throw TransformError(.invalidOption, "a rescale slope is zero or not finite")
        }
        return rescales
    }

    private mutating func rescaleSlices(_ rescales: [Rescale]) {
        let (depth, slice) = (shape.depth, shape.sliceCount)
        withMutableVoxels { span in
            span.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                for plane in 0..<buffer.count / slice {
                    let rescale = rescales[plane % depth]
                    hk_rescale(base + plane * slice, slice, rescale.slope, rescale.intercept)
                }
            }
        }
    }

    /// Which entries, voxels or words, stand for no data; before anything maps their values.
    private mutating func paddingEntries(_ range: ClosedRange<Float>) -> [Bool] {
        mapValues { span in span.indices.map { range.contains(span[$0]) } }
    }

    /// What padding should look like: the values of MONOCHROME1 are darkest where they are greatest. 0 where all is
    /// padding, nil where none is.
    ///
    /// - Parameter isInverted: low outputs are stored as high values.
    private func darkest(outside isPadding: [Bool], isInverted: Bool = false) -> Float? {
        guard isPadding.contains(true) else { return nil }
        let others: (least: Float, greatest: Float)?
        switch storage {
        case .deferred, .floats:
            let values = storage.floats
            others = extremes(values.indices.lazy.filter { !isPadding[$0] }.map { values[$0] })
        case .words(let words, let values):
            let counts = Voxels.counts(of: words)
            guard zip(counts, isPadding).contains(where: { $0 > 0 && $1 }) else { return nil }
            others = extremes(counts.indices.lazy.filter { counts[$0] > 0 && !isPadding[$0] }.map { values.table[$0] })
        }
        let isHigh = isInverted != (attributes.polarity == .brightIsLow)
        return (isHigh ? others?.greatest : others?.least) ?? 0
    }

    private mutating func fillPadding(_ isPadding: [Bool], with fill: Float?) {
        guard let fill else { return }
        attributes.paddingFill = fill
        mapValues { span in
            for index in isPadding.indices where isPadding[index] { span[index] = fill }
        }
    }
}

/// Nil when there is no value.
private func extremes(_ values: some Sequence<Float>) -> (least: Float, greatest: Float)? {
    values.reduce(nil) { found, value in
        (min(found?.least ?? value, value), max(found?.greatest ?? value, value))
    }
}
