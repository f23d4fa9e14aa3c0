/// Rectangles of native frames that become black; no other byte changes.
///
/// All bits of a sample are replaced, those outside of Bits Stored too: overlays once lay there (retired, PS3.5 8.1.2).
/// They become 0, for signed samples the sign: readers that do not mask see the same value then.
public enum FrameRedaction {
    /// Blacks rectangles out of one frame.
    ///
    /// Rectangles are cut off at the frame's edge; those of 4:2:2 frames are widened to whole pairs of columns.
    ///
    /// - Parameters:
    ///   - frame: the frame's bytes, a padding byte may follow. With 1 bit a pixel, all bytes in which it has bits.
    ///   - firstBit: where the frame begins in the first byte. Not 0 only for 1 bit a pixel, where frames follow each
    ///     other without padding (PS3.5 8.1.1, lowest bit first).
    /// - Throws: `RedactionError` when layout and bytes contradict each other; `frame` is unchanged then.
    public static func blacken(
        _ rectangles: [PixelRectangle], in frame: inout [UInt8], layout: FrameLayout, firstBit: Int = 0
    ) throws(RedactionError) {
        try layout.check()
        guard firstBit == 0 || layout.bitsAllocated == 1 && (0..<8).contains(firstBit) else {
            throw RedactionError(.bits, "a frame of \(layout.bitsAllocated) bits a sample begins with a whole byte")
        }
        guard frame.count * 8 >= firstBit + layout.bitCount else {
            throw RedactionError(
                .length, "\(frame.count) bytes are fewer than the \((layout.bitCount + 7) / 8) of a frame")
        }
        let cut = rectangles.map { $0.clipped(rows: layout.rows, columns: layout.columns) }.filter { !$0.isEmpty }
        guard layout.bitsAllocated > 1 else {
            for rectangle in cut { blackenBits(rectangle, in: &frame, layout, firstBit) }
            return
        }
        for rectangle in cut {
            switch layout.photometric {
            case .ybrFull422: blackenPairs(rectangle, in: &frame, layout, luma: 0)
            case .ybrPartial422: blackenPairs(rectangle, in: &frame, layout, luma: 16)
            default: blackenSamples(rectangle, in: &frame, layout)
            }
        }
    }

    /// Cell values that show as black, one for each sample of a pixel, all bits of the cell included.
    static func blackCells(_ layout: FrameLayout) -> [UInt32] {
        let (lowest, highest) =
            layout.isSigned
            ? (-(1 << (layout.bitsStored - 1)), 1 << (layout.bitsStored - 1) - 1) : (0, 1 << layout.bitsStored - 1)
        let middle = 1 << (layout.bitsStored - 1)
        let values: [Int] =
            switch layout.photometric {
            case .monochrome1: [highest]
            case .monochrome2: [lowest]
            case .paletteColor(let black): [black]
            case .rgb: [0, 0, 0]
            case .ybrFull, .ybrFull422, .ybrPartial422: [0, middle, middle]
            }
        // Negative numbers keep their sign bits above High Bit; bits below the value are 0.
        return values.map { UInt32(truncatingIfNeeded: $0 << (layout.highBit + 1 - layout.bitsStored)) }
    }

    private static func blackenSamples(_ rectangle: PixelRectangle, in frame: inout [UInt8], _ layout: FrameLayout) {
        let size = layout.bitsAllocated / 8
        let cells = blackCells(layout).map { cell in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: cell >> (8 * UInt32($0))) }
            return layout.isBigEndian ? bytes.reversed() : bytes
        }
        let samples = layout.samplesPerPixel
        // Bytes from one pixel, row and sample to the next.
        let step = layout.isPlanar ? size : size * samples
        let plane = layout.isPlanar ? size * layout.rows * layout.columns : size
        for sample in 0..<samples {
            for y in rectangle.y..<rectangle.bottom {
                var at = sample * plane + (y * layout.columns + rectangle.x) * step
                for _ in 0..<rectangle.width {
                    for byte in 0..<size { frame[at + byte] = cells[sample][byte] }
                    at += step
                }
            }
        }
    }

    /// Two pixels are Y1 Y2 Cb Cr (PS3.3 C.7.6.3.1.2): both go, for they share their colour.
    private static func blackenPairs(
        _ rectangle: PixelRectangle, in frame: inout [UInt8], _ layout: FrameLayout, luma: UInt8
    ) {
        let (first, end) = (rectangle.x / 2, (rectangle.right + 1) / 2)
        for y in rectangle.y..<rectangle.bottom {
            for pair in first..<end {
                let at = (y * layout.columns / 2 + pair) * 4
                (frame[at], frame[at + 1], frame[at + 2], frame[at + 3]) = (luma, luma, 128, 128)
            }
        }
    }

    private static func blackenBits(
        _ rectangle: PixelRectangle, in frame: inout [UInt8], _ layout: FrameLayout, _ firstBit: Int
    ) {
        let isSet = blackCells(layout)[0] & 1 == 1
        for y in rectangle.y..<rectangle.bottom {
            for x in rectangle.x..<rectangle.right {
                let bit = firstBit + y * layout.columns + x
                let mask = UInt8(1) << UInt8(bit % 8)
                if isSet { frame[bit / 8] |= mask } else { frame[bit / 8] &= ~mask }
            }
        }
    }
}
