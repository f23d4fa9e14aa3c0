public import Cryptography
import Deidentification
public import Files
import Glibc
import Pipelines

/// The way back, for those who may go it: which input became which result, and who the patient is. Encrypted under the
/// project's key, in a file of its own.
public enum IdentityMap {
    /// First bytes of the file, so that nobody takes it for anything else.
    private static let mark = Array("hilum identity map 1\n".utf8)

    /// One line of JSON an item.
    ///
    /// - Parameter items: of the manifest. What an earlier map at the path says of those that have no new line stays: their
    ///   results do, too.
    static func write(
        _ lines: [JSONValue], keeping items: Set<String>, to path: String, key: ProjectKey
    ) throws(FileError) {
        let lost = items.subtracting(lines.compactMap(item))
        let earlier = lost.isEmpty || access(path, F_OK) != 0 ? nil : try read(path, key: key)
        let kept = (earlier ?? "").split(separator: "\n").filter { line in
            JSONValue(parsing: Array(line.utf8)).flatMap(item).map(lost.contains) ?? false
        }
        let text = (lines.map { $0.text() } + kept.map(String.init)).map { $0 + "\n" }.joined()
        let sealed = SealedBytes.seal(Array(text.utf8), with: key)
        try AtomicFile.write(path) { (sink) throws(FileError) in
            try sink.write(mark)
            try sink.write(sealed)
        }
        chmod(path, 0o600)
    }

    /// What a map holds, as lines of JSON.
    ///
    /// - Returns: nil when the file is no map, was sealed with another key, or was changed.
    public static func read(_ path: String, key: ProjectKey) throws(FileError) -> String? {
        let bytes = try FileBytes.read(path)
        guard bytes.starts(with: mark) else { return nil }
        return SealedBytes.open(Array(bytes.dropFirst(mark.count)), with: key).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func item(of line: JSONValue) -> String? {
        if case .string(let item)? = line["item"] { item } else { nil }
    }

    /// Of an item of `hilum run`: its keyed name and inputs, and what these stand for.
    static func line<Payload>(_ unit: WorkUnit<Payload>, concealedAs concealed: WorkUnit<Payload>) -> JSONValue {
        [
            "item": .string(concealed.name), "name": .string(unit.name),
            "inputs": .array(concealed.inputs.map { .string($0) }),
            "paths": .array(unit.inputs.map { .string($0) }),
        ]
    }

    /// Of a file that nothing was made of: the manifest tells why under the item's name, and only this where the file is.
    static func line(_ unit: WorkUnit<AnonymizationInput>, path: String) -> JSONValue {
        ["item": .string(unit.name), "path": .string(path)]
    }

    static func line(_ unit: WorkUnit<AnonymizationInput>, _ input: AnonymizationInput, _ subject: Subject?)
        -> JSONValue
    {
        [
            "item": .string(unit.name), "path": .string(input.relativePath),
            "patientID": .string(input.identity.id), "issuer": .string(input.identity.issuer),
            "patientName": .string(input.identity.name), "birthDate": .string(input.identity.birthDate),
            "studyInstanceUID": .string(input.identity.studyInstanceUID),
            "pseudonym": subject.map { .string($0.pseudonym) } ?? .null,
            "dayOffset": subject.map { .integer($0.dayOffset) } ?? .null,
        ]
    }
}
