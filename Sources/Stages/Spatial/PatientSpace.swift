import Pipelines
import Transforms
import Volumes

extension Item {
    /// Brings the image into the space of a reference that it was registered to, with its masks, its boxes and the grid
    /// of its file: what belonged together stays together, because all of it moves by one map. Voxels stay as they are.
    ///
    /// - Parameter transform: from the reference's space to this image's, as registration gives it.
    /// - Throws: `TransformError` when the transform is degenerate, or for findings, which would have to move too, and
    ///   diffusion directions, which would no longer be true.
    mutating func movePatientSpace(onto transform: AffineTransform) throws(TransformError) {
        guard let back = transform.inverse else {
            throw TransformError(.registrationFailed, "the transform has no inverse")
        }
        guard findings == nil else {
            throw TransformError(.invalidOption, "findings are on another grid already: put registration before detect")
        }
        if case .diffusion = volume.attributes.channelAxis {
            guard volume.shape.channels == 1 else {
                throw TransformError(
                    .invalidOption, "gradient directions would not fit a turned image; take the channels apart first")
            }
            // One weighting alone is an image like others.
            volume.attributes.channelAxis = .none
        }
        volume.geometry = volume.geometry.moved(by: back)
        for name in masks.keys { masks[name]?.geometry = volume.geometry }
        source.geometry = source.geometry.moved(by: back)
        source.patient = source.patient.after(transform)
    }

    /// What the stages of registration leave in the history.
    mutating func note(_ result: Registration.Result) {
        let rows = result.transform.rows.map { JSONValue.number(($0 * 1e6).rounded() / 1e6) }
        history.note("transform", .array((0..<3).map { .array(Array(rows[4 * $0..<4 * $0 + 4])) }))
        history.note("information", .number((result.information * 1e4).rounded() / 1e4))
        history.note("visible", .number((result.visible * 1e4).rounded() / 1e4))
    }
}

extension Item {
    /// For stages that measure the image and change each value by what they measured.
    mutating func warnOfPadding(before stage: String) {
        guard volume.holdsPadding else { return }
        warn(
            "padding-counted",
            "what the header marks as padding was measured as image: put `rescale` before `\(stage)`")
    }
}

extension Volume {
    /// - Throws: `TransformError` for stored values: what slices of unlike slopes show are no intensities, and padding is
    ///   no tissue.
    func requireOutputValues(for stage: String) throws(TransformError) {
        guard !attributes.hasStoredValues, attributes.padding == nil else {
            throw TransformError(
                .missingInformation, "the header has a rescale or padding to apply: put `rescale` before `\(stage)`")
        }
    }

    /// - Throws: `TransformError` where slices have slopes of their own, for stages that mix slices or compare their values:
    ///   a rescale could not be told which slope is due where.
    func requireOneSlope(for stage: String) throws(TransformError) {
        if attributes.rescales.count > 1 { try requireOutputValues(for: stage) }
    }

    /// Also forgets the range of padding where no voxel lies in it: values that the stage makes would be taken for it.
    ///
    /// - Throws: `TransformError` where there is padding, for stages that blend or change values: what they make of it could
    ///   not be told from the image any more.
    mutating func requireNoPadding(for stage: String) throws(TransformError) {
        if holdsPadding { try requireOutputValues(for: stage) }
        attributes.padding = nil
    }
}
