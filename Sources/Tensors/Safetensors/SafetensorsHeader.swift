import Foundation
import Glibc

/// The checked header of a safetensors file: entries sorted by where they begin.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        var type: StoredType
        var shape: Shape
        /// Bytes after `dataStart`.
        var begin: Int
        var end: Int
    }

    /// As in the reference implementation: a larger header is an attack or an accident.
    static let sizeLimit = 100_000_000

    let entries: [Entry]
    let dataStart: Int

    init(_ bytes: [UInt8], path: String) throws(TensorError) {
        guard bytes.count >= 8 else {
            throw .weights(path: path, tensor: nil, .truncated(needed: 8, found: bytes.count))
        }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.sizeLimit else {
            throw .weights(path: path, tensor: nil, .headerTooLarge(bytes: length, limit: Self.sizeLimit))
        }
        dataStart = 8 + Int(length)
        guard bytes.count >= dataStart else {
            throw .weights(path: path, tensor: nil, .truncated(needed: dataStart, found: bytes.count))
        }
        let raw: RawHeader
        do {
            raw = try JSONDecoder().decode(RawHeader.self, from: Data(bytes[8..<dataStart]))
        } catch {
            throw .weights(path: path, tensor: nil, .headerMalformed(Self.reason(error)))
        }
        let available = bytes.count - dataStart
        var entries: [Entry] = []
        for (name, entry) in raw.entries { entries.append(try entry.checked(name, available: available, path: path)) }
        entries.sort { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
        var expected = 0
        for entry in entries {
            guard entry.begin == expected else {
                throw .weights(
                    path: path, tensor: entry.name, .rangesNotContiguous(expected: expected, found: entry.begin))
            }
            expected = entry.end
        }
        guard expected == available else {
            throw .weights(path: path, tensor: nil, .rangesNotContiguous(expected: expected, found: available))
        }
        self.entries = entries
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "not JSON" }
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return "not JSON"
        }
        let place = context.codingPath.map(\.stringValue).joined(separator: ".")
        return place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)"
    }
}

/// The header as JSON has it, before anything in it is believed.
private struct RawHeader: Decodable {
    var entries: [String: RawEntry] = [:]

    struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for key in container.allKeys {
            if key.stringValue == "__metadata__" {
                _ = try container.decode([String: String].self, forKey: key)
            } else {
                entries[key.stringValue] = try container.decode(RawEntry.self, forKey: key)
            }
        }
    }
}

private struct RawEntry: Decodable {
    var dtype: String
    var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
        case dtype
        case shape
        case offsets = "data_offsets"
    }

    func checked(_ name: String, available: Int, path: String) throws(TensorError) -> SafetensorsHeader.Entry {
        guard let type = StoredType(rawValue: dtype) else {
            throw .weights(path: path, tensor: name, .unsupportedType(dtype))
        }
        guard offsets.count == 2 else {
            throw .weights(path: path, tensor: name, .headerMalformed("data_offsets must hold two numbers"))
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard begin >= 0, begin <= end, end <= available else {
            throw .weights(path: path, tensor: name, .rangeOutside(begin: begin, end: end, available: available))
        }
        var bytes = type.size
        for extent in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else {
                throw .weights(path: path, tensor: name, .headerMalformed("shape \(shape) is not possible"))
            }
            bytes = product
        }
        guard bytes == end - begin else {
            throw .weights(path: path, tensor: name, .rangeDoesNotFitShape(bytes: end - begin, shape: Shape(shape)))
        }
        return .init(name: name, type: type, shape: Shape(shape), begin: begin, end: end)
    }
}

/// The bytes of a file, read once into place: weights are a good part of what a short run takes.
func readBytes(_ path: String) throws(TensorError) -> [UInt8] {
    func unreadable() -> TensorError {
        .weights(path: path, tensor: nil, .unreadable(String(cString: strerror(errno))))
    }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable() }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw unreadable() }
    let size = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
        while filled < size {
            let count = read(file, buffer.baseAddress! + filled, size - filled)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            filled += count
        }
    }
    guard bytes.count == size else { throw unreadable() }
    return bytes
}
