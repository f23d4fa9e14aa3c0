import CStandards
import Testing

/// The counts of PS3.15 2026d, and rows read off the printed tables.
@Suite struct ProfileTests {
    let rules = (0..<standard_rule_count()).map { standard_rule_at($0)!.pointee }

    @Test func theBasicProfileHasTheStandardsCounts() {
        var counts: [UInt8: Int] = [:]
        for rule in rules { counts[rule.basic, default: 0] += 1 }
        let expected: [(standard_action, Int)] = [
            (ACTION_X, 417), (ACTION_D, 93), (ACTION_U, 55), (ACTION_Z, 42), (ACTION_X_D, 23), (ACTION_X_Z, 11),
            (ACTION_X_Z_D, 8), (ACTION_Z_D, 6), (ACTION_X_Z_U, 2),
        ]
        #expect(rules.count == 657)
        #expect(rules.count { $0.is_retired == 1 } == 102)
        #expect(counts == Dictionary(uniqueKeysWithValues: expected.map { (code($0.0), $0.1) }))
    }

    @Test func theOptionsHaveTheStandardsCounts() {
        let kept = [0, 60, 48, 10, 14, 169, 0, 0, 0, 0]
        let cleaned = [1, 0, 11, 0, 5, 0, 169, 141, 4, 4]
        for option in 0..<10 {
            #expect(rules.count { options($0)[option] == code(ACTION_K) } == kept[option])
            #expect(rules.count { options($0)[option] == code(ACTION_C) } == cleaned[option])
        }
    }

    @Test func rulesAreSortedAndFoundByTheirTag() {
        let exact = rules.filter { $0.mask == 0xFFFF_FFFF }
        #expect(exact.count == 653)
        #expect(rules.prefix(653).allSatisfy { $0.mask == 0xFFFF_FFFF })
        #expect(zip(exact, exact.dropFirst()).allSatisfy { $0.tag < $1.tag })
        for rule in rules { #expect(standard_rule_for(rule.tag)?.pointee.tag == rule.tag) }
        #expect(standard_rule_at(657) == nil)
        // The data dictionary knows every attribute of the table.
        let unknown = exact.filter { standard_element_for($0.tag) == nil }.map(\.tag)
        #expect(unknown == [])
    }

    @Test(
        arguments: [
            (0x0010_0010, ACTION_Z), (0x0010_0020, ACTION_Z_D), (0x0008_0018, ACTION_U), (0x0008_0050, ACTION_Z),
            (0x0008_103E, ACTION_X), (0x0008_1140, ACTION_X_Z_U), (0x0008_2112, ACTION_X_Z_U), (0x0040_0275, ACTION_X),
            (0x0018_1000, ACTION_X_Z_D), (0x0008_0080, ACTION_X_Z_D), (0x0008_0020, ACTION_Z),
            (0x0008_0012, ACTION_X_D),
            (0x0040_A730, ACTION_D), (0x0070_0001, ACTION_D), (0x0008_0022, ACTION_X_Z), (0x0018_1400, ACTION_X_D),
        ] as [(UInt32, standard_action)])
    func basicActions(tag: UInt32, action: standard_action) {
        #expect(standard_rule_for(tag)?.pointee.basic == code(action))
    }

    @Test(
        arguments: [
            (0x0008_0018, 1, ACTION_K), (0x0018_1000, 2, ACTION_K), (0x0018_1200, 2, ACTION_K),
            (0x0018_1200, 6, ACTION_C), (0x0008_0080, 3, ACTION_K), (0x0010_1010, 4, ACTION_K),
            (0x0008_0020, 5, ACTION_K),
            (0x0008_0020, 6, ACTION_C), (0x0008_103E, 7, ACTION_C), (0x0040_A730, 8, ACTION_C),
            (0x0070_0001, 9, ACTION_C),
            (0x0010_0010, 4, ACTION_NONE),
        ] as [(UInt32, Int, standard_action)])
    func optionActions(tag: UInt32, option: Int, action: standard_action) {
        #expect(standard_rule_for(tag).map { options($0.pointee)[option] } == code(action))
    }

    @Test func masksReachRepeatingAndPrivateGroups() {
        for tag: UInt32 in [0x5000_0005, 0x501E_3000, 0x5002_2610, 0x50FE_FFFF] {
            #expect(standard_rule_for(tag)?.pointee.tag == 0x5000_0000, "curves are every element of even groups 50xx")
        }
        #expect(standard_rule_for(0x6000_3000)?.pointee.mask == 0xFF01_FFFF)
        #expect(standard_rule_for(0x601E_3000)?.pointee.tag == 0x6000_3000)
        #expect(standard_rule_for(0x6002_4000)?.pointee.tag == 0x6000_4000)
        #expect(standard_rule_for(0x6000_0022) == nil, "Overlay Description has no rule in the table")
        for tag: UInt32 in [0x0009_0010, 0x0029_1010, 0x5001_3000, 0x6001_3000, 0x7FE1_1010, 0xFFFD_0001] {
            #expect(standard_rule_for(tag)?.pointee.tag == 0x0001_0000, "odd groups are private")
        }
        #expect(standard_rule_for(0x0008_0008) == nil)
        #expect(standard_rule_for(0x7FE0_0010) == nil)
    }

    @Test func theSourceIsNamed() {
        #expect(String(cString: standard_edition()) == "2026d")
        #expect(
            String(cString: standard_digest()) == "1eb2a9724822476b3f1f3de23d15ae655a4c7f6e9d32bf16f2d9ef76d7d8437c")
        #expect(String(cString: standard_safe_private_edition()) == "2025b")
        #expect(String(cString: standard_types_edition()) == "2020")
    }
}

func code(_ action: standard_action) -> UInt8 { UInt8(action.rawValue) }

private func options(_ rule: standard_rule) -> [UInt8] { withUnsafeBytes(of: rule.option) { Array($0) } }
