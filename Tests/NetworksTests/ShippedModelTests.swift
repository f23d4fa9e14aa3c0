import Foundation
import Tensors
import Testing

@testable import Networks

/// The models that ship, on a phantom, against what PyTorch said (`Tests/Peers/record_network.py MODEL`).
struct ShippedModelTests {
    @Test(arguments: ["brain-mri-tumour"])
    func agreesWithPyTorch(name: String) throws {
        try expectAgreement(
            model: Recorded.root.path + "/models/" + name,
            recorded: Recorded.root.path + "/Tests/Peers/" + name + "/expected.safetensors", threshold: 0.01)
    }
}
