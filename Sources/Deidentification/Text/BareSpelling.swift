import CStandards
import Foundation

/// A text as it is compared with others that may be written in another way of Unicode: what looks alike to a reader is the
/// same bytes.
enum BareSpelling {
    /// Compatibility forms as what they stand for (full and half width, ligatures), then without marks, joiners and other
    /// characters that nobody sees, in small letters, with i for the dotless one.
    static func of(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            let properties = scalar.properties
            if properties.canonicalCombiningClass != .notReordered || properties.isDefaultIgnorableCodePoint {
                continue
            }
            result.append(scalar == "ı" ? "i" : scalar)
        }
        return NameSpellings.folded(String(result))
    }

    /// Compatibility forms as what they stand for, and a letter and its mark as one scalar.
    static func compatible(_ text: String) -> String { text.precomposedStringWithCompatibilityMapping }

    /// A letter and its mark as one scalar, where there is one: file systems have them as two.
    static func composed(_ text: String) -> String { text.precomposedStringWithCanonicalMapping }
}
