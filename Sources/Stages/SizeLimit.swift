public import Pipelines

extension Pipeline<Item> {
    /// Why an item of this size cannot go through, as far as its headers tell: a stage would make more voxels than any
    /// machine holds. What comes behind a cut to a region is not known before pixels are read.
    ///
    /// - Returns: nil when nothing speaks against it.
    public func refusal(of input: Outline, named name: String) -> ManifestEntry.Failure? {
        var current = input
        for stage in stages {
            if stage.stage is CropForegroundStage { return nil }
            current = stage.outline(current)
            // As resampling refuses: 2^33 voxels.
            guard current.bytes > 4 << 33 else { continue }
            let size = current.shape.map(String.init).joined(separator: " x ")
            return .init(
                code: ItemError.Code.tooLarge.rawValue, stage: stage.name,
                message: "\(name): \(size) voxels would not fit in memory; ask for fewer")
        }
        return nil
    }
}
