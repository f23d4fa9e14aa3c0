import Testing

@testable import BurnedInText

@Suite struct TextNetworkTests {
    /// Local contrast and network together equal the PyTorch twin that was trained.
    @Test func equalsPyTorch() {
        let (height, width) = (RecordedLogits.height, RecordedLogits.width)
        let frame = Frame(height: height, width: width) { x, y in
            Float((x * 7 + y * 13) % 32 + ((x / 3 + y / 5) % 4 == 0 ? 96 : 0))
        }
        let logits = TextNetwork.shared.logits(LocalContrast(of: frame.plane))
        #expect(logits.count == height * width / 4)
        let recorded = RecordedLogits.values
        #expect(recorded.count == (logits.count + RecordedLogits.step - 1) / RecordedLogits.step)
        for (index, value) in recorded.enumerated() {
            #expect(abs(logits[index * RecordedLogits.step] - value) < 0.01)
        }
    }
}
