import CDCMTK

/// The private elements that a creator has reserved in one data set (PS3.5 7.8.1). Their block may be any, since
/// anonymisers and archives move them.
struct PrivateBlock {
    let data: Dataset
    let group: UInt16
    let block: UInt16

    /// How values lie in elements whose VR was lost (UN).
    enum Encoding { case text, words, floats, doubles }

    /// Values of element `number` (0 to 0xFF) of the block; empty when it is absent.
    func numbers(_ number: UInt8, _ encoding: Encoding) -> [Double] {
        let tag = tag(number)
        guard let bytes = data.bytes(tag) else { return data.numbers(tag) }
        switch encoding {
        case .text:
            let text = String(decoding: bytes, as: UTF8.self).filter { $0 != "\0" && $0 != " " }
            return text.split(separator: "\\").compactMap { Double($0) }
        case .words: return Self.words(bytes, 2).map { Double($0) }
        case .floats: return Self.words(bytes, 4).map { Double(Float(bitPattern: UInt32($0))) }
        case .doubles: return Self.words(bytes, 8).map { Double(bitPattern: $0) }
        }
    }

    func bytes(_ number: UInt8) -> [UInt8]? { data.bytes(tag(number)) }

    private func tag(_ number: UInt8) -> Tag { Tag(group, block << 8 | UInt16(number)) }

    /// Elements of unknown VR are little endian (PS3.5 6.2.2).
    private static func words(_ bytes: [UInt8], _ size: Int) -> [UInt64] {
        stride(from: 0, through: bytes.count - size, by: size).map { start in
            (0..<size).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * $1) }
        }
    }
}

extension Dataset {
    func privateBlock(_ group: UInt16, _ creator: String) -> PrivateBlock? {
        let block = dcmtk_private_block(item, group, creator)
        return block == 0 ? nil : PrivateBlock(data: self, group: group, block: block)
    }

    /// Bytes of an element whose VR is OB or UN; nil when it is absent or has another.
    func bytes(_ tag: Tag) -> [UInt8]? {
        let count = dcmtk_bytes(item, tag.group, tag.element, nil, 0)
        guard count >= 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = min(count, max(0, dcmtk_bytes(item, tag.group, tag.element, buffer.baseAddress, count)))
        }
    }

    /// The first value of an element of VR AT, which DCMTK prints as "(gggg,eeee)".
    func tagValue(_ tag: Tag) -> Tag? {
        guard let text = texts(tag).first else { return nil }
        let parts = text.filter { $0 != "(" && $0 != ")" }.split(separator: ",")
        guard parts.count == 2, let group = UInt16(parts[0], radix: 16), let element = UInt16(parts[1], radix: 16)
        else { return nil }
        return Tag(group, element)
    }
}
