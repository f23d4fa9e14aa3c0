import Foundation
public import Pipelines

extension Pipeline<Item> {
    /// Why an item cannot go through, as far as its headers tell: its format has no study that results could belong to, or
    /// a stage would make more voxels than this machine, or any, holds. What comes behind a cut to a region is not known
    /// before pixels are read.
    ///
    /// - Returns: nil when nothing speaks against it.
    public func refusal(of input: ItemInput, named name: String) -> ManifestEntry.Failure? {
        refusal(of: input, named: name, memory: Int(ProcessInfo.processInfo.physicalMemory))
    }

    /// - Parameter memory: bytes of the machine. To ask for more ends the whole run, and not this item alone.
    func refusal(of input: ItemInput, named name: String, memory: Int) -> ManifestEntry.Failure? {
        if input.format != .dicom, outputs.contains(where: { $0.name == "dicom" }) {
            let error = ItemError.noStudy(of: input.format.rawValue)
            return .init(code: error.code.rawValue, stage: "write", message: "\(name): \(error)")
        }
        let known = stages.prefix { !($0.stage is CropForegroundStage) }.count
        for (outline, estimate) in zip(outlines(of: input.outline), memoryEstimates(of: input.outline)).prefix(known) {
            let size = outline.outline.shape.map(String.init).joined(separator: " x ")
            let reason: String
            // As resampling refuses: 2^33 voxels.
            if outline.outline.bytes > 4 << 33 {
                reason = "\(size) voxels would not fit in memory; ask for fewer"
            } else if estimate.makesMore, estimate.bytes > memory {
                reason =
                    "\(size) voxels and what they are made from need about \(estimate.bytes >> 20) MiB, and the machine has "
                    + "\(memory >> 20) MiB; ask for fewer, or take a machine with more memory"
            } else {
                continue
            }
            return .init(
                code: ItemError.Code.tooLarge.rawValue, stage: outline.stage, message: "\(name): \(reason)")
        }
        return nil
    }
}
