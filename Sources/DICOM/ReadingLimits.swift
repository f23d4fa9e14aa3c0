import CDCMTK
import COpenJPEG

/// What one file may ask for, in one place: small or damaged files announce sizes that no machine can serve, and are
/// refused by the announcement. Generous: what scanners and slide scanners write stays far below.
enum ReadingLimits {
    /// Voxels of a volume, channels counted: 4 GiB as Float32.
    static let voxels = 1 << 30
    /// Bytes of a file's pixels after decoding.
    static let decodedBytes = 4 << 30
    /// Bytes that a deflated data set may inflate to; DCMTK holds all of them at once.
    static let inflatedBytes = 1 << 29
    /// Elements and items of a data set, nested ones counted. 50,000 frames with their functional groups have 3 million.
    static let elements = 8 << 20
    /// Levels of sequences and items, two for each nesting. DCMTK takes about a kilobyte of stack for each.
    static let depth = 64
    /// Fragments of compressed pixel data.
    static let fragments = 1 << 20
    /// Samples of a JPEG 2000 frame, for which a codestream of any size can stand: 16,384 x 16,384 gray pixels.
    static let jpeg2000Samples = 1 << 28
    /// Tiles of a JPEG 2000 codestream: 4,096 x 4,096 pixels in tiles of 64 x 64.
    static let jpeg2000Tiles = 4096
    /// Precincts of a JPEG 2000 codestream: each takes memory, coded or not.
    static let jpeg2000Precincts = 1 << 20

    static var parser: dcmtk_limits {
        dcmtk_limits(
            inflated_bytes: UInt64(inflatedBytes), elements: UInt64(elements), depth: UInt64(depth))
    }

    static var jpeg2000: j2k_limits {
        j2k_limits(tiles: UInt32(jpeg2000Tiles), precincts: UInt64(jpeg2000Precincts))
    }
}
