import Foundation
import NIfTI
import TestSupport
import Testing
import Volumes

/// Writes images with a description beside each for Tests/Peers/compare_formats.py, into the folder that
/// HILUM_PEER_FILES names.
@Suite struct PeerFilesTests {
    private struct Description: Encodable {
        var shape: [Int]
        var affine: [[Double]]
        var digest: String
        var rescale: [Double]
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["HILUM_PEER_FILES"] != nil))
    func writeForComparison() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["HILUM_PEER_FILES"])
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var sheared = HeaderTests.image
        sheared.geometry.steps[2] = [0.4, 3, 0.8]
        var rescaled = HeaderTests.image
        rescaled.attributes.rescales = [Rescale(slope: 0.5, intercept: -1024)]
        var mirrored = HeaderTests.image
        mirrored.geometry.steps[0] *= -1
        let (channels, _) = try NIfTIFile.read(path: Fixtures.path("functional_4d.nii"))
        let (anatomical, _) = try NIfTIFile.read(path: Fixtures.path("anatomical.nii"))
        let images = [
            "plain": HeaderTests.image, "sheared": sheared, "rescaled": rescaled, "mirrored": mirrored,
            "channels": channels, "anatomical": anatomical,
        ]
        for (name, image) in images {
            for storage in [WritingOptions.Storage.float32, .automatic] {
                for compressed in [false, true] {
                    let stem = "\(folder)/\(name)-\(storage)-\(compressed)"
                    let bytes = try written(image, compressed: compressed, storage: storage)
                    try Data(bytes).write(to: URL(filePath: stem + (compressed ? ".nii.gz" : ".nii")))
                    let shape = image.shape
                    let description = Description(
                        shape: [shape.channels, shape.depth, shape.height, shape.width],
                        affine: image.geometry.affine, digest: Expectation.digest(image.voxels),
                        rescale: image.attributes.rescales.flatMap { [$0.slope, $0.intercept] })
                    try JSONEncoder().encode(description).write(to: URL(filePath: stem + ".json"))
                }
            }
        }
    }
}
