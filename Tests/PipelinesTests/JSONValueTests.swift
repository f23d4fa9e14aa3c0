import Foundation
import Pipelines
import Testing

@Suite struct JSONValueTests {
    @Test func anotherParserReadsTheSame() throws {
        let value: JSONValue = [
            "text": "a\"b\\c\n\t\u{1} é 脳", "number": 1.25, "whole": 3.0, "count": 42, "none": nil, "yes": true,
            "list": [1, [2, 3], ["k": "v"]],
        ]
        for text in [value.text(), value.text(indented: true)] {
            let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            #expect(parsed["text"] as? String == "a\"b\\c\n\t\u{1} é 脳")
            #expect(parsed["number"] as? Double == 1.25)
            #expect(parsed["count"] as? Int == 42)
            #expect((parsed["list"] as? [Any])?.count == 3)
        }
    }

    @Test func orderIsKeptAndNumbersThatAreNoneBecomeNull() {
        let value: JSONValue = ["z": .number(.nan), "a": .number(.infinity), "m": .number(-0.5)]
        #expect(value.text() == #"{"z":null,"a":null,"m":-0.5}"#)
    }
}
