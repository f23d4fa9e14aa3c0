import Foundation
import TestSupport
import Testing

@testable import Deidentification

/// Texts with planted identities and an answer key, from Tests/Peers/deidentification/texts.py by seed 2. The words
/// and rules were made with odd seeds, which share no name and no phrase with it. Another file of that form:
/// HILUM_TEXTS=path.
@Suite struct TextCorpusTests {
    private struct Planted: Decodable {
        let kind: String
        let text: String
        let planted: [String]
        let harmless: [String]
    }

    private static func tokens(_ text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    @Test func removesWhatWasPlantedAndKeepsTheRest() throws {
        let path =
            ProcessInfo.processInfo.environment["HILUM_TEXTS"] ?? Fixtures.root + "/Tests/Peers/expected/texts.json"
        let texts = try JSONDecoder().decode([Planted].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        let cleaner = TextCleaner()
        var (planted, left) = (0, [String]())
        var (harmless, kept): ([String: Int], [String: Int]) = ([:], [:])
        for entry in texts {
            let cleaned = cleaner.clean(entry.text).text
            #expect(cleaner.clean(cleaned).text == cleaned)
            var remaining = Self.tokens(cleaned)
            for token in entry.harmless {
                harmless[entry.kind, default: 0] += 1
                if let place = remaining.firstIndex(of: token) {
                    kept[entry.kind, default: 0] += 1
                    remaining.remove(at: place)
                }
            }
            planted += entry.planted.count
            for token in entry.planted
            where remaining.contains(token) || token.count > 3 && remaining.contains(where: { $0.contains(token) }) {
                left.append("\(token) in: \(entry.text) -> \(cleaned)")
            }
        }
        print("planted tokens removed: \(planted - left.count) of \(planted)")
        for kind in harmless.keys.sorted() {
            let rate = Double(kept[kind, default: 0]) / Double(harmless[kind]!)
            let percent = (rate * 1000).rounded() / 10
            print("harmless words kept in \(kind): \(kept[kind, default: 0]) of \(harmless[kind]!), \(percent) %")
            #expect(rate >= (kind == "descriptions" ? 0.95 : 0.85))
        }
        #expect(Double(left.count) <= 0.001 * Double(planted), "\(left.joined(separator: "\n"))")
    }
}
