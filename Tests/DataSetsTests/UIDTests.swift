import DataSets
import Testing

@Suite struct UIDTests {
    @Test(arguments: ["1.2.840.10008.1.2", "0", "2.25.0", "1.02", String(repeating: "1", count: 64)])
    func digitsAndDotsAreAUID(text: String) { #expect(UID.isValid(text)) }

    @Test(arguments: ["", ".", "1.", ".1", "1..2", "1.2.x", "1.2 ", "１.2", String(repeating: "1", count: 65)])
    func othersAreNone(text: String) { #expect(!UID.isValid(text)) }
}
