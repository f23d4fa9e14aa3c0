import DataSets
import Foundation
import TestSupport
import Testing

@Suite struct RoundTripTests {
    static let fixtures = try! FileManager.default.subpathsOfDirectory(atPath: Fixtures.path(""))
        .filter { $0.hasSuffix(".dcm") && !$0.contains("truncated") }.sorted()

    @Test(arguments: fixtures) func writesWhatItRead(_ name: String) throws {
        let file = try PartTenFile(path: Fixtures.path(name))
        let again = try PartTenFile(ByteSource(encoded(file)))
        #expect(again.encoding == file.encoding)
        expectEqual(file.dataSet, file.source, again.dataSet, again.source)
        // Written again, nothing changes any more.
        #expect(try encoded(again) == encoded(file))
    }

    /// A pad byte may be what a short length has no room for.
    @Test func valuesAboutTheGreatestShortLengthStay() throws {
        let file = try PartTenFile(path: Fixtures.path("ct_small.dcm"))
        for length in [65_533, 65_534, 65_535] {
            var long = file
            let value = (0..<length).map { $0 % 2 == 0 ? UInt8(ascii: "1") : UInt8(ascii: "\\") }
            long.dataSet.set(DataElement(Tag(0x0018, 0x0060), .DS, .bytes(value[...])))
            let element = try PartTenFile(ByteSource(encoded(long))).dataSet[Tag(0x0018, 0x0060)]
            #expect(element?.bytes.map { Array($0) } == value + [UInt8](repeating: 0x20, count: length % 2))
        }
    }

    private func encoded(_ file: PartTenFile) throws -> [UInt8] {
        let plan = try PartTenWriter.encode(
            meta: DataSet(file.meta.elements.filter { !$0.tag.isGroupLength }), file.dataSet, file.encoding,
            from: file.source)
        var bytes: [UInt8] = []
        try plan.forEachPart(from: file.source) { bytes.append(contentsOf: $0) }
        #expect(bytes.count == plan.count)
        return bytes
    }

    private func expectEqual(_ left: DataSet, _ leftSource: ByteSource, _ right: DataSet, _ rightSource: ByteSource) {
        let kept = left.elements.filter { !$0.tag.isGroupLength }
        #expect(kept.map(\.tag) == right.elements.map(\.tag))
        for (first, second) in zip(kept, right.elements) {
            if let items = first.items, let others = second.items {
                #expect(items.count == others.count)
                for (item, other) in zip(items, others) { expectEqual(item, leftSource, other, rightSource) }
            } else {
                let (expected, found) = (bytes(first, leftSource), bytes(second, rightSource))
                #expect(expected.count % 2 == 0 ? expected == found : expected == found.dropLast(), "\(first.tag)")
            }
        }
    }

    private func bytes(_ element: DataElement, _ source: ByteSource) -> [UInt8] {
        switch element.value {
        case .bytes(let bytes): Array(bytes)
        case .stored(let range): Array((try? source.bytes(range)) ?? [])
        case .fragments(let ranges): ranges.flatMap { Array((try? source.bytes($0)) ?? []) }
        case .items: []
        }
    }

    @Test func refusesATruncatedFile() throws {
        #expect(throws: DataSetError.self) { try PartTenFile(path: Fixtures.path("mr_truncated.dcm")) }
    }

    /// Inflating ends where the deflated stream does; this file's writer added a checksum.
    @Test func countsTrailingBytes() throws {
        #expect(try PartTenFile(path: Fixtures.path("ot_deflated.dcm")).trailingBytes == 8)
        let garbage = try Fixtures.bytes("ct_small.dcm") + Array("DOE^JANE".utf8)
        #expect(try PartTenFile(ByteSource(garbage)).trailingBytes == 8)
    }

    @Test func everyCutIsRefusedOrWhole() throws {
        let bytes = try Fixtures.bytes("ct_small.dcm")
        for length in stride(from: 0, to: bytes.count, by: 37) {
            guard let cut = try? PartTenFile(ByteSource(Array(bytes[..<length]))) else { continue }
            // A cut between two elements leaves a shorter data set, with all of the pixels or none.
            if case .stored(let range) = cut.dataSet[.pixelData]?.value { #expect(range.count == 32768) }
        }
    }
}
