import DataSets
import Glibc

/// Finds what compressed frames carry beside the image (JPEG comments and application segments, JPEG 2000 comments,
/// bytes behind a frame's end) and blanks it in place, without decoding and without moving a byte, so that offset tables
/// stay true. RLE and deflated frames have bytes behind their end, too.
struct Codestream {
    var window: SourceWindow
    let fragments: [ByteRange]
    /// Where each fragment begins in the joined stream.
    let starts: [Int]
    let count: Int
    private(set) var current = 0
    private(set) var patches: [SourcePatch] = []

    enum Kind { case jpeg, jpeg2000, rle, deflated }

    /// - Returns: nil for streams that may carry text and that nobody here looks at: video, JPEG XL, JPIP.
    static func kind(of transferSyntax: String) -> Kind? {
        switch transferSyntax.dropFirst("1.2.840.10008.1.2.".count) {
        case "5": .rle
        case "8.1": .deflated
        case "4.50", "4.51", "4.57", "4.70", "4.80", "4.81": .jpeg
        case "4.90", "4.91", "4.92", "4.93", "4.201", "4.202", "4.203": .jpeg2000
        case let other where other.hasPrefix("4.") && ("4.52"..."4.66").contains(String(other)): .jpeg
        default: nil
        }
    }

    /// - Parameter fragments: without the offset table.
    init(_ source: ByteSource, _ fragments: ArraySlice<ByteRange>) {
        window = SourceWindow(source)
        self.fragments = Array(fragments.filter { $0.count > 0 })
        var starts: [Int] = []
        var total = 0
        for fragment in self.fragments {
            starts.append(total)
            total += fragment.count
        }
        (self.starts, count) = (starts, total)
    }

    /// - Parameter size: of the image, which tells where frames of RLE and deflate end; nil when the header doesn't.
    /// - Throws: `DataSetError` for a stream whose parts cannot be told apart.
    mutating func blank(_ kind: Kind, _ size: FrameSize?) throws(DataSetError) {
        switch kind {
        case .rle, .deflated:
            guard let size else { throw malformed(0, "the header does not tell its size") }
            try blankTails(kind, size)
        case .jpeg:
            try forEachFrame([[0xFF, 0xD8]]) { (stream, start) throws(DataSetError) in try stream.walkJPEG(start) }
        case .jpeg2000:
            try forEachFrame([[0xFF, 0x4F], [0, 0]]) { (stream, start) throws(DataSetError) in
                try stream.byte(start) == 0 ? try stream.walkBoxes(start) : try stream.walkJPEG2000(start)
            }
        }
    }

    /// Frames begin with their marker at the beginning of a fragment; what lies between is padding, and zeros after this.
    private mutating func forEachFrame(
        _ markers: [[UInt8]], _ walk: (inout Codestream, Int) throws(DataSetError) -> Int
    ) throws(DataSetError) {
        var (place, next) = (0, 0)
        while next < starts.count {
            let start = starts[next]
            guard start >= place else {
                next += 1
                continue
            }
            guard count - start >= 2, markers.contains([try byte(start), try byte(start + 1)]) else {
                if next == 0 { throw malformed(start, "a frame does not begin with its marker") }
                next += 1
                continue
            }
            try erase(place, start)
            place = try walk(&self, start)
            next += 1
        }
        try erase(place, count)
    }

    // MARK: JPEG and JPEG-LS (ITU-T T.81 Annex B, T.87 Annex C)

