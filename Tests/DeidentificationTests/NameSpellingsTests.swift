import DataSets
import Testing

@testable import Deidentification

/// A name is found in whatever way it is written, and not in the words of the field.
@Suite struct NameSpellingsTests {
    private func needles(_ name: String, _ charset: CharacterSet = CharacterSet(["ISO_IR 192"])) -> NeedleSet {
        var harvest = Harvest()
        let bytes = charset.encode(name) ?? Array(name.utf8)
        harvest.note(DataElement(.patientName, .PN, .bytes(bytes[...])), charset: charset)
        return harvest.needles
    }

    private func identifies(_ needles: NeedleSet, _ text: [UInt8], isCode: Bool = false) -> Bool {
        text.withUnsafeBufferPointer { needles.identify($0, isCode: isCode) }
    }

    static let found: [(name: String, texts: [String])] = [
        (
            "Lee^Roy",
            ["(Lee)", "LEE_V1", "lee/roy", "LEE,ROY", "Lee-Roy", "x\\LEE", "LEE2", "3_lee", "LeeRoy", "ROYLEE1"]
        ),
        (
            "Müller^Jürgen",
            [
                "MUELLER", "MÜLLER JÜRGEN", "muller", "Mueller^Juergen", "Muller_Jurgen", "JÜRGENMÜLLER",
                "muellerjuergen", "MULLERJURGEN", "Müller2",
            ]
        ),
        ("Mueller^Ina", ["MÜLLER", "müller", "MULLER", "(INA)", "InaMueller"]),
        ("Groß^Ines", ["GROSS", "groß", "Gross, Ines", "INESGROSS"]),
        ("Weissmann^Al", ["Weißmann"]),
        ("Weißmüller^Jo", ["WEISSMÜLLER", "Weissmüller", "Weissmueller", "WEISSMULLER"]),
        ("Łukasiewicz^Žofia", ["LUKASIEWICZ", "łukasiewicz", "ŽOFIA", "zofia"]),
        ("Дарвин^Анна", ["ДАРВИН", "дарвин анна"]),
        ("Anne-Marie^O'Brien", ["Marie", "ANNEMARIE", "OBrien", "Brien"]),
        ("Maier^Anna", ["MAIERANNA", "AnnaMaier", "anna7", "«Anna»", "Anna–Maria", "患者Anna"]),
        (
            "Wang^XiaoDong=王^小东",
            ["王小东", "王 小东", "王　小东", "头部王小东增强", "小东", "XIAODONG WANG", "XiaoDong2"]
        ),
        ("Li^Ming=李^明", ["李明", "李　明", "患者:李", "明李", "LiMing", "Li_3"]),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", ["山田太郎", "山田様", "やまだたろう", "TAROU"]),
        ("Hong^Gildong=洪^吉洞=홍^길동", ["홍길동", "길동", "길동홍", "홍 길동", "洪吉洞"]),
        ("山田　太郎", ["山田", "太郎"]),
        ("Şahin^İbrahim", ["İBRAHİM ŞAHİN", "şahın", "SAHIN", "Ibrahim", "ibrahım"]),
        ("Müller^Jan", ["x Mu\u{308}ller", "ＭＵＥＬＬＥＲ", "ｍüller", "Mül\u{AD}ler", "Mül\u{200B}ler"]),
        ("Mu\u{308}ller^Jan", ["MÜLLER", "Mueller"]),
        ("Sahin^Jan", ["ŞAHİN"]), ("ﾔﾏﾀﾞ^ﾀﾛｳ", ["ヤマダ", "ヤマダタロウ"]), ("ヤマダ^タロウ", ["ﾔﾏﾀﾞ"]),
    ]

