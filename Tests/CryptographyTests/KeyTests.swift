import Cryptography
import Foundation
import TestSupport
import Testing

@Suite struct KeyTests {
    /// RFC 4231, test cases 1, 2 and 6.
    @Test func hashesAsTheRFCSays() {
        let cases: [(key: [UInt8], text: String, code: String)] = [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
        for example in cases {
            #expect(hexadecimal(KeyedHash(key: example.key).hash(Array(example.text.utf8))) == example.code)
        }
    }

    @Test func domainsAndPartsAreToldApart() throws {
        let key = try madeKey()
        #expect(key.hash(for: .uid).hash("1.2.3") != key.hash(for: .id).hash("1.2.3"))
        #expect(key.hash(for: .id).hash("ab", "c") != key.hash(for: .id).hash("a", "bc"))
    }

    @Test func aKeyIsPrivateAndNeverReplaced() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/key"
        try ProjectKey.create(path: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: KeyError.self) { try ProjectKey.create(path: path) }
        let (first, second) = (try ProjectKey(path: path), try ProjectKey(path: path))
        #expect(first.fingerprint == second.fingerprint)
        #expect(try first.fingerprint != madeKey().fingerprint)
        chmod(path, 0o640)
        let error = #expect(throws: KeyError.self) { try ProjectKey(path: path) }
        #expect(error?.problem == .readableByOthers)
    }

    @Test(arguments: [
        "", "hilum project key 1\n", "hilum project key 1\nabc\n", "0123",
        "hilum project key 1\n" + String(repeating: "+f", count: 32) + "\n",
        "hilum project key 1\n" + String(repeating: "0", count: 64) + "\n",
        "hilum project key 1\n" + String(repeating: "a5", count: 32) + "\n",
    ])
    func refusesWhatIsNoKey(_ text: String) throws {
        let scratch = try Scratch()
        let path = try scratch.write(text.utf8, "key")
        chmod(path, 0o600)
        let error = #expect(throws: KeyError.self) { try ProjectKey(path: path) }
        #expect(error?.problem == .malformed)
    }

    @Test func sealedBytesOpenOnlyWithTheirKeyAndUnchanged() throws {
        let (key, other) = (try madeKey(), try madeKey())
        let bytes = Array("a table of names".utf8)
        var sealed = SealedBytes.seal(bytes, with: key)
        #expect(SealedBytes.open(sealed, with: key) == bytes)
        #expect(SealedBytes.open(sealed, with: other) == nil)
        sealed[20] ^= 1
        #expect(SealedBytes.open(sealed, with: key) == nil)
        #expect(SealedBytes.open([], with: key) == nil)
    }

    private func madeKey() throws -> ProjectKey {
        let scratch = try Scratch()
        try ProjectKey.create(path: scratch.path + "/key")
        return try ProjectKey(path: scratch.path + "/key")
    }
}
