import DataSets
import Deidentification
import Files
import JPEG
import NIfTI
import PNG
public import Pipelines

extension AnonymizationRun {
    /// What a run would do with each file: each is cleaned in memory, and nothing is written. Pixels are not looked at.
    ///
    /// - Returns: for items that would fail or be skipped, why.
    public func outlook() -> [(name: String, action: DryRunAction, reason: ManifestEntry.Failure?)] {
        survey.units().filter { runner.shard.contains($0.name) }.map { unit in
            switch unit.verdict {
            case .process(let input):
                let reason = obstacle(to: unit, input)
                return (unit.name, reason == nil ? .process : .fail, reason)
            case .skip(let reason): return (unit.name, .skip, reason)
            case .fail(let reason): return (unit.name, .fail, reason)
            }
        }
    }

    private func obstacle(
        to unit: WorkUnit<AnonymizationInput>, _ input: AnonymizationInput
    ) -> ManifestEntry.Failure? {
        defer { input.file.release() }
        do {
            if let other = input.other {
                if [.png, .jpeg].contains(other.kind), !cleaner.policy.has(.cleanPixelData) {
                    throw Refusal.unexaminedPicture
                }
                return nil
            }
            let file = try PartTenFile(input.file.source())
            _ = try cleaner.clean(file, path: input.relativePath, as: input.identity, pixels: .notExamined)
            return nil
        } catch {
            return failure(error, of: unit)
        }
    }

    /// What a manifest says of a file that stopped at an error.
    func failure(_ error: any Error, of unit: WorkUnit<AnonymizationInput>) -> ManifestEntry.Failure {
        let (code, stage, message): (String, String, String) =
            switch error {
            case let refusal as Refusal: (kebab(refusal.code.rawValue), "deidentify", refusal.message)
            case let error as DataSetError: (kebab(error.code.rawValue), "read", error.description)
            case let error as NIfTIError: (kebab(error.code.rawValue), "read", error.message)
            case let error as PNGError: (kebab(error.code.rawValue), "read", error.message)
            case let error as JPEGError: (kebab(error.code.rawValue), "read", error.message)
            case let error as FileError where error.problem == .changed:
                (error.code, "read", "cannot \(error.operation) a file: \(error.reason)")
            case let error as FileError: (error.code, "write", "cannot \(error.operation) a file: \(error.reason)")
            default: ("internal", "deidentify", "unexpected error of type \(type(of: error)); please report it")
            }
        return ManifestEntry.Failure(code: code, stage: stage, message: "\(unit.name): \(message)")
    }
}

/// What a dry run says of an item.
public enum DryRunAction: String, Sendable { case process, skip, fail }

extension Refusal {
    static let unexaminedPicture = Refusal(
        .unexaminedPixels, "a picture may show text, and nobody has looked; --option clean-pixel-data does")
}
