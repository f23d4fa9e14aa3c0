import Files
import Glibc
import NIfTI
import Parallel
import Transforms
import Volumes

/// An image that others are registered to; read once a run.
struct ReferenceImage: Sendable {
    let volume: Volume
    /// SHA-256 of the file.
    let digest: String

    private static let loaded = Locked<[PathKey: ReferenceImage]>([:])

    /// - Throws: `NIfTIError`, `FileError`, or `TransformError` for an image with other than one channel or without place.
    static func read(_ path: String) throws -> ReferenceImage {
        if let known = loaded.withLock({ $0[PathKey(path)] }) { return known }
        var (volume, _) = try NIfTIFile.read(path: path)
        guard volume.shape.channels == 1, volume.geometry.isPhysical else {
            throw TransformError(.invalidOption, "a reference needs one channel and a place in space")
        }
        try volume.applyRescale()
        let image = ReferenceImage(volume: volume, digest: try Digest.of(file: path))
        loaded.withLock { $0[PathKey(path)] = image }
        return image
    }
}

/// Brains that `standardize` aligns others to; they ship in `templates/`.
enum StandardTemplate: String, CaseIterable, Sendable {
    /// ICBM 152 nonlinear symmetric, 2009a, T1, skull-stripped, 197 x 233 x 189 at 1 mm.
    case mni152

    /// The template and, around its brain, where images are compared.
    struct Images: Sendable {
        let template: ReferenceImage
        let mask: Mask
        let digest: String
    }

    /// - Throws: `TransformError` when the files are not installed, and what reading them throws.
    func load() throws -> Images {
        let folders = Resources.folders("templates").map { "\($0)/\(rawValue)" }
        guard let folder = folders.first(where: { access("\($0)/t1.nii.gz", R_OK) == 0 }) else {
            throw TransformError(
                .missingInformation,
                "the template \(rawValue) is not installed: HILUM_HOME must hold templates/\(rawValue)")
        }
        let (template, mask) = (
            try ReferenceImage.read("\(folder)/t1.nii.gz"), try ReferenceImage.read("\(folder)/mask.nii.gz")
        )
        return Images(template: template, mask: Mask(mask.volume), digest: Digest.of(template.digest + mask.digest))
    }
}
