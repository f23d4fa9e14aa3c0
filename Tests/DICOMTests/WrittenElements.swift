import TestSupport

@testable import DICOM

/// Data sets in explicit little endian, for what shows only when a file is read. Elements come in the order of their tags.
enum Written {
    static func text(_ group: UInt16, _ element: UInt16, _ type: String, _ value: String) -> [UInt8] {
        var bytes = Array(value.utf8)
        if bytes.count % 2 != 0 { bytes.append(type == "UI" ? 0 : 0x20) }
        return short(group, element, type, bytes)
    }

    static func word(_ group: UInt16, _ element: UInt16, _ value: UInt16) -> [UInt8] {
        short(group, element, "US", word(value))
    }

    static func doubles(_ group: UInt16, _ element: UInt16, _ values: [Double]) -> [UInt8] {
        let bytes = values.flatMap { value -> [UInt8] in
            (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
        }
        return short(group, element, "FD", bytes)
    }

    /// Float Pixel Data.
    static func pixels(_ values: [Float]) -> [UInt8] {
        let bytes = values.flatMap { value -> [UInt8] in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
        }
        return long(0x7FE0, 0x0008, "OF", bytes)
    }

    static func words(_ group: UInt16, _ element: UInt16, _ values: [UInt16]) -> [UInt8] {
        short(group, element, "US", values.flatMap(word))
    }

    static func bytes(_ group: UInt16, _ element: UInt16, _ value: [UInt8], _ type: String = "OB") -> [UInt8] {
        long(group, element, type, value)
    }

    static func sequence(_ group: UInt16, _ element: UInt16, _ items: [[UInt8]]) -> [UInt8] {
        var body: [UInt8] = []
        for item in items { body += word(0xFFFE) + word(0xE000) + length(item.count) + item }
        return long(group, element, "SQ", body)
    }

    static func file(_ elements: [[UInt8]], in scratch: Scratch, name: String = "written.dcm") throws -> String {
        let syntax = text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1")
        let start = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        return try scratch.write(start + syntax + elements.joined(), name)
    }

    static func header(_ elements: [[UInt8]]) throws -> DICOMHeader {
        let scratch = try Scratch()
        return try DICOMFile.header(path: file(elements, in: scratch))
    }

    /// Siemens' CSA header of the newer kind.
    static func csa(_ tags: [(name: String, values: [String])]) -> [UInt8] {
        var result = Array("SV10".utf8) + [4, 3, 2, 1]
        result += length(tags.count) + length(77)
        for (name, values) in tags {
            result += Array(name.utf8) + [UInt8](repeating: 0, count: 64 - name.utf8.count + 12)
            result += length(values.count) + length(77)
            for value in values {
                let bytes = Array(value.utf8) + [0]
                for word in [bytes.count, bytes.count, 77, bytes.count] { result += length(word) }
                result += bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
            }
        }
        return result
    }

    private static func short(_ group: UInt16, _ element: UInt16, _ type: String, _ value: [UInt8]) -> [UInt8] {
        word(group) + word(element) + Array(type.utf8) + word(UInt16(value.count)) + value
    }

    private static func long(_ group: UInt16, _ element: UInt16, _ type: String, _ value: [UInt8]) -> [UInt8] {
        word(group) + word(element) + Array(type.utf8) + [0, 0] + length(value.count) + value
    }

    private static func word(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    private static func length(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
