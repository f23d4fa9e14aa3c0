import CDCMTK

/// A lookup table's descriptor (PS3.3 C.11.1.1, C.7.6.3.1.5): how many entries, the stored value of the first, and the
/// bits of an entry.
struct LookupTableDescriptor: Equatable {
    /// 1...65536; the file writes 65536 as 0.
    var count: Int
    var firstMapped: Int
    /// 8...16.
    var bits: Int

    /// - Parameter isSigned: Pixel Representation, which decides how the 16 bits of the first mapped value are read.
    ///   Writers often give them the other Value Representation.
    init(_ data: Dataset, _ tag: Tag, isSigned: Bool, path: String) throws(DICOMError) {
        guard let words = data.words(tag), words.count == 3 else {
            throw DICOMError(.malformed, path: path, "the lookup table descriptor \(tag) does not hold three numbers")
        }
        count = words[0] == 0 ? 65536 : Int(words[0])
        firstMapped = isSigned ? Int(Int16(bitPattern: words[1])) : Int(words[1])
        bits = Int(words[2])
        guard (8...16).contains(bits) else {
            throw DICOMError(.unsupportedPixels, path: path, "a lookup table with entries of \(bits) bits is not read")
        }
    }

    /// Entries from words as they lie in the file: one in each, or two of 8 bits, the first in the low byte.
    func entries(_ words: [UInt16], _ tag: Tag, path: String) throws(DICOMError) -> [UInt16] {
        if words.count == count {
            guard words.allSatisfy({ Int($0) < 1 << bits }) else {
                throw DICOMError(
                    .malformed, path: path, "the lookup table \(tag) has entries of more than \(bits) bits")
            }
            return words
        }
        // An odd number of 8-bit entries ends with a padding byte.
        guard bits == 8, words.count == (count + 1) / 2 else {
            throw DICOMError(
                .malformed, path: path,
                "the lookup table \(tag) has \(words.count) words for \(count) entries of \(bits) bits")
        }
        return (0..<count).map { words[$0 / 2] >> ($0 % 2 == 0 ? 0 : 8) & 0xFF }
    }

    /// Index of the entry for a stored value; what lies below the first or above the last takes theirs.
    func index(_ value: Int) -> Int { min(max(value - firstMapped, 0), count - 1) }
}

extension Dataset {
    /// 16-bit words of an US, SS or OW element; nil when it is absent or of another kind.
    func words(_ tag: Tag) -> [UInt16]? {
        let count = dcmtk_words(item, tag.group, tag.element, nil, 0)
        guard count >= 0 else { return nil }
        var words = [UInt16](repeating: 0, count: count)
        return dcmtk_words(item, tag.group, tag.element, &words, count) == count ? words : nil
    }
}
