import CStandards
import Testing

/// Data elements and UIDs of PS3.6.
@Suite struct DictionaryTests {
    @Test func everyElementIsSortedAndFound() {
        let all = (0..<standard_element_count()).map { standard_element_at($0)!.pointee }
        #expect(all.count == 5249)
        #expect(standard_element_at(5249) == nil)
        let single = all.prefix(5161)
        #expect(zip(single, single.dropFirst()).allSatisfy { $0.tag < $1.tag })
        for element in all { #expect(standard_element_for(element.tag)?.pointee.tag == element.tag) }
        #expect(all.allSatisfy { $0.tag >> 16 & 1 == 0 })
        #expect(all.count { text($0.vr) == "PN" } == 32)
        #expect(all.count { text($0.vr) == "SQ" } == 1316)
    }

    @Test(
        arguments: [
            (0x0010_0010, "PN", "", "PatientName"), (0x0008_0018, "UI", "", "SOPInstanceUID"),
            (0x7FE0_0010, "OB", "OW", "PixelData"), (0x0028_0106, "US", "SS", "SmallestImagePixelValue"),
            (0x0002_0102, "OB", "", "PrivateInformation"), (0x0040_A730, "SQ", "", "ContentSequence"),
            (0x6000_3000, "OB", "OW", "OverlayData"), (0x601E_3000, "OB", "OW", "OverlayData"),
            (0x6002_0022, "LO", "", "OverlayDescription"), (0x5012_3000, "OB", "OW", "CurveData"),
            (0x0020_3112, "CS", "", "SourceImageIDs"), (0x0028_0431, "US", "", "ColumnsForNthOrderCoefficients"),
            (0x7F02_0010, "OB", "OW", "VariablePixelData"), (0xFFFE_E000, "", "", "Item"),
            (0x1010_1234, "US", "", "ZonalMap"), (0xFFFC_FFFC, "OB", "", "DataSetTrailingPadding"),
        ] as [(UInt32, String, String, String)])
    func elements(tag: UInt32, vr: String, second: String, keyword: String) {
        let element = standard_element_for(tag)?.pointee
        #expect(element.map { text($0.vr) } == vr)
        #expect(element.map { text($0.vr2) } == second)
        #expect(element.map { String(cString: $0.keyword) } == keyword)
    }

    @Test func multiplicityAndRetirement() {
        #expect(standard_element_for(0x0010_1001)?.pointee.is_multi == 1, "Other Patient Names")
        #expect(standard_element_for(0x0010_0010)?.pointee.is_multi == 0)
        #expect(standard_element_for(0x0008_4000)?.pointee.is_retired == 1, "Identifying Comments")
        #expect(standard_element_for(0x0010_0010)?.pointee.is_retired == 0)
        #expect(standard_element_for(0x0028_1200).map { text($0.pointee.vr3) } == "OW", "Gray LUT Data")
    }

    @Test func privateAndUnknownElementsAreNone() {
        for tag: UInt32 in [0x0009_0010, 0x6001_3000, 0x5001_3000, 0x0010_00FF, 0x0008_0000, 0x6000_0099] {
            #expect(standard_element_for(tag) == nil)
        }
    }

    @Test(arguments: [
        ("1.2.840.10008.5.1.4.1.1.2", "SOP Class"), ("1.2.840.10008.1.2.1", "Transfer Syntax"),
        ("1.2.840.10008.2.16.4", "Coding Scheme"), ("2.16.840.1.113883.6.96", "Coding Scheme"),
        ("1.2.840.10008.1.4.1.1", "Well-known frame of reference"), ("1.2.840.10008.6.1.308", "Context Group Name"),
        ("1.2.840.10008.9.15", "Template"), ("1.2.840.10008.8.1.1", "Mapping Resource"),
        ("1.2.840.10008.3.1.1.1", "Application Context Name"), ("1.2.840.10008.1.42.1", "Well-known SOP Instance"),
        ("1.2.840.10008.15.0.3.11", "LDAP OID"), ("1.2.840.10008.5.1.4.1.1.9.7.1", "SOP Class"),
    ])
    func knownUIDs(uid: String, kind: String) {
        #expect(standard_uid_kind(uid).map { String(cString: $0) } == kind)
    }

    @Test func otherUIDsAreNone() {
        for uid in [
            "", "1.2.840.10008", "1.2.840.10008.5.1.4.1.1.2.99", "1.2.840.10008.6.1.", "1.2.840.10008.6.1.308.7",
            "1.2.826.0.1.3680043.8.498.1", "2.25.1", "1.2.840.10008.9.a",
        ] {
            #expect(standard_uid_kind(uid) == nil, "\(uid)")
        }
        #expect(standard_uid_kind(nil) == nil)
    }
}

private func text(_ vr: (CChar, CChar)) -> String {
    String(decoding: [vr.0, vr.1].filter { $0 != 0 }.map(UInt8.init), as: UTF8.self)
}
