import Testing

@testable import DICOM

/// PS3.3 C.7.9.2.
@Suite struct SegmentedTableTests {
    private func expanded(_ words: [UInt16], _ count: Int) throws -> [UInt16] {
        try SegmentedTable(words, entryBits: 16, path: "").expanded(count)
    }

    @Test func segmentsFollowEachOther() throws {
        #expect(try expanded([0, 0, 0, 2, 5, 7, 1, 2, 9, 2, 1, 4, 0], 6) == [5, 7, 8, 9, 5, 7])
    }

    /// 64 KiB of segments without entries, copied again and again, are 65,535 steps for each 8 bytes.
    @Test func copiesOfNothingAreRefused() throws {
        let empty = [UInt16](repeating: 0, count: 2 * 65_535)
        let copies = (0..<10_000).flatMap { _ in [2, 65_535, 0, 0] as [UInt16] }
        let error = #expect(throws: DICOMError.self) { try expanded(empty + copies + [0, 1, 5], 1) }
        #expect(error?.message.contains("empty segment") == true)
    }
}
