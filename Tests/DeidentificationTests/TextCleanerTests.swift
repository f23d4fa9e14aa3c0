import Testing

@testable import Deidentification

@Suite struct TextCleanerTests {
    private static func clean(_ text: String) -> String { TextCleaner().clean(text).text }

    @Test(arguments: [
        ("AX T2 FLAIR", "AX T2 FLAIR"), ("t1_mprage_sag_p2_iso", "t1_mprage_sag_p2_iso"),
        ("SMITH_T1_AX", "T1_AX"), ("Seen by Dr. Young on 12/05/2004, CT head 3 mm.", "Seen by on, CT head 3 mm."),
        ("smithjohn.20040119", ""),
    ])
    func keepsTheField(_ text: String, _ expected: String) { #expect(Self.clean(text) == expected) }
}
