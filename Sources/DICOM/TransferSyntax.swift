/// How a file's bytes are encoded (PS3.5 section 10, PS3.6 table A-1), and whether this module reads it.
public struct TransferSyntax: Sendable, Hashable {
    public let uid: String
    /// The standard's name, shortened.
    public let name: String
    public let family: Family

    public enum Family: Sendable, Hashable {
        case native
        case deflated
        case rle
        /// JPEG baseline and extended, lossy.
        case jpeg
        case jpegLossless
        case jpegLS
        /// JPEG 2000 and HTJ2K, both lossless or lossy.
        case jpeg2000
        /// Frames of raw deflate.
        case deflatedFrame
        /// Recognised by name only.
        case notRead
    }

    public var isSupported: Bool { family != .notRead }
    public var isEncapsulated: Bool { ![.native, .deflated].contains(family) }

    /// The most decoded bytes that one compressed byte can stand for, or nil when the codec knows no bound.
    ///
    /// RLE: two bytes make 128 (PS3.5 Annex G). Deflate: 258 bytes take 2 bits. JPEG: an 8 x 8 block takes at least 2 bits, so 64 samples of 2 bytes
    /// with 4:2:0 colour stay below 1024. Lossless JPEG spends a bit on every sample. A bit of JPEG-LS
    /// codes a run of 32,768 samples at most. An empty JPEG 2000 packet covers any number of samples.
    var largestExpansion: Int? {
        switch family {
        case .rle: 64
        case .jpeg: 1024
        case .jpegLossless: 32
        case .jpegLS: 1 << 19
        case .deflatedFrame: 1032
        case .native, .deflated, .jpeg2000, .notRead: nil
        }
    }

    /// - Parameter uid: as in (0002,0010), without padding.
    public init(uid: String) {
        self.uid = uid
        if let known = Self.table[uid] {
            (name, family) = known
        } else {
            (name, family) = ("unknown transfer syntax", .notRead)
        }
    }

    private static let table: [String: (String, Family)] = [
        "1.2.840.10008.1.2": ("implicit little endian", .native),
        "1.2.840.10008.1.2.1": ("explicit little endian", .native),
        "1.2.840.10008.1.2.1.99": ("deflated explicit little endian", .deflated),
        "1.2.840.10008.1.2.2": ("explicit big endian", .native),
        "1.2.840.10008.1.2.5": ("RLE lossless", .rle),
        "1.2.840.10008.1.2.4.50": ("JPEG baseline", .jpeg),
        "1.2.840.10008.1.2.4.51": ("JPEG extended", .jpeg),
        "1.2.840.10008.1.2.4.57": ("JPEG lossless", .jpegLossless),
        "1.2.840.10008.1.2.4.70": ("JPEG lossless, selection value 1", .jpegLossless),
        "1.2.840.10008.1.2.4.80": ("JPEG-LS lossless", .jpegLS),
        "1.2.840.10008.1.2.4.81": ("JPEG-LS near-lossless", .jpegLS),
        "1.2.840.10008.1.2.4.90": ("JPEG 2000 lossless", .jpeg2000),
        "1.2.840.10008.1.2.4.91": ("JPEG 2000", .jpeg2000),
        "1.2.840.10008.1.2.4.92": ("JPEG 2000 multi-component lossless", .notRead),
        "1.2.840.10008.1.2.4.93": ("JPEG 2000 multi-component", .notRead),
        "1.2.840.10008.1.2.4.94": ("JPIP referenced", .notRead),
        "1.2.840.10008.1.2.4.95": ("JPIP referenced deflated", .notRead),
        "1.2.840.10008.1.2.4.100": ("MPEG-2 main profile, main level", .notRead),
        "1.2.840.10008.1.2.4.101": ("MPEG-2 main profile, high level", .notRead),
        "1.2.840.10008.1.2.4.102": ("MPEG-4 AVC/H.264 high profile 4.1", .notRead),
        "1.2.840.10008.1.2.4.103": ("MPEG-4 AVC/H.264 BD-compatible 4.1", .notRead),
        "1.2.840.10008.1.2.4.104": ("MPEG-4 AVC/H.264 high profile 4.2, 2D", .notRead),
        "1.2.840.10008.1.2.4.105": ("MPEG-4 AVC/H.264 high profile 4.2, 3D", .notRead),
        "1.2.840.10008.1.2.4.106": ("MPEG-4 AVC/H.264 stereo high profile 4.2", .notRead),
        "1.2.840.10008.1.2.4.107": ("HEVC/H.265 main profile 5.1", .notRead),
        "1.2.840.10008.1.2.4.108": ("HEVC/H.265 main 10 profile 5.1", .notRead),
        "1.2.840.10008.1.2.4.110": ("JPEG XL lossless", .notRead),
        "1.2.840.10008.1.2.4.111": ("JPEG XL JPEG recompression", .notRead),
        "1.2.840.10008.1.2.4.112": ("JPEG XL", .notRead),
        "1.2.840.10008.1.2.4.201": ("HTJ2K lossless", .jpeg2000),
        "1.2.840.10008.1.2.4.202": ("HTJ2K lossless RPCL", .jpeg2000),
        "1.2.840.10008.1.2.4.203": ("HTJ2K", .jpeg2000),
        "1.2.840.10008.1.2.8.1": ("deflated image frame", .deflatedFrame),
    ]
}
