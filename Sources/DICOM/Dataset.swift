import CDCMTK

/// An open DICOM file. It is opened, read and closed inside one function; one thread at a time may use it.
struct OpenFile: ~Copyable {
    let handle: OpaquePointer
    let path: String

    /// - Parameter headerOnly: parsing stops before pixel data.
    init(path: String, headerOnly: Bool) throws(DICOMError) {
        var status = dcmtk_status()
        var limits = ReadingLimits.parser
        guard let handle = dcmtk_open(path, headerOnly ? 1 : 0, &limits, &status) else {
            throw DICOMError(status: status, path: path)
        }
        (self.handle, self.path) = (handle, path)
    }

    deinit { dcmtk_close(handle) }

    /// Runs `body` with the main data set, which must not leave it.
    borrowing func withDataset<R, E: Error>(_ body: (Dataset) throws(E) -> R) throws(E) -> R {
        try body(Dataset(item: dcmtk_dataset(handle)))
    }

    /// Transfer Syntax UID as the file states it; without file meta information, as the data set was parsed.
    ///
    /// DCMTK takes every syntax that it does not know for explicit little endian, so its own answer comes second.
    borrowing func transferSyntaxUID() -> String {
        if let stated = Dataset(item: dcmtk_meta(handle)).text(.transferSyntaxUID), !stated.isEmpty { return stated }
        return string { dcmtk_parsed_syntax(handle, $0, $1) } ?? ""
    }
}

/// A data set or the item of a sequence; valid while its file is open.
struct Dataset {
    let item: OpaquePointer

    /// All values of an element, separated by backslashes, without the padding of PS3.5 6.2; nil when absent.
    func text(_ tag: Tag) -> String? { string { dcmtk_text(item, tag.group, tag.element, $0, $1) } }

    func texts(_ tag: Tag) -> [String] {
        guard let text = text(tag), !text.isEmpty else { return [] }
        return text.split(separator: "\\", omittingEmptySubsequences: false).map { trimmed($0) }
    }

    /// Decimal strings and binary numbers alike; empty when absent or when any value is no finite number.
    func numbers(_ tag: Tag) -> [Double] {
        let values = texts(tag).map { Double($0) }
        let numbers = values.compactMap { $0 }.filter(\.isFinite)
        return numbers.count == values.count ? numbers : []
    }

    func number(_ tag: Tag) -> Double? { numbers(tag).first }

    /// An integer string may come as "3.0" from careless writers.
    func integer(_ tag: Tag) -> Int? { number(tag).flatMap { Int(exactly: $0) } }

    func has(_ tag: Tag) -> Bool { dcmtk_has(item, tag.group, tag.element) != 0 }

    func itemCount(_ sequence: Tag) -> Int { dcmtk_sequence_count(item, sequence.group, sequence.element) }

    func item(_ sequence: Tag, _ index: Int = 0) -> Dataset? {
        dcmtk_sequence_item(item, sequence.group, sequence.element, index).map(Dataset.init)
    }
}

/// Calls `fill(buffer, capacity)`, which returns the full length or a negative number, again with a larger buffer
/// when the first is too small.
private func string(_ fill: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> String? {
    var bytes = [CChar](repeating: 0, count: 128)
    var length = bytes.withUnsafeMutableBufferPointer { fill($0.baseAddress, $0.count) }
    if length > bytes.count {
        bytes = [CChar](repeating: 0, count: length)
        length = bytes.withUnsafeMutableBufferPointer { fill($0.baseAddress, $0.count) }
    }
    guard length >= 0, length <= bytes.count else { return nil }
    let raw = bytes.prefix(length).map { UInt8(bitPattern: $0) }
    // Character sets other than UTF-8 and Latin 1 (PS3.5 6.1) concern only descriptions here, never UIDs or numbers.
    let text =
        String(validating: raw, as: UTF8.self) ?? String(String.UnicodeScalarView(raw.map { Unicode.Scalar($0) }))
    return trimmed(text[...])
}

/// Without the spaces and NUL bytes that pad values to even length (PS3.5 6.2).
private func trimmed(_ text: Substring) -> String {
    let isPadding: (Character) -> Bool = { $0 == " " || $0 == "\0" }
    guard let start = text.firstIndex(where: { !isPadding($0) }),
        let end = text.lastIndex(where: { !isPadding($0) })
    else { return "" }
    return String(text[start...end])
}

extension DICOMError {
    /// The shim's status in this module's words.
    init(status: dcmtk_status, path: String) {
        let detail = withUnsafeBytes(of: status.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch status.code {
        case DCMTK_UNREADABLE: self.init(.unreadable, path: path, detail)
        case DCMTK_TRUNCATED:
            self.init(.truncated, path: path, "the file ends too early (\(detail)); copy it again from its source")
        case DCMTK_MALFORMED: self.init(.malformed, path: path, "not readable as DICOM: \(detail)")
        case DCMTK_TOO_LARGE:
            self.init(.tooLarge, path: path, "refused before parsing: \(detail)")
        case DCMTK_ABSENT: self.init(.noPixelData, path: path, "holds no pixel data")
        case DCMTK_DECODE_FAILED:
            self.init(.decodeFailed, path: path, "compressed pixel data is damaged: \(detail); copy the file again")
        case DCMTK_OUT_OF_MEMORY: self.init(.tooLarge, path: path, "not enough memory to read this file")
        case DCMTK_NO_DICTIONARY:
            self.init(
                .dictionaryMissing, path: path,
                "the DICOM data dictionary was not found; install libdcmtk17 or set DCMDICTPATH to dicom.dic")
        default: self.init(.internalFault, path: path, "\(detail); please report this file's structure")
        }
    }
}
