import Foundation
import Testing

@testable import Networks

struct PresetTests {
    /// Every preset with random weights against PyTorch; `Tests/Peers/compare_network.py` makes the folder.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["HILUM_PEER_NETWORKS"] != nil, "make test-peers runs it"))
    func agreeWithPyTorch() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["HILUM_PEER_NETWORKS"])
        for name in ["hvit-e", "hvit-ti", "hvit-s", "resized"] {
            try expectAgreement(
                model: "\(folder)/\(name)", recorded: "\(folder)/\(name)/expected.safetensors", threshold: 0.01)
        }
    }

    @Test func sizesFitTheirWindowsAndStrides() throws {
        let presets = DetectorConfiguration.presets
        for (size, extents) in presets.values { #expect(size % extents.inputMultiple == 0) }
        #expect(presets["hvit-ti"]?.extents.inputMultiple == 64)
        #expect(presets["hvit-e"]?.extents.inputMultiple == 32)
    }
}