    @Test(arguments: found) func isFoundInEverySpelling(name: String, texts: [String]) {
        let needles = needles(name)
        for text in texts { #expect(identifies(needles, Array(text.utf8)), "\(text)") }
    }

    static let other: [(name: String, texts: [String])] = [
        ("Lee^Cho", ["SLEEVE", "echo", "ep2d_echo", "T1Lee2"]),
        ("May^Small", ["MAYO", "smaller FOV", "SMALLEST"]),
        ("Head^Brain", ["AHEAD", "brainstem"]),
        ("Eye^Hip", ["EYE_GENERAL", "T2-HIP"]), ("Ma^Sk", ["mask", "80mA", "T1_MASK"]), ("Ma Sk^Al", ["mask"]),
        ("Möde^Bo", ["MODE"]),
        ("van der Berg^Jan", ["flip der", "BERGEN", "Van Slyke"]),
        ("Kim^In Ho^^Dr^MD", ["DR-7", "in plane", "MD 500"]),
        ("Bauer^Michael", ["Baur", "MICHA"]),
        ("王^东", ["东芝", "东芝医疗"]),
        ("Hong^Min Su=홍^민수", ["민수기"]),
    ]

    @Test(arguments: other) func isNotFoundInOtherWords(name: String, texts: [String]) {
        let needles = needles(name)
        for text in texts { #expect(!identifies(needles, Array(text.utf8)), "\(text)") }
    }

    @Test func inCodesShortWordsOfTheFieldStay() {
        let needles = needles("Eye^Lee^Ax")
        for text in ["EYE", "AX", "LEEWAY"] { #expect(!identifies(needles, Array(text.utf8), isCode: true), "\(text)") }
        for text in ["LEE", "HEAD_LEE"] { #expect(identifies(needles, Array(text.utf8), isCode: true), "\(text)") }
        #expect(identifies(needles, Array("left (EYE)".utf8)))
    }

    /// As UTF-8, in the file's own set, and as UTF-16.
    @Test(arguments: ["ISO_IR 100", "ISO_IR 144", "GB18030", ""]) func isFoundInEveryEncoding(term: String) throws {
        let charset = CharacterSet([term])
        let (name, text) =
            term == "GB18030"
            ? ("王^小东", "头 王小东") : term == "ISO_IR 144" ? ("Дарвин^Анна", "Х ДАРВИН") : ("Jürgens^Zoë", "x JÜRGENS")
        let needles = needles(name, charset)
        #expect(identifies(needles, Array(text.utf8)))
        #expect(identifies(needles, try #require(charset.encode(text))))
        // UTF-16 as the name stands in the file; of other scripts it lacks the bytes by which the search goes.
        guard let units = text.hasPrefix("x ") ? Array("x Jürgens".utf16) : nil else { return }
        for bytes in [
            units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
        ] { #expect(identifies(needles, bytes)) }
    }

    @Test func numbersOfPatientsHaveOtherMarks() {
        var harvest = Harvest()
        harvest.note(DataElement(.patientID, .LO, text: "PID-4711-99"), charset: .ascii)
        for text in ["pid_4711_99", "PID 4711 99", "PID471199", "x PID-4711-99"] {
            #expect(identifies(harvest.needles, Array(text.utf8)), "\(text)")
        }
        #expect(!identifies(harvest.needles, Array("4711".utf8)))
    }

    /// The same words may have been removed as a description before, and the same digits as a number.
    @Test func aNameOrDateIsNotedAfterTheSameWords() {
        var harvest = Harvest()
        harvest.note(DataElement(Tag(0x0008, 0x1030), .LO, text: "Wimmerl"), charset: .ascii)
        harvest.note(DataElement(Tag(0x0020, 0x0011), .IS, text: "20200317"), charset: .ascii)
        #expect(!identifies(harvest.needles, Array("WIMMERL 2020-03-17".utf8)))
        harvest.note(DataElement(.patientName, .PN, text: "Wimmerl"), charset: .ascii)
        #expect(identifies(harvest.needles, Array("WIMMERL".utf8)))
        harvest.note(DataElement(Tag(0x0008, 0x0020), .DA, text: "20200317"), charset: .ascii)
        #expect(identifies(harvest.needles, Array("2020-03-17".utf8)))
    }

    @Test func aShortNameAloneIsNoted() {
        #expect(identifies(needles("Li"), Array("scan of li".utf8)))
        #expect(identifies(needles("王", CharacterSet(["GB18030"])), Array("患者 王".utf8)))
    }

    @Test func wholeNamesOfAllPatients() {
        var harvest = Harvest()
        harvest.note(wholeName: "Wang^XiaoDong=王^小东")
        for text in ["王小东", "XIAODONGWANG", "Wang, XiaoDong", "XiaoDong Wang"] {
            #expect(identifies(harvest.needles, Array(text.utf8)), "\(text)")
        }
        for text in ["Wang", "小东"] { #expect(!identifies(harvest.needles, Array(text.utf8)), "\(text)") }
    }
}
