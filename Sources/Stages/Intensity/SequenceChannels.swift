import Pipelines
import Transforms
import Volumes

extension Volume {
    /// Changes intensities: of the image as a whole, or of each channel by itself where channels are sequences of one
    /// patient, which have no scale in common. Colours, time points and diffusion directions have.
    ///
    /// - Parameter body: false when the image that it was given is constant.
    /// - Returns: false when any was.
    mutating func changeBySequence(_ body: (inout Volume) throws -> Bool) rethrows -> Bool {
        guard case .sequences = attributes.channelAxis else { return try body(&self) }
        var (voxels, varies, last): ([Float], Bool, Volume?) = ([], true, nil)
        voxels.reserveCapacity(shape.count)
        for index in 0..<shape.channels {
            var one = channel(index)
            varies = try body(&one) && varies
            voxels += one.voxels
            last = one
        }
        if let last { self = last.with(voxels: voxels, shape: shape, geometry: geometry) }
        return varies
    }
}

extension History {
    /// The stage at work records what it measured or drew: one value of an image, or a list with one of each sequence.
    mutating func note<Value>(_ key: String, of values: [Value], _ json: (Value) -> JSONValue) {
        note(key, values.count == 1 ? json(values[0]) : .array(values.map(json)))
    }
}
