import Cryptography
import Foundation
import TestSupport
import Testing

@testable import Deidentification

@Suite struct IdentityTests {
    private func identity(_ id: String, _ change: (inout PatientIdentity) -> Void = { _ in }) -> PatientIdentity {
        var identity = PatientIdentity()
        identity.id = id
        change(&identity)
        return identity
    }

    @Test func aPatientIsOneByItsNumber() throws {
        let key = try makeKey()
        let first = Subject(identity(" mrn  12 ") { $0.name = "A" }, rule: .id, key: key)
        let second = Subject(identity("MRN 12") { $0.name = "B" }, rule: .id, key: key)
        #expect(first == second && first != nil)
        #expect(first?.pseudonym.count == 16)
        #expect(Subject.offsets.contains(-(first?.dayOffset ?? 0)))
    }

    @Test(arguments: [
        ("A^1 ", "A^1\0"), ("A^1", "\u{1}A^1\r\n"), ("A^1", "Ａ^１"), ("\u{C9}1", "E\u{301}1"), ("ab 1", "AB\0 1"),
    ]) func spellingsOfANumberAreOnePatient(_ first: String, _ second: String) throws {
        let key = try makeKey()
        #expect(
            Subject(identity(first), rule: .id, key: key) == Subject(identity(second), rule: .id, key: key))
    }

    /// As earlier versions wrote it: what they released can be added to.
    @Test func aPatientKeepsNameAndDays() throws {
        let scratch = try Scratch()
        let secret = (0..<32).map { "0\(String($0, radix: 16))".suffix(2) }.joined()
        let path = try scratch.write("hilum project key 1\n\(secret)\n".utf8, "key")
        chmod(path, 0o600)
        let subject = Subject(identity("1CT1"), rule: .id, key: try ProjectKey(path: path))
        #expect(subject?.pseudonym == "3ZJS5CZDQQFZGWNM" && subject?.dayOffset == -599)
    }

    @Test func withoutANumberEachStudyIsItsOwn() throws {
        let key = try makeKey()
        let (first, second) = (
            identity("") { $0.studyInstanceUID = "1.2.3" }, identity("") { $0.studyInstanceUID = "1.2.4" }
        )
        #expect(Subject(first, rule: .id, key: key) != Subject(second, rule: .id, key: key))
        #expect(Subject(identity(""), rule: .id, key: key) == nil)
    }

    @Test func doublyIssuedNumbersContradictUnlessToldApart() throws {
        let (first, second) = (
            identity("1") { ($0.issuer, $0.birthDate) = ("A", "19600101") },
            identity("1") { ($0.issuer, $0.birthDate) = ("B", "19600101") }
        )
        #expect(first.contradiction(to: second, rule: .id) == "issuers")
        #expect(first.contradiction(to: second, rule: .idAndIssuer) == nil)
        let key = try makeKey()
        #expect(Subject(first, rule: .idAndIssuer, key: key) != Subject(second, rule: .idAndIssuer, key: key))
        let born = identity("1") { $0.birthDate = "19610101" }
        #expect(first.contradiction(to: born, rule: .id) == "birth dates")
        #expect(Subject(first, rule: .idAndBirthDate, key: key) != Subject(born, rule: .idAndBirthDate, key: key))
        // A name spelled in two ways is one person; what a header doesn't say contradicts nothing.
        let (spelled, other) = (identity("1") { $0.name = "DOE^JANE" }, identity("1") { $0.name = "Doe, Jane M." })
        #expect(spelled.contradiction(to: other, rule: .id) == nil)
        #expect(spelled.contradiction(to: identity("1") { $0.name = "Roe^Richard" }, rule: .id) == "names")
        #expect(identity("1").contradiction(to: first, rule: .id) == nil)
    }

    @Test func uidsAreValidAndStable() throws {
        let names = Pseudonyms(try makeKey())
        for index in 0..<1000 {
            let uid = names.uid("1.2.840.\(index)")
            #expect(uid.count <= 44 && uid.hasPrefix("2.25."))
            #expect(uid.dropFirst(5).allSatisfy(\.isNumber) && uid.dropFirst(5).first != "0")
            #expect(uid == names.uid("1.2.840.\(index)"))
        }
        #expect(Set((0..<1000).map { names.uid("1.2.840.\($0)") }).count == 1000)
    }
}
