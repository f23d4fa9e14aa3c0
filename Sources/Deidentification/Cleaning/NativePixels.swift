import DataSets
import Files

/// Uncompressed Pixel Data: what its bytes hold beside the image (PS3.5 8.1.1, PS3.3 C.7.6.3).
struct NativePixels {
    private let file: PartTenFile

    init(_ file: PartTenFile) { self.file = file }

    /// Zeros for bytes behind the last frame, and for bits that old overlays occupy above the stored ones.
    ///
    /// - Returns: also a warning when more than padding is erased.
    /// - Throws: `Refusal` when the header doesn't tell where the image ends, or whole frames lie behind that end.
    func patches() throws(Refusal) -> ([SourcePatch], warning: String?) {
        guard case .stored(let range) = file.dataSet[.pixelData]?.value else { return ([], nil) }
        let size = try FrameSize(file)
        func bytes(samples: Int) -> Int { size.bytes(frames: size.frames, samples: samples) }
        let photometric = file.dataSet.text(.photometricInterpretation)
        // Two luminances share their colour differences, unless a decoder has given each pixel its own and left the name.
        let isHalved =
            size.samples == 3 && (photometric == "YBR_FULL_422" || photometric == "YBR_PARTIAL_422")
            && range.count != bytes(samples: 3) + bytes(samples: 3) % 2
        let used = bytes(samples: isHalved ? 2 : size.samples)
        let excess = range.count - used
        guard excess < max(2, used / size.frames) else {
            throw Refusal(
                .unparsable, "its pixel data holds more frames than its header tells of; correct Number of Frames")
        }
        var patches: [SourcePatch] = []
        if let mask = overlayMask(size.bitsAllocated) {
            patches.append(SourcePatch(ByteRange(offset: range.offset, count: min(used, range.count)), .mask(mask)))
        }
        if excess > 0 { patches.append(SourcePatch(ByteRange(offset: range.offset + used, count: excess), .fill(0))) }
        return (patches, excess > 1 ? "\(excess) bytes behind the last frame were erased" : nil)
    }

    /// Whether a finished file holds bits of an old overlay that `patches` would have erased.
    static func hasOverlayBits(_ file: PartTenFile) throws -> Bool {
        var isClean = true
        for patch in try NativePixels(file).patches().0 {
            guard case .mask(let kept) = patch.change else { continue }
            // Chunks hold whole words.
            try file.source.forEachChunk(patch.range) { (chunk) throws(FileError) in
                isClean = isClean && chunk.indices.allSatisfy { chunk[$0] & ~kept[$0 % kept.count] == 0 }
            }
        }
        return !isClean
    }

    /// Bits of a word to keep, when an overlay plane says that its pixels are in unused bits.
    private func overlayMask(_ bits: Int) -> [UInt8]? {
        guard file.hasEmbeddedOverlay, bits == 16 || bits == 8, let stored = file.integer(.bitsStored),
            let high = file.integer(.highBit), stored < bits, (0..<bits).contains(high), high + 1 >= stored
        else { return nil }
        let mask = UInt16(truncatingIfNeeded: (1 << stored) - 1) << UInt16(high + 1 - stored)
        if bits == 8 { return [UInt8(truncatingIfNeeded: mask)] }
        let (low, top) = (UInt8(truncatingIfNeeded: mask), UInt8(truncatingIfNeeded: mask >> 8))
        return file.encoding.isBigEndian ? [top, low] : [low, top]
    }
}

extension PartTenFile {
    /// Whether an overlay plane says that its pixels are in unused bits of the image's words (retired; PS3.3-2004 C.9.2):
    /// Overlay Bit Position (60xx,0102) above zero.
    var hasEmbeddedOverlay: Bool {
        dataSet.elements.contains { element in
            (element.tag.group & 0xFF00) == 0x6000 && element.tag.element == 0x0102 && integer(element) ?? 0 > 0
        }
    }
}
