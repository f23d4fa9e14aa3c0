import DataSets
import TestSupport
import Testing

@testable import Deidentification

/// A DICOMDIR read back record by record, by the places that it tells.
@Suite struct MediaDirectoryTests {
    private func directory(_ order: [String], _ cleaner: TestCleaner) throws -> [UInt8] {
        var directory = MediaDirectory()
        for name in order {
            directory.add(try PartTenFile(path: Fixtures.path(name)), path: paths[name]!)
        }
        return directory.encode(cleaner.files.names).bytes
    }

    private let paths = [
        "ct_small.dcm": "AAAA/B/C/D1", "mr_small.dcm": "BBBB/B/C/D1", "mr_small_implicit.dcm": "BBBB/B/C/D2",
        "sr_no_pixels.dcm": "CCCC/B/C/D1", "rtdose_32bit.dcm": "DDDD/B/C/D1",
    ]

    /// Follows the chain of records from a place; nil where none begins.
    private func records(_ bytes: [UInt8], _ items: [Int: DataSet], from first: Int) throws -> [DataSet] {
        var (found, place) = ([DataSet](), first)
        while place != 0 {
            let record = try #require(items[place])
            found.append(record)
            place = number(record, 0x1400)
        }
        return found
    }

    private func number(_ record: DataSet, _ element: UInt16) -> Int {
        (record[Tag(0x0004, element)]?.bytes ?? []).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    @Test func recordsPointToEachOther() throws {
        let cleaner = try TestCleaner()
        let bytes = try directory(paths.keys.sorted(), cleaner)
        #expect(try directory(paths.keys.sorted().reversed(), cleaner) == bytes)
        let file = try PartTenFile(ByteSource(bytes))
        let items = try #require(file.dataSet[Tag(0x0004, 0x1220)]?.items)
        // Items begin where their tag and a first element (0004,1400) of four bytes are.
        let mark: [UInt8] = [0x04, 0, 0, 0x14, 0x55, 0x4C, 4, 0]
        let starts = bytes.indices.filter {
            bytes[$0...].starts(with: [0xFE, 0xFF, 0, 0xE0]) && bytes[($0 + 8)...].starts(with: mark)
        }
        try #require(starts.count == items.count)
        let byPlace = Dictionary(uniqueKeysWithValues: zip(starts, items))
        let patients = try records(bytes, byPlace, from: number(file.dataSet, 0x1200))
        #expect(patients.count == 4)
        #expect(
            patients.last.map { number($0, 0x1420) } == byPlace[number(file.dataSet, 0x1202)].map { number($0, 0x1420) }
        )
        var found: [String: String] = [:]
        for patient in patients {
            #expect(patient.text(Tag(0x0004, 0x1430)) == "PATIENT" && !patient.text(Tag(0x0010, 0x0020)).isEmpty)
            for study in try records(bytes, byPlace, from: number(patient, 0x1420)) {
                #expect(study.text(Tag(0x0004, 0x1430)) == "STUDY")
                for series in try records(bytes, byPlace, from: number(study, 0x1420)) {
                    #expect(series.text(Tag(0x0004, 0x1430)) == "SERIES" && !series.text(Tag(0x0008, 0x0060)).isEmpty)
                    for file in try records(bytes, byPlace, from: number(series, 0x1420)) {
                        #expect(number(file, 0x1420) == 0)
                        found[file.text(Tag(0x0004, 0x1500))] = file.text(Tag(0x0004, 0x1430))
                    }
                }
            }
        }
        #expect(Set(found.keys) == Set(paths.values.map { $0.split(separator: "/").joined(separator: "\\") }))
        #expect(
            found["CCCC\\B\\C\\D1"] == "SR DOCUMENT" && found["DDDD\\B\\C\\D1"] == "RT DOSE"
                && found["AAAA\\B\\C\\D1"] == "IMAGE")
    }

    @Test func pathsOfMedia() {
        #expect(MediaDirectory.allows(path: "ABCD/EF_1/X"))
        for path in ["abc", "ABCDEFGHI", "A/B.DCM", "A//B", "A/B/C/D/E/F/G/H/I", "A-B", ""] {
            #expect(!MediaDirectory.allows(path: path))
        }
    }

    @Test func valuesOfTheOriginalAreKnown() throws {
        let cleaner = try TestCleaner()
        let original = try PartTenFile(path: Fixtures.path("DICOMDIR"))
        #expect(cleaner.files.valuesOfDirectory(original).count > 0)
    }
}
