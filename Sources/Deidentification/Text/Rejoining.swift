extension TokenizedText {
    /// What is kept, with the signs and spaces between; where words went, the strongest of the signs around them.
    func written() -> String {
        var output: [UInt8] = []
        output.reserveCapacity(utf8.count)
        var joint = Joint()
        var (end, hasWord, hasGone) = (0, false, false)
        for token in tokens {
            joint.add(utf8[end..<token.bytes.lowerBound], token.gap)
            end = token.bytes.upperBound
            if token.isGone {
                joint.hasGone = true
                hasGone = true
                continue
            }
            joint.write(to: &output)
            output += utf8[token.bytes]
            hasWord = hasWord || token.shape != .number
            joint = Joint()
        }
        guard hasWord || !hasGone else { return "" }
        joint.add(utf8[end...], .stop)
        joint.writeEnd(to: &output)
        return String(decoding: Self.balanced(output), as: UTF8.self)
    }

    /// Drops brackets without their other half.
    private static func balanced(_ bytes: [UInt8]) -> [UInt8] {
        var (open, lone): ([Int], Set<Int>) = ([], [])
        for (i, byte) in bytes.enumerated() {
            if isOpener(byte) {
                open.append(i)
            } else if isCloser(byte) {
                if open.popLast() == nil { lone.insert(i) }
            }
        }
        lone.formUnion(open)
        return lone.isEmpty ? bytes : bytes.indices.filter { !lone.contains($0) }.map { bytes[$0] }
    }

    private static func isOpener(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") }
    private static func isCloser(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") }

    /// The signs between two kept tokens, and all that was between them.
    private struct Joint {
        var hasGone = false
        private var plain: [UInt8] = []
        /// A percent or degree sign that belongs to the number before.
        private var unit: ArraySlice<UInt8> = []
        private var isStarted = false
        private var (closers, openers): ([UInt8], [UInt8]) = ([], [])
        private var (hasNewline, hasSpace) = (false, false)
        private var (sentenceEnd, sign, joiner): (UInt8?, UInt8?, UInt8?) = (nil, nil, nil)

        mutating func add(_ bytes: ArraySlice<UInt8>, _ gap: Gap) {
            if !hasGone { appendPlain(bytes) }
            if !isStarted {
                if bytes.first == UInt8(ascii: "%") { unit = bytes.prefix(1) }
                if bytes.starts(with: [0xC2, 0xB0]) { unit = bytes.prefix(2) }
                isStarted = true
            }
            for byte in bytes {
                switch byte {
                case 0x0A, 0x0D: hasNewline = true
                case 0x20, 0x09: hasSpace = true
                case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ";"):
                    if gap.contains(.stop) { sentenceEnd = sentenceEnd ?? byte }
                case UInt8(ascii: ","), UInt8(ascii: ":"): sign = sign ?? byte
                case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"): joiner = joiner ?? byte
                case _ where isOpener(byte): openers.append(byte)
                case _ where isCloser(byte): if openers.popLast() == nil { closers.append(byte) }
                default: break
                }
            }
        }

        /// Spaces in a row become one, and control characters go.
        private mutating func appendPlain(_ bytes: ArraySlice<UInt8>) {
            for byte in bytes {
                let isSpace = byte == 0x20 || byte == 0x09
                if isSpace, plain.last == 0x20 || plain.last == 0x0A { continue }
                if byte < 0x20, byte != 0x0A, byte != 0x09 { continue }
                plain.append(isSpace ? 0x20 : byte)
            }
        }

        func write(to output: inout [UInt8]) {
            guard hasGone else {
                output += output.isEmpty ? plain.drop { $0 == 0x20 || $0 == 0x0A } : plain[...]
                return
            }
            if !output.isEmpty {
                output += unit + closers
                if hasNewline {
                    if let sentenceEnd { output.append(sentenceEnd) }
                    output.append(0x0A)
                } else if let strong = sentenceEnd ?? sign {
                    output.append(strong)
                    if hasSpace { output.append(0x20) }
                } else {
                    output.append(hasSpace ? 0x20 : joiner ?? 0x20)
                }
            }
            output += openers
        }

        func writeEnd(to output: inout [UInt8]) {
            if hasGone {
                output += (output.isEmpty ? [] : unit) + closers
                if sentenceEnd == UInt8(ascii: ".") { output.append(UInt8(ascii: ".")) }
            } else {
                output += plain
                while let last = output.last, last <= 0x20 { output.removeLast() }
            }
        }
    }
}
