import CStandards
import DataSets
import Testing

@testable import Deidentification

@Suite struct RuleBookTests {
    private let basic = try! RuleBook(Policy())

    /// Default-deny over the whole dictionary: what the table doesn't name and could hold anything must go, unless it was
    /// read and found harmless.
    @Test func everyAttributeHasARuleAndUnknownTextGoes() throws {
        var unruled = 0
        for index in 0..<standard_element_count() {
            let tag = Tag(standard_element_at(index)!.pointee.tag)
            let element = try #require(standard_element_for(tag.number)).pointee
            let keyword = String(cString: element.keyword)
            guard !tag.isPrivate, standard_rule_for(element.tag) == nil else { continue }
            let vr = ValueRepresentation(element)
            let rule = basic.rule(for: tag)
            switch vr {
            case .PN, .AE, .UR, .LT, .UT, .ST, .LO, .SH, .UC, .DA, .DT, .TM, .AS, .OB, .OW, .UN:
                let isKnown = [SafeAttributes.text, SafeAttributes.labels, SafeAttributes.bulk].contains {
                    $0.contains(keyword)
                }
                guard !isKnown else { continue }
                unruled += 1
                #expect(rule.optional == .remove, "\(tag) \(keyword)")
            case .UI:
                let isVocabulary = SafeAttributes.vocabularyUIDs.contains(keyword)
                #expect(rule.optional == (isVocabulary ? .keep : .mapUID), "\(tag) \(keyword)")
            default: break
            }
        }
        #expect(unruled > 300)
    }

    @Test func namesInTheListsAreOfTheDictionary() {
        var keywords: Set<String> = []
        for index in 0..<standard_element_count() {
            keywords.insert(String(cString: standard_element_at(index)!.pointee.keyword))
        }
        for list in [SafeAttributes.text, SafeAttributes.labels, SafeAttributes.bulk, SafeAttributes.vocabularyUIDs] {
            #expect(list.subtracting(keywords).isEmpty)
        }
    }

    @Test func unknownAndRepeatingAttributesGo() {
        #expect(basic.rule(for: Tag(0x0008, 0x9999)).optional == .remove)
        #expect(basic.rule(for: Tag(0x6002, 0x3000)).type1 == .remove)
        #expect(basic.rule(for: Tag(0x6000, 0x0022)).optional == .remove)
        #expect(basic.rule(for: Tag(0x5004, 0x2500)).optional == .remove)
    }

    /// Types of PS3.3 decide between the parts of compound codes.
    @Test func compoundCodesGoByType() throws {
        let ct = AttributeTypes(sopClass: "1.2.840.10008.5.1.4.1.1.2")
        let enhanced = AttributeTypes(sopClass: "1.2.840.10008.5.1.4.1.1.2.1")
        let (acquisitionTime, contentDate) = (Tag(0x0008, 0x002A), Tag(0x0008, 0x0023))
        func decision(_ tag: DataSets.Tag, _ types: AttributeTypes) -> Decision {
            basic.rule(for: tag).decision(for: tag, in: nil, types)
        }
        // X/Z/D: Type 3 in CT, 1C in Enhanced CT. Z/D: Type 2C and 1.
        #expect(decision(acquisitionTime, ct) == .remove)
        #expect(decision(acquisitionTime, enhanced) == .dummy)
        #expect(decision(contentDate, enhanced) == .dummy)
        #expect(decision(.patientID, ct) == .pseudonym)
    }

    /// Body Mass Index, measured dimensions, thickness of the body.
    @Test(arguments: [Tag(0x0010, 0x1022), Tag(0x0010, 0x1023), Tag(0x0010, 0x1024), Tag(0x0010, 0x9431)])
    func measuresOfTheBodyGoWithItsSize(_ tag: DataSets.Tag) throws {
        #expect(basic.rule(for: tag).optional == .remove)
        #expect(RuleBook(try Policy(options: [.retainPatientCharacteristics])).rule(for: tag).optional == .keep)
    }

    @Test func optionsThatExcludeEachOtherAreRefused() {
        #expect(throws: PolicyError.self) { try Policy(options: [.retainFullDates, .retainModifiedDates]) }
        #expect(throws: PolicyError.self) { try Policy(options: [.retainUIDs, .retainModifiedDates]) }
    }

    @Test func aKeptDateBesideShiftedOnesIsRefused() throws {
        let studyDate = DataSets.Tag(0x0008, 0x0020)
        #expect(throws: PolicyError.self) {
            try Policy(options: [.retainModifiedDates], overrides: [studyDate: .keep])
        }
        #expect(
            Policy(summary: [
                "profile basic", "option retain-longitudinal-modified-dates", "patient id", "\(studyDate) keep",
            ])
                == nil)
        _ = try Policy(options: [.retainModifiedDates], overrides: [studyDate: .remove, Tag(0x0018, 0x1030): .keep])
        _ = try Policy(options: [.retainFullDates], overrides: [studyDate: .keep])
    }

    /// The standard gives no order for calibration dates, which are K by device identity and C by modified dates: a true
    /// date beside shifted ones would reveal the offset.
    @Test func aShiftedDateComesBeforeAKeptOne() throws {
        let book = RuleBook(try Policy(options: [.retainDeviceIdentity, .retainModifiedDates]))
        #expect(book.rule(for: Tag(0x0018, 0x1200)).optional == .shiftDate)
        #expect(RuleBook(try Policy(options: [.retainDeviceIdentity])).rule(for: Tag(0x0018, 0x1200)).optional == .keep)
    }

    /// CID 7050 of PS3.16, whose order is not that of the table's columns.
    @Test func optionsHaveTheirCodes() {
        let codes: [ProfileOption: String] = [
            .cleanPixelData: "113101", .cleanRecognizableVisualFeatures: "113102", .cleanGraphics: "113103",
            .cleanStructuredContent: "113104", .cleanDescriptors: "113105", .retainFullDates: "113106",
            .retainModifiedDates: "113107", .retainPatientCharacteristics: "113108", .retainDeviceIdentity: "113109",
            .retainUIDs: "113110", .retainSafePrivate: "113111", .retainInstitutionIdentity: "113112",
        ]
        #expect(codes.count == ProfileOption.allCases.count)
        for (option, code) in codes { #expect(option.code.value == code) }
    }

    @Test func aSummaryTellsThePolicy() throws {
        var policy = try Policy(options: [.retainModifiedDates, .cleanDescriptors])
        policy.overrides = [Tag(0x0008, 0x1030): .hash, Tag(0x0010, 0x2160): .keep]
        policy.keptPrivate = [.init(creator: "SIEMENS MR HEADER", group: 0x0019, element: 0x0C)]
        policy.patientRule = .idAndBirthDate
        #expect(Policy(summary: policy.summary) == policy)
        #expect(Policy(summary: ["profile basic", "option unheard-of"]) == nil)
    }
}
