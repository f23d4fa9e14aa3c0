import CStandards
import Foundation
import Testing

@Suite struct TypesTests {
    static let ct = "1.2.840.10008.5.1.4.1.1.2"
    static let enhancedCT = "1.2.840.10008.5.1.4.1.1.2.1"
    static let pet = "1.2.840.10008.5.1.4.1.1.128"
    static let structures = "1.2.840.10008.5.1.4.1.1.481.3"
    static let photographs = "1.2.840.10008.5.1.4.1.1.77.1.4"
    static let text = "1.2.840.10008.5.1.4.1.1.88.11"

    /// Rows read off PS3.3: Patient, General Study, SOP Common, PET Isotope, Structure Set, Content Identification.
    @Test(
        arguments: [
            (ct, 0, 0x0010_0010, TYPE_2), (ct, 0, 0x0008_0018, TYPE_1), (ct, 0, 0x0008_0050, TYPE_2),
            (ct, 0, 0x0018_0060, TYPE_2), (ct, 0, 0x0008_103E, TYPE_3), (ct, 0x0008_1140, 0x0008_1155, TYPE_1),
            (ct, 0, 0x6000_0010, TYPE_1), (ct, 0, 0x0020_0052, TYPE_1),
            (enhancedCT, 0x0028_9110, 0x0028_0030, TYPE_1C), (enhancedCT, 0, 0x5200_9230, TYPE_1C),
            (enhancedCT, 0x0020_9111, 0x0018_9074, TYPE_1C), (pet, 0x0054_0016, 0x0018_1074, TYPE_3),
            (structures, 0, 0x3006_0008, TYPE_2), (structures, 0x3006_0020, 0x3006_0026, TYPE_2),
            (photographs, 0, 0x0040_0555, TYPE_2), (text, 0x0040_A073, 0x0040_A075, TYPE_1),
        ] as [(String, UInt32, UInt32, standard_type)])
    func spotRows(sopClass: String, sequence: UInt32, tag: UInt32, type: standard_type) {
        var count = 0
        let rows = UnsafeBufferPointer(start: standard_types_for(sopClass, &count), count: count)
        let row = rows.first { $0.sequence == sequence && $0.tag == tag }
        #expect(row?.type == UInt8(type.rawValue))
    }

    @Test func everyIODIsSortedWithoutRepeats() {
        for sopClass in [Self.ct, Self.enhancedCT, Self.pet, Self.structures, Self.photographs, Self.text] {
            var count = 0
            let rows = UnsafeBufferPointer(start: standard_types_for(sopClass, &count), count: count)
            #expect(count > 500)
            for (row, next) in zip(rows, rows.dropFirst()) {
                #expect((row.sequence, row.tag) < (next.sequence, next.tag))
            }
            #expect(rows.allSatisfy { 1...5 ~= $0.type })
        }
    }

    @Test func threadsGetOneArray() {
        let answers = [Int](unsafeUninitializedCapacity: 64) { buffer, initialized in
            nonisolated(unsafe) let buffer = buffer
            DispatchQueue.concurrentPerform(iterations: 64) { i in
                var count = 0
                (buffer.baseAddress! + i).initialize(
                    to: Int(bitPattern: standard_types_for("1.2.840.10008.5.1.4.1.1.4.1", &count)))
            }
            initialized = 64
        }
        #expect(Set(answers).count == 1)
        #expect(answers[0] != 0)
    }

    @Test func newerClassesHaveTheNearestIODOrNone() {
        var count = 0
        let waveform = standard_types_for("1.2.840.10008.5.1.4.1.1.9.7.1", &count)
        #expect(waveform != nil && waveform == standard_types_for("1.2.840.10008.5.1.4.1.1.9.1.2", &count))
        #expect(standard_types_for("1.2.840.10008.5.1.4.1.1.77.1.8", &count) == nil)
        #expect(count == 0)
        #expect(standard_is_sop_class("1.2.840.10008.5.1.4.1.1.77.1.8") == 1, "confocal: a class without Types")
    }

    @Test func storageClasses() {
        for uid in [Self.ct, "1.2.840.10008.5.1.4.1.1.79.1", "1.2.840.10008.5.1.4.1.1.3", "1.2.840.10008.5.1.4.34.7"] {
            #expect(standard_is_sop_class(uid) == 1)
        }
        for uid in [
            "1.2.840.10008.1.3.10", "1.2.840.10008.1.20.1", "1.2.840.10008.1.2.1", "1.2.840.10008.5.1.4.1.1.501.1",
            "1.3.12.2.1107.5.9.1", "",
        ] {
            #expect(standard_is_sop_class(uid) == 0)
        }
        #expect(standard_is_sop_class(nil) == 0)
    }
}
