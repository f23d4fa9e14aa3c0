import DataSets

/// JPEG 2000 (ITU-T T.800): the codestream of Annex A, and the boxes of Annex I around it.
extension Codestream {
    /// - Returns: the place behind the end of the image.
    mutating func walkJPEG2000(_ start: Int) throws(DataSetError) -> Int {
        var (place, tileEnd) = (start + 2, 0)
        while place + 1 < count {
            guard try byte(place) == 0xFF else { throw malformed(place, "no marker where one must be") }
            let marker = try byte(place + 1)
            switch marker {
            case 0xD9: return place + 2
            // Tile data: its length is in the tile-part's header, 0 for up to the end.
            case 0x93: place = tileEnd > place ? tileEnd : try lastEnd(place + 2)
            default:
                let length = try number(place + 2)
                guard length >= 2, place + 2 + length <= count else { throw malformed(place, "a segment is cut off") }
                if marker == 0x64 { try blank(place + 6, place + 2 + length) }
                if marker == 0x90 {
                    let tile = try number(place + 6) << 16 | number(place + 8)
                    tileEnd = tile == 0 ? 0 : place + tile
                    guard tileEnd <= count else { throw malformed(place, "a tile is cut off") }
                }
                place += 2 + length
            }
        }
        throw malformed(place, "an image has no end")
    }

    /// The boxes of a JP2 file (ITU-T T.800 Annex I), which have no place in DICOM and are there all the same.
    mutating func walkBoxes(_ start: Int) throws(DataSetError) -> Int {
        try walkBoxes(start, upTo: count, inHeader: false)
    }

    /// - Parameter inHeader: of boxes in the header box, which holds no other of its kind: nesting has an end.
    private mutating func walkBoxes(_ start: Int, upTo count: Int, inHeader: Bool) throws(DataSetError) -> Int {
        var (place, end) = (start, start)
        while place + 8 <= count {
            let length = try number(place) << 16 | number(place + 2)
            let type = try number(place + 4) << 16 | number(place + 6)
            // A length of 0 is up to the end.
            let next = length == 0 ? count : place + length
            guard length == 0 || length >= 8, next <= count else { break }
            switch type {
            case 0x6A50_2020, 0x6674_7970: break  // "jP  ", "ftyp"
            case 0x6A70_3268 where !inHeader: _ = try walkBoxes(place + 8, upTo: next, inHeader: true)  // "jp2h"
            // "ihdr", "bpcc", "pclr", "cmap", "cdef", "res ": numbers of the image
            case 0x6968_6472, 0x6270_6363, 0x7063_6C72, 0x636D_6170, 0x6364_6566, 0x7265_7320: break
            // "colr": an enumerated space, but not a profile, which holds text
            case 0x636F_6C72 where try byte(place + 8) == 1: try blank(min(place + 15, next), next)
            case 0x6A70_3263: _ = try walkJPEG2000(place + 8)  // "jp2c"
            default: try blank(place + 8, next)
            }
            (place, end) = (next, next)
        }
        if inHeader {
            try blank(end, count)
            return count
        }
        guard end > start else { throw malformed(start, "a frame does not begin with its marker") }
        return end
    }

    private mutating func lastEnd(_ start: Int) throws(DataSetError) -> Int {
        var place = start
        while let mark = try nextMark(place), mark + 1 < count {
            if try byte(mark + 1) == 0xD9 { return mark }
            place = mark + 1
        }
        throw malformed(start, "an image has no end")
    }
}
