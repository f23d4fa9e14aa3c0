import DataSets

/// RLE and deflate, whose frames have a fragment each and no marker at their end.
extension Codestream {
    mutating func blankTails(_ kind: Kind, _ size: FrameSize) throws(DataSetError) {
        let limit = min(size.bytes(frames: 1, samples: size.samples), ParsingLimits.inflatedBytes)
        try forEachFrame(size.frames) { (stream, range) throws(DataSetError) in
            kind == .rle
                ? try stream.walkRLE(range, pixels: size.pixels) : try stream.walkDeflated(range, limit: limit)
        }
    }

    /// - Parameter walk: erases what a frame does not need, and returns the place behind what it does.
    private mutating func forEachFrame(
        _ frames: Int, _ walk: (inout Codestream, Range<Int>) throws(DataSetError) -> Int
    ) throws(DataSetError) {
        // The one frame of an image may come in pieces.
        let bounds = frames == 1 ? [0, count] : starts + [count]
        var used = 0
        if bounds.count == frames + 1 {
            for (start, end) in zip(bounds, bounds.dropFirst()) { used = try walk(&self, start..<end) }
        }
        // A frame too many would be erased as the tail of another.
        guard let last = starts.last, used > last else {
            throw malformed(0, "there are not as many fragments as frames; correct Number of Frames")
        }
    }

    /// Erases what no segment of a frame needs (PS3.5 Annex G): offsets of segments that are not there, and bytes behind
    /// the last pixel of a segment.
    private mutating func walkRLE(_ frame: Range<Int>, pixels: Int) throws(DataSetError) -> Int {
        let start = frame.lowerBound
        guard frame.count >= 64 else { throw malformed(start, "an RLE header is cut off") }
        func word(_ index: Int) throws(DataSetError) -> Int {
            let place = start + 4 * index
            return Int(try byte(place)) | Int(try byte(place + 1)) << 8 | Int(try byte(place + 2)) << 16
                | Int(try byte(place + 3)) << 24
        }
        let segments = try word(0)
        guard (1...15).contains(segments) else { throw malformed(start, "an RLE header with too many segments") }
        var bounds: [Int] = []
        for index in 1...segments { bounds.append(start + (try word(index))) }
        bounds.append(frame.upperBound)
        guard bounds[0] >= start + 64, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw malformed(start, "an RLE segment lies outside its frame")
        }
        try erase(start + 4 + 4 * segments, start + 64)
        try erase(start + 64, bounds[0])
        var used = start
        for (first, end) in zip(bounds, bounds.dropFirst()) {
            var (place, left) = (first, pixels)
            while left > 0, place < end {
                let control = Int(Int8(bitPattern: try byte(place)))
                let run = control == -128 ? 0 : min(left, abs(control) + 1)
                place += control == -128 ? 1 : control < 0 ? 2 : 1 + run
                left -= run
            }
            used = min(place, end)
            try erase(used, end)
        }
        return used
    }

    /// Erases what follows the deflated stream of a frame.
    private mutating func walkDeflated(_ frame: Range<Int>, limit: Int) throws(DataSetError) -> Int {
        var (bytes, place) = ([UInt8](), frame.lowerBound)
        while place < frame.upperBound {
            _ = try byte(place)
            let inside = place - starts[current]
            let part = min(fragments[current].count - inside, frame.upperBound - place)
            bytes += try window.slice(fragments[current].offset + inside, part)
            place += part
        }
        // A byte pads the pixels to even length.
        let (_, trailing) = try ByteSource(bytes).inflated(from: 0, limit: limit + limit % 2)
        try erase(frame.upperBound - trailing, frame.upperBound)
        return frame.upperBound - trailing
    }
}
