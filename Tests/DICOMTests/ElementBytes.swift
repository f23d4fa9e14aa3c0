/// An explicit little endian file with one element made another.
extension [UInt8] {
    /// - Parameters:
    ///   - tag: of an element at top level whose length takes two bytes.
    ///   - value: of even length; nil takes the element out.
    func replacing(_ tag: (UInt8, UInt8, UInt8, UInt8), _ vr: String, _ value: String?) -> [UInt8] {
        let head = [tag.0, tag.1, tag.2, tag.3]
        let start = indices.dropFirst(132).first { self[$0...].starts(with: head) }!
        let end = start + 8 + Int(self[start + 6]) + Int(self[start + 7]) << 8
        let element = value.map { head + Array(vr.utf8) + [UInt8($0.utf8.count), 0] + Array($0.utf8) }
        return Array(self[..<start]) + (element ?? []) + Array(self[end...])
    }
}
