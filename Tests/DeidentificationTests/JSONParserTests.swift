import Foundation
import Testing

@testable import Deidentification

@Suite struct JSONParserTests {
    @Test func agreesWithFoundation() throws {
        let text = #"""
            {"a": [1, -2.50e+3, 0.1, true, false, null, "é\u00e9\n\"\\\/\ud83d\ude00"], "b": {}, "c": [], "d": {"e": [[]]}}
            """#
        let node = try JSONParser.parse(Array(text.utf8))
        let written = JSONWriter(node).bytes
        let (ours, theirs) = (
            try JSONSerialization.jsonObject(with: Data(written)),
            try JSONSerialization.jsonObject(with: Data(text.utf8))
        )
        #expect((ours as? NSDictionary) == (theirs as? NSDictionary))
        #expect(try JSONParser.parse(written) == node)
        #expect(String(decoding: written, as: UTF8.self).contains("-2.50e+3"))
    }

    @Test(arguments: [
        "", "{", "{\"a\"}", "{\"a\":1,}", "[1,]", "01", "1e999", "1.", ".5", "+1", "NaN", "Infinity", "{\"a\":1} x",
        "'a'",
        "\"a",
        "\"\u{1}\"", "\"\\x\"", "\"\\ud83d\"", "\"\\ud83dx\"", "{\"a\":1,\"a\":2}", "tru", "[1 2]", "\"\\u12g4\"",
        String(repeating: "[", count: 100),
    ])
    func refuses(text: String) {
        #expect(#expect(throws: Refusal.self) { try JSONParser.parse(Array(text.utf8)) }?.code == .unparsable)
    }

    @Test func refusesOtherEncodings() {
        #expect(throws: Refusal.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
        #expect(throws: Refusal.self) {
            try JSONParser.parse(Array("{}".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        }
    }

    @Test func numbersAndComputedStringsHavePlaces() throws {
        let writer = JSONWriter(
            .object([
                .init(key: "a", value: .number("12")), .init(key: "b", value: .string("12")),
                .init(key: "c", value: .moved("x")),
            ]))
        #expect(writer.free.map { String(decoding: writer.bytes[$0], as: UTF8.self) } == ["12", "\"x\""])
    }
}
