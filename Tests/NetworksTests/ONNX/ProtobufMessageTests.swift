import Testing

@testable import Networks

struct ProtobufMessageTests {
    private func bytes(_ body: (inout ProtobufMessage) -> Void) -> [UInt8] {
        var message = ProtobufMessage()
        body(&message)
        return message.bytes
    }

    /// The examples of <https://protobuf.dev/programming-guides/encoding/>.
    @Test func fieldsAreThoseOfTheDescription() {
        #expect(bytes { $0.add(1, integer: 150) } == [0x08, 0x96, 0x01])
        #expect(bytes { $0.add(2, text: "testing") } == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
        var inner = ProtobufMessage()
        inner.add(1, integer: 150)
        #expect(bytes { $0.add(3, message: inner) } == [0x1a, 0x03, 0x08, 0x96, 0x01])
        #expect(bytes { $0.add(1, integer: -2) } == [0x08, 0xfe] + [UInt8](repeating: 0xff, count: 8) + [0x01])
        #expect(bytes { $0.add(6, integers: [1, 2, 3]) } == [0x30, 0x01, 0x30, 0x02, 0x30, 0x03])
    }

    @Test func numbersOfFixedLengthAreLittleEndian() {
        #expect(bytes { $0.add(2, float: 1) } == [0x15, 0x00, 0x00, 0x80, 0x3f])
        let numbers: [Int64] = [-1, 258]
        #expect(
            numbers.withUnsafeBytes { numbers in bytes { $0.add(9, raw: numbers) } }
                == [0x4a, 16] + [UInt8](repeating: 0xff, count: 8) + [2, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test func fieldsFrom16OnTakeTwoBytes() {
        #expect(bytes { $0.add(20, integer: 7) } == [0xa0, 0x01, 0x07])
        #expect(bytes { $0.add(1, text: "") } == [0x0a, 0x00])
    }
}
