import DataSets
import Testing

@testable import Deidentification

@Suite struct ByteScanTests {
    /// Whatever the pieces, what is there is found and what is not is not.
    @Test(arguments: [1, 2, 3, 5, 7, 64]) func findsAcrossPieces(size: Int) {
        var values = OriginalValues()
        values.note("Wintermorgen")
        values.note(identity: "Mara1")
        values.note(identity: "Minna")
        for (text, isFound) in [
            ("xxWintermorgenxx", true), ("WINTERMORGEN", true), ("xx Wintermorge", false), (" Mara1", true),
            ("Mara12", false),
            ("aMara1", false), ("Mara1 and more text behind", true), ("nothing of it", false),
            ("a text of 12345678Minna12345678_", true), ("T12345678Minna here", false), ("Minna12345678T here", false),
        ] {
            var scan = ByteScan(values, .binary(from: 1 << 20))
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes { scan.search($0) }
            }
            let found: Bool
            do throws(Refusal) {
                try scan.finish()
                found = false
            } catch {
                found = true
                #expect(error.code == .leak && !error.message.contains("Winter"))
            }
            #expect(found == isFound, "\(text) in pieces of \(size)")
        }
    }

    /// Even areas of a picture are runs of few values, and some values are letters.
    @Test func wordsOfFewLettersMayBePixels() throws {
        var harvest = Harvest()
        harvest.note(DataElement(.patientName, .PN, text: "Sssssssss^Jsssss"), charset: .ascii)
        harvest.note(DataElement(.patientID, .LO, text: "Mary4711"), charset: .ascii)
        let needles = Array("xSSSSSSSSSSJSSSSS^SSSSSSSSS sssssssss MARY4711".utf8).withUnsafeBytes {
            harvest.needles.hits(in: $0).map(\.needle)
        }
        #expect(needles.contains { !$0.mayBeBytes } && needles.count > 1)
        #expect(needles.allSatisfy { $0.mayBeBytes == ($0.origin == .patientName) })
    }

    @Test func shortTextsMayStandInNumbers() {
        var values = OriginalValues()
        values.note(identity: "MaraX")
        func finds(_ bytes: [UInt8], _ allowance: ByteScan.Allowance) -> Bool {
            var scan = ByteScan(values, allowance)
            bytes.withUnsafeBytes { scan.search($0) }
            do throws(Refusal) { try scan.finish() } catch { return true }
            return false
        }
        let bytes = Array("....MaraX....".utf8)
        #expect(finds(bytes, .binary(from: 13)))
        #expect(!finds(bytes, .binary(from: 0)))
        #expect(finds(bytes, .text([])))
        #expect(!finds(bytes, .text([0..<2, 4..<9])))
        #expect(finds(bytes, .text([0..<8])))
    }
}
