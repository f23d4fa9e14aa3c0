public import Pipelines

extension Pipeline<Item> {
    /// Why an item cannot go through, as far as its headers tell: its format has no study that results could belong to, or
    /// a stage would make more voxels than any machine holds. What comes behind a cut to a region is not known before
    /// pixels are read.
    ///
    /// - Returns: nil when nothing speaks against it.
    public func refusal(of input: ItemInput, named name: String) -> ManifestEntry.Failure? {
        if input.format != .dicom, outputs.contains(where: { $0.name == "dicom" }) {
            let error = ItemError.noStudy(of: input.format.rawValue)
            return .init(code: error.code.rawValue, stage: "write", message: "\(name): \(error)")
        }
        var current = input.outline
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
