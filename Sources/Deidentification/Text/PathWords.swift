/// The words of a path by which somebody may be called.
enum PathWords {
    /// Words of four letters and more that neither the field nor the scanner knows, and labels of BIDS participants.
    ///
    /// - Parameters:
    ///   - part: between two slashes.
    ///   - technique: texts that name the scanner.
    static func identities(in part: Substring, _ technique: [String]) -> [String] {
        guard part.hasPrefix("sub-"), let label = BIDSName(stem: SplitName(String(part)).stem)?["sub"] else {
            return names(in: part, technique)
        }
        // What else stands in such a name is technique.
        let isNumber = label.utf8.count > 4 && label.contains(where: \.isNumber)
        return ["sub-\(label)"] + (isNumber ? [label] : []) + names(in: label[...], technique)
    }

    private static func names(in text: Substring, _ technique: [String]) -> [String] {
        let unknown = runs(in: text).filter { word in
            // Two ideographs, of three bytes each, are a name already.
            let isLong = word.unicodeScalars.count > 3 || word.utf8.count > 5
            return isLong && !NameSpellings.isVocabulary(word) && !others.contains(word)
        }
        guard !unknown.isEmpty else { return [] }
        let known = technique.flatMap { runs(in: $0[...]) }
        return unknown.filter { !known.contains($0) }
    }

    /// Runs of letters, small.
    private static func runs(in text: Substring) -> [String] {
        let small = text.lowercased()
        // Most paths are ASCII, and each file has one.
        if small.utf8.allSatisfy({ $0 < 0x80 }) {
            return small.utf8.split { $0 < 0x61 || $0 > 0x7A }.map { String(Substring($0)) }
        }
        return small.split { !$0.isLetter }.map(String.init)
    }

    /// Formats, and words of BIDS that the field does not have.
    private static let others: Set<String> = {
        let formats = ["json", "nifti", "bval", "bvec", "jpeg", "tiff", "bids", "const", "dicomdir", "dcmmeta"]
        let words = BIDSVocabulary.folders.union(BIDSVocabulary.labels).union(BIDSVocabulary.suffixes)
        return words.union(BIDSVocabulary.files).reduce(into: Set(formats)) { $0.formUnion(runs(in: $1[...])) }
    }()
}
