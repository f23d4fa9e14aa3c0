import Glibc

/// The secret of a project: 256 random bits in a file that only its owner can read. Whoever has it can compute the same
/// pseudonyms again; whoever has not cannot.
public struct ProjectKey: Sendable {
    /// What a derived key is for; hashes of one domain say nothing about another.
    public enum Domain: String, Sendable, CaseIterable {
        case uid, id, date, text, path, map, report
    }

    private let hashes: [Domain: KeyedHash]
    private let secrets: [Domain: [UInt8]]

    static let firstLine = "hilum project key 1"

    init(secret: [UInt8]) {
        let root = KeyedHash(key: secret)
        secrets = Dictionary(uniqueKeysWithValues: Domain.allCases.map { ($0, root.hash("hilum", $0.rawValue)) })
        hashes = secrets.mapValues { KeyedHash(key: $0) }
    }

    public func hash(for domain: Domain) -> KeyedHash { hashes[domain]! }

    /// The derived key itself, for encryption.
    func secret(for domain: Domain) -> [UInt8] { secrets[domain]! }

    /// A name for the key that tells nothing about it, for reports.
    public var fingerprint: String { hexadecimal(hash(for: .report).hash("fingerprint").prefix(8)) }

    /// - Throws: `KeyError` when the file is missing, readable by others, or no key.
    public init(path: String) throws(KeyError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw KeyError(.unreadable(errno), path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw KeyError(.malformed, path)
        }
        guard status.st_mode & 0o077 == 0 else { throw KeyError(.readableByOthers, path) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0] == Self.firstLine, lines[2].isEmpty, lines[1].utf8.count == 64 else {
            throw KeyError(.malformed, path)
        }
        let digits = lines[1].utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 64 else { throw KeyError(.malformed, path) }
        let secret = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        // Nobody drew thirty-two equal bytes.
        guard Set(secret).count > 1 else { throw KeyError(.malformed, path) }
        self.init(secret: secret)
    }

    /// Makes a new key in a new file of mode 0600.
    ///
    /// - Throws: `KeyError`; an existing file is never replaced, because what was made with it could not be linked again.
    public static func create(path: String) throws(KeyError) {
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw KeyError(errno == EEXIST ? .exists : .unwritable(errno), path)
        }
        defer { close(descriptor) }
        let text = Array("\(firstLine)\n\(hexadecimal(secret))\n".utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            let number = errno
            unlink(path)
            throw KeyError(.unwritable(number), path)
        }
    }
}

/// Why there is no key.
public struct KeyError: Error, Sendable, CustomStringConvertible {
    public enum Problem: Sendable, Equatable {
        case unreadable(Int32)
        case unwritable(Int32)
        case readableByOthers
        case malformed
        case exists
    }

    public let problem: Problem
    public let path: String

    init(_ problem: Problem, _ path: String) { (self.problem, self.path) = (problem, path) }

    public var description: String {
        switch problem {
        case .unreadable(let number):
            "cannot read the key \(path): \(String(cString: strerror(number))); `hilum key new FILE` makes one"
        case .unwritable(let number): "cannot write the key \(path): \(String(cString: strerror(number)))"
        case .readableByOthers: "others can read the key \(path); `chmod 600` it, and make a new one if they may have"
        case .malformed: "\(path) is no key of Hilum; `hilum key new FILE` makes one"
        case .exists: "\(path) exists; a key is never replaced"
        }
    }
}