    /// - Returns: the place behind the end of the image.
    private mutating func walkJPEG(_ start: Int) throws(DataSetError) -> Int {
        var place = start + 2
        while place + 1 < count {
            guard try byte(place) == 0xFF else { throw malformed(place, "no marker where one must be") }
            let marker = try byte(place + 1)
            if marker == 0xFF {
                place += 1
                continue
            }
            if marker == 0xD9 { return place + 2 }
            let length = try number(place + 2)
            guard length >= 2, place + 2 + length <= count else { throw malformed(place, "a segment is cut off") }
            let (body, end) = (place + 4, place + 2 + length)
            switch marker {
            case 0xFE: try blank(body, end)
            case 0xE0...0xEF: try blank(body + (try keptBytes(of: marker, body, end)), end)
            // Reserved, and extensions but those of JPEG-LS: decoders pass them over.
            case 0x02...0xBF, 0xF0...0xF6, 0xF9...0xFD: try blank(body, end)
            default: break
            }
            place = marker == 0xDA ? try endOfScan(end) : end
        }
        throw malformed(place, "an image has no end")
    }

    /// Bytes of an application segment that decoders need: of JFIF without its thumbnail, of Adobe and HP the
    /// colour transform.
    private mutating func keptBytes(of marker: UInt8, _ body: Int, _ end: Int) throws(DataSetError) -> Int {
        func begins(_ text: String) throws(DataSetError) -> Bool {
            for (index, expected) in text.utf8.enumerated() {
                guard body + index < end, try byte(body + index) == expected else { return false }
            }
            return true
        }
        switch marker {
        case 0xE0: return try begins("JFIF") ? min(14, end - body) : 0
        case 0xE8: return try begins("mrfx") ? min(5, end - body) : 0
        case 0xEE: return try begins("Adobe") ? min(12, end - body) : 0
        default: return 0
        }
    }

    /// Entropy-coded bytes end at a marker: 0xFF and neither a stuffed byte nor a restart. JPEG-LS stuffs a bit.
    private mutating func endOfScan(_ start: Int) throws(DataSetError) -> Int {
        var place = start
        while let mark = try nextMark(place), mark + 1 < count {
            place = mark
            let next = try byte(place + 1)
            if next >= 0x80, next != 0xFF, !(0xD0...0xD7).contains(next) { return place }
            place += next == 0xFF ? 1 : 2
        }
        throw malformed(place, "a scan has no end")
    }

    // MARK: Bytes of the joined fragments

    mutating func byte(_ place: Int) throws(DataSetError) -> UInt8 {
        guard place < count else { throw malformed(place, "the frame is cut off") }
        while place < starts[current] { current -= 1 }
        while current + 1 < starts.count, place >= starts[current + 1] { current += 1 }
        return try window.byte(fragments[current].offset + place - starts[current])
    }

    /// The next byte 0xFF; nil when there is none.
    mutating func nextMark(_ start: Int) throws(DataSetError) -> Int? {
        var place = start
        while place < count {
            _ = try byte(place)
            let inside = place - starts[current]
            let part = min(fragments[current].count - inside, 1 << 16)
            let bytes = try window.slice(fragments[current].offset + inside, part)
            if let mark = bytes.withUnsafeBytes({ buffer in
                memchr(buffer.baseAddress!, 0xFF, buffer.count).map { UnsafeRawPointer($0) - buffer.baseAddress! }
            }) {
                return place + mark
            }
            place += part
        }
        return nil
    }

    mutating func number(_ place: Int) throws(DataSetError) -> Int {
        Int(try byte(place)) << 8 | Int(try byte(place + 1))
    }

    /// Spaces: harmless in comments, and in application segments that no decoder reads.
    mutating func blank(_ start: Int, _ end: Int) throws(DataSetError) { try fill(start, end, 0x20) }

    mutating func erase(_ start: Int, _ end: Int) throws(DataSetError) { try fill(start, end, 0) }

    private mutating func fill(_ start: Int, _ end: Int, _ value: UInt8) throws(DataSetError) {
        var place = start
        while place < end {
            _ = try byte(place)
            let fragment = fragments[current]
            let part = min(end, starts[current] + fragment.count) - place
            let range = ByteRange(offset: fragment.offset + place - starts[current], count: part)
            patches.append(SourcePatch(range, .fill(value)))
            place += part
        }
    }

    func malformed(_ place: Int, _ text: String) -> DataSetError {
        DataSetError(.malformed, at: place, "the compressed pixel data cannot be told apart: \(text)")
    }
}
