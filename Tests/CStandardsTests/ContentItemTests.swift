import CStandards
import Testing

/// Structured content and private attributes: Tables E.3.4-1 and E.3.10-1.
@Suite struct ContentItemTests {
    @Test func contentItemsAreSortedAndFound() {
        let items = (0..<standard_content_item_count()).map { standard_content_item_at($0)!.pointee }
        #expect(items.count == 214)
        #expect(standard_content_item_at(214) == nil)
        let keys = items.map { [$0.scheme, $0.code, $0.value_type].map { String(cString: $0!) } }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        for (item, key) in zip(items, keys) {
            let found = standard_content_item_for(item.scheme, item.code, item.value_type)
            #expect(found.map { String(cString: $0.pointee.code) } == key[1])
        }
        let actions = [ACTION_X: 135, ACTION_D: 60, ACTION_X_D: 19]
        for (action, count) in actions { #expect(items.count { $0.basic == code(action) } == count) }
        // UIDs 62 K, device 14 K, institution 7 K, characteristics 2 K, full dates 44 K, modified dates 44 C, descriptors 45 C.
        for (option, count) in [62, 14, 7, 2, 44, 44, 45].enumerated() {
            #expect(items.count { withUnsafeBytes(of: $0.option) { $0[option] != 0 } } == count)
        }
    }

    @Test(arguments: [
        ("DCM", "121008", "PNAME", ACTION_D), ("DCM", "121009", "TEXT", ACTION_X), ("DCM", "121022", "TEXT", ACTION_X),
        ("DCM", "121029", "PNAME", ACTION_D), ("DCM", "121031", "DATE", ACTION_X), ("DCM", "113795", "IMAGE", ACTION_D),
        ("NCDR [2.0b]", "15", "DATETIME", ACTION_X), ("LN", "11778-8", "DATE", ACTION_X),
        ("SCT", "371524004", "TEXT", ACTION_X), ("UMLS", "C2348792", "TEXT", ACTION_X_D),
        ("SCT", "397898000", "DATETIME", ACTION_D), ("NCIt", "C54627", "NUM", ACTION_X),
    ])
    func basicActions(scheme: String, code value: String, type: String, action: standard_action) {
        #expect(standard_content_item_for(scheme, value, type)?.pointee.basic == code(action))
    }

    @Test(arguments: ["SRT", "SNM3", "99SDM"]) func retiredSNOMEDSpellingsAreRecognised(scheme: String) {
        for (retired, current) in [
            ("G-D321", "398201009"), ("G-D320", "397898000"), ("G-C0E3", "363698007"), ("R-42B89", "371524004"),
        ] {
            let type = current.hasPrefix("39") ? "DATETIME" : "TEXT"
            for spelling in [retired, current] {
                let found = standard_content_item_for(scheme, spelling, type)
                #expect(found.map { String(cString: $0.pointee.code) } == current)
            }
        }
        #expect(standard_content_item_for(scheme, "T-B7000", "TEXT") == nil)
    }

    @Test func othersHaveNoRule() {
        #expect(standard_content_item_for("DCM", "121008", "TEXT") == nil, "the value type belongs to the key")
        #expect(standard_content_item_for("99HILUM", "121008", "PNAME") == nil)
        #expect(standard_content_item_for(nil, nil, nil) == nil)
    }

    @Test func safePrivateAttributesAreSortedAndFound() {
        let known = (0..<standard_safe_private_count()).map { standard_safe_private_at($0)!.pointee }
        #expect(known.count == 479)
        #expect(standard_safe_private_at(479) == nil)
        let keys = known.map { (String(cString: $0.creator), $0.group, $0.element) }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
        for (row, key) in zip(known, keys) {
            #expect(standard_safe_private_for(key.0 + "  ", row.group, row.element)?.pointee.element == row.element)
        }
        #expect(known.allSatisfy { $0.group % 2 == 1 })
    }

    @Test func safePrivateAttributesNeedTheirCreator() {
        // b value and diffusion direction of Siemens, SUV factor of Philips.
        #expect(standard_safe_private_for("SIEMENS MR HEADER", 0x0019, 0x0C)?.pointee.vr.0 == CChar(UInt8(ascii: "I")))
        #expect(standard_safe_private_for("SIEMENS MR HEADER", 0x0019, 0x0E)?.pointee.vr.1 == CChar(UInt8(ascii: "D")))
        #expect(standard_safe_private_for("Philips PET Private Group", 0x7053, 0x00) != nil)
        #expect(standard_safe_private_for("SIEMENS MR HEADE", 0x0019, 0x0C) == nil)
        #expect(standard_safe_private_for("SIEMENS MR HEADER 2", 0x0019, 0x0C) == nil)
        #expect(standard_safe_private_for("", 0x0019, 0x0C) == nil)
        #expect(standard_safe_private_for("SIEMENS MR HEADER", 0x0021, 0x0C) == nil)
    }
}
