import CStandards
import TestSupport
import Testing

@testable import Deidentification

/// Each rule of the cleaner by examples: a text, and what must be left of it.
@Suite struct TextCleanerTests {
    private static func clean(_ text: String) -> String { TextCleaner().clean(text).text }

    @Test(arguments: [
        "AX T2 FLAIR FS", "t1_mprage_sag_p2_iso_1.0", "ep2d_diff_3scan_trace_p2_ADC", "*tfl3d1_16ns", "Lung 1.0 B70f",
        "CT CHEST W/O CONTRAST", "XR HAND LEFT 3 VIEWS", "C-spine and T-spine", "HeadNeck", "AXT2", "R HAND",
        "Schädel nativ", "Crâne sans injection", "Columna lumbar", "s/p surgery", "x-ray of the hand", "MR HEAD",
        "DR CHEST PA",
        "MS lesions in the white matter", "hospital course", "1. Nodule. 2. Cyst.", "gray-white matter differentiation",
    ])
    func keepsTheWordsOfTheField(_ text: String) { #expect(Self.clean(text) == text) }

    @Test(arguments: [
        "TE 90 TR 4500 b 1000", "b=0,500,1000", "3 x 4 x 5 mm", "3x3x3", "0.5×0.5×2 mm", "1.5 T", "3.0T",
        "120 kV 200mAs",
        "T1 T2W L5/S1 C3 B30f Br40 3D b1000 T2*", "L4-5 T11-12 C5/6", "5-10 mm", "images 12-15",
        "2 lesions in segment 4a",
        "75% stenosis", "-100 HU", "BI-RADS 4", "grade 3/4", "F-18 FDG, Tc-99m", "95 degrees", "age 45", "60 min",
        "t2_tra_320",
    ])
    func keepsMeasures(_ text: String) { #expect(Self.clean(text) == text) }

    @Test(arguments: [
        "12.05.2004", "2004-05-12", "20040512", "5/12/04", "5/12", "12MAY2004", "Jan 19", "5 May 2004", "May 5th",
        "12:30", "14h30", "2 pm", "10 Uhr", "Tel. 089/123 45 67", "555-1234", "+49 89 1234567", "(555) 123-4567",
        "01 23 45 67 89",
        "1.2.840.113619.2.5", "MRN 1234", "MRN: A12", "room 12", "Bed 4", "P.O. Box 123", "Acc# 12-345",
        "DOB 12/05/1954", "98765",
        "john.smith@mail.com", "www.hospital.org", "http://a.b/c?x=1", "C:\\smith\\head", "Hand^John", "1430", "2004",
    ])
    func removesNumbersAndAddresses(_ text: String) {
        #expect(Self.clean(text) == "")
        #expect(Self.clean("CT \(text)") == "CT")
    }

    @Test(arguments: [
        ("age 93 female", "age female"), ("93-year-old man", "year-old man"), ("45 year old male", "45 year old male"),
        ("104y", ""), ("TI 2000 ms", "TI 2000 ms"), ("TR2000", "TR2000"), ("2004mm", ""), ("aged 89", "aged 89"),
        ("brain 93yo F", "brain"), ("93years", ""), ("93yrs", ""), ("93yr", ""), ("95ans", ""), ("95Jahre", ""),
        ("1116mo", ""), ("1116 mo", ""), ("4836wks", ""), ("age93", ""), ("f93y", ""), ("brain93yo", ""),
        ("89yo 95mo 1068mo 45years age45", "89yo 95mo 1068mo 45years age45"), ("Lung 1.0 Br98f", "Lung 1.0 Br98f"),
    ])
    func removesAgesAbove89AndYears(_ text: String, _ left: String) { #expect(Self.clean(text) == left) }

    @Test(arguments: [
        ("Dr. Young reviewed the CT", "reviewed the CT"), ("MR YOUNG SEEN TODAY", "SEEN TODAY"),
        ("DR HAND LEFT", "LEFT"),
        ("Mrs Long", ""), ("Mr. Head: CT chest", "CT chest"), ("Dr. med. Marker, CT", "CT"),
        ("Reported by Hand", "Reported by"),
        ("signed: John Bone, MD", "signed"), ("discussed with Dr. Mary Low at 14:30", "discussed with at"),
        ("Mme Wenceslas Marker AX", "AX"), ("Dr. Young's patient", "patient"),
    ])
    func removesNamesAfterTitles(_ text: String, _ left: String) { #expect(Self.clean(text) == left) }

    @Test(arguments: [
        ("SMITH_T1_AX", "T1_AX"), ("T1_SMITH_AX", "T1_AX"), ("smithjohn.20040119", ""), ("SmithHead", ""),
        ("O'Brien CT", "CT"),
        ("Long-Smith T1", "T1"), ("Young", ""), ("Long", ""), ("Mark Hand", ""), ("White Zbigniew", ""),
        ("95% Smith CT", "95% CT"), ("3 mm Hu", "3 mm"), ("Case: Young, 45 M", "Case: 45 M"),
        ("J. Bone", ""),
        ("Maria de la Cruz", ""), ("Van der Berg T1", "T1"), ("HAND, L. SMITH", ""),
        ("long axis view", "long axis view"),
        ("compared by Long in May", "compared by in"), ("may represent a cyst", "may represent a cyst"),
    ])
    func tellsNamesFromWordsByWhatIsBeside(_ text: String, _ left: String) { #expect(Self.clean(text) == left) }

    @Test(arguments: [
        ("Crohn disease", "Crohn disease"), ("Crohn", ""), ("circle of Willis", "circle of Willis"),
        ("seen by Willis", "seen by"),
        ("Baker's cyst", "Baker's cyst"), ("Osgood-Schlatter disease", "Osgood-Schlatter disease"),
        ("Parkinson, CT", "CT"),
    ])
    func keepsEponymsWithWhatTheyName(_ text: String, _ left: String) { #expect(Self.clean(text) == left) }

    @Test(arguments: [
        ("12 Hope Street", ""), ("Hope Street 5, Reading", ""), ("CT head 12 Park Ct", "CT head"),
        ("Old Mill Road 12", ""),
        ("CT, Lindenstraße 5, 80331 Bath", "CT"), ("Rue de la Paix 12", ""), ("Springfield, IL 62704", ""),
        ("SW1A 2AA CT", "CT"), ("H3A 2B4 CT", "CT"), ("T1 3mm", "T1 3mm"),
        ("Mercy Hospital CT chest", "CT chest"), ("St. Mary's Medical Center", ""),
        ("CT, University Hospital of Essen", "CT"),
        ("Good Hope Hospital", ""), ("air-crescent sign", "air-crescent sign"), ("3 CHEST CT", "3 CHEST CT"),
    ])
    func removesPlaces(_ text: String, _ left: String) { #expect(Self.clean(text) == left) }

    @Test(arguments: [
        ("患者 CT head", "CT head"), ("Иванов", ""), ("Smi\u{200B}th CT", "CT"), ("ＳＭＩＴＨ CT", "CT"), ("٢٠٠٤ CT", "CT"),
        ("🙂 CT", "CT"),
        ("Smi\u{301}th CT", "CT"), ("thora\u{301}x CT", "thora\u{301}x CT"),
    ])
    func removesOtherScripts(_ text: String, _ left: String) { #expect(Self.clean(text) == left) }

    @Test(arguments: [
        ("CT chest (Smith)", "CT chest"), ("(by Dr. Smith) CT", "(by) CT"), ("node, Smith, 3 mm", "node, 3 mm"),
        ("  CT \t head  ", "CT head"),
        ("CT head. Seen by Smith. No bleeding.", "CT head. Seen by. No bleeding."), ("CT\nSmith\nhead", "CT\nhead"),
        ("", ""), ("---", ""),
        ("CT [Smith", "CT"), ("CT 26. September 2018", "CT."), ("Smith: CT head", "CT head"),
    ])
    func leavesReadableSigns(_ text: String, _ left: String) { #expect(Self.clean(text) == left) }

    @Test func countsWhatWent() {
        #expect(TextCleaner().clean("SMITH_T1_AX 20040119").removed == 2)
        #expect(TextCleaner().clean("T1 AX").removed == 0)
    }

    @Test func wordsAreFoldedAndSorted() {
        var last = ""
        for i in 0..<standard_word_count() {
            let word = String(cString: standard_word_at(i)!.pointee.text)
            #expect(word > last && word.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 })
            #expect(standard_word_for(word, word.utf8.count) == standard_word_at(i))
            last = word
        }
        #expect(standard_is_word("liver", 5) == 1 && standard_is_word("livers", 5) == 1)
        #expect(standard_is_word("mary", 4) == 0 && standard_is_word("", 0) == 0 && standard_is_word("smith", 5) == 0)
    }

    /// Any text is cleaned, and no year, foreign letter or control character is left of it.
    @Test func takesAnyText() {
        var random = SeededGenerator(seed: 3)
        let pieces = [
            "CT", "t1", "3", "mm", "Dr", ".", ",", " ", " ", "-", "/", "_", "^", "@", "\\", ":", "'", "’s", "é",
            "\u{301}", "名", "\n", "12",
            "2004", "May", "of", "Hospital", "Street", "J", "Young", "MRN", "#", "(", "]", "%", "°", "²",
            "\u{200B}", "🙂", "st", "\0",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                .joined()
            let cleaned = Self.clean(text)
            #expect(
                !cleaned.contains("名") && !cleaned.contains("\0") && !cleaned.contains("2004"),
                "\(text.debugDescription)")
        }
    }
}
