import Files
import Pipelines
import TestSupport
import Testing
import Volumes

@testable import Stages

@Suite struct DiffusionTablesTests {
    @Test func numbersOfAnySizeAreWritten() throws {
        var volume = Volume(
            voxels: [0, 0], shape: Shape(channels: 2, depth: 1, height: 1, width: 1), geometry: Geometry(spacing: .one))
        volume.attributes.channelAxis = .diffusion(bValues: [0, 1000.5], directions: [nil, [0, 1e300, 0]])
        let scratch = try Scratch()
        let texts = try DiffusionTables.files(volume).map { file in
            try AtomicFile.write(scratch.path + "/table", file.write)
            return String(decoding: try FileBytes.read(scratch.path + "/table"), as: UTF8.self)
        }
        #expect(texts == ["0 1000.5\n", "0 0\n0 1e+300\n0 0\n"])
    }
}
