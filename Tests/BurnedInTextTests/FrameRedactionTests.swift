import BurnedInText
import TestSupport
import Testing

@Suite struct FrameRedactionTests {
    private static let interpretations: [(PhotometricInterpretation, Int)] = [
        (.monochrome1, 1), (.monochrome2, 1), (.paletteColor(black: 5), 1), (.rgb, 3), (.ybrFull, 3),
    ]

    private func noise(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 11)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// The cell of a pixel's sample, as PS3.5 lays it out.
    private func cell(_ bytes: [UInt8], _ layout: FrameLayout, x: Int, y: Int, sample: Int) -> UInt32 {
        let size = layout.bitsAllocated / 8
        let pixel = y * layout.columns + x
        let index =
            layout.isPlanar ? sample * layout.rows * layout.columns + pixel : pixel * layout.samplesPerPixel + sample
        let own = bytes[index * size..<(index + 1) * size]
        return (layout.isBigEndian ? Array(own) : own.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Every interpretation, depth, sign, order of planes and of bytes: what lies inside is black, all else as it was.
    @Test(arguments: interpretations.indices)
    func blackensRectanglesAndNothingElse(index: Int) throws {
        let (photometric, samples) = Self.interpretations[index]
        let box = PixelRectangle(x: 2, y: 1, width: 3, height: 2)
        for (allocated, stored) in [(8, 8), (8, 6), (16, 16), (16, 12), (32, 32), (32, 20)] {
            for isSigned in samples == 1 ? [false, true] : [false] {
                for isPlanar in samples == 1 ? [false] : [false, true] {
                    for isBigEndian in [false, true] {
                        let layout = FrameLayout(
                            rows: 4, columns: 7, samplesPerPixel: samples, bitsAllocated: allocated, bitsStored: stored,
                            isSigned: isSigned, isPlanar: isPlanar, isBigEndian: isBigEndian, photometric: photometric)
                        let before = noise(layout.bitCount / 8 + 1)
                        var after = before
                        try FrameRedaction.blacken([box], in: &after, layout: layout)
                        for y in 0..<4 {
                            for x in 0..<7 {
                                for sample in 0..<samples {
                                    let now = cell(after, layout, x: x, y: y, sample: sample)
                                    let was = cell(before, layout, x: x, y: y, sample: sample)
                                    let isInside = (2..<5).contains(x) && (1..<3).contains(y)
                                    let black = black(photometric, stored, allocated, isSigned, sample)
                                    #expect(now == (isInside ? black : was), "\(layout) at \(x), \(y)")
                                }
                            }
                        }
                        #expect(after.last == before.last)
                    }
                }
            }
        }
    }

    /// Worked out by hand for the two depths of each size that the test uses.
    private func black(
        _ photometric: PhotometricInterpretation, _ stored: Int, _ allocated: Int, _ isSigned: Bool, _ sample: Int
    ) -> UInt32 {
        let unsignedTop: [Int: UInt32] = [6: 63, 8: 255, 12: 4095, 16: 65_535, 20: 1_048_575, 32: 4_294_967_295]
        let signedTop: [Int: UInt32] = [6: 31, 8: 127, 12: 2047, 16: 32_767, 20: 524_287, 32: 2_147_483_647]
        // Two's complement over the whole cell.
        let signedLow: [[Int]: UInt32] = [
            [8, 8]: 0x80, [8, 6]: 0xE0, [16, 16]: 0x8000, [16, 12]: 0xF800, [32, 32]: 0x8000_0000,
            [32, 20]: 0xFFF8_0000,
        ]
        switch photometric {
        case .monochrome1: return (isSigned ? signedTop : unsignedTop)[stored]!
        case .monochrome2: return isSigned ? signedLow[[allocated, stored]]! : 0
        case .paletteColor: return 5
        case .rgb: return 0
        default: return sample == 0 ? 0 : unsignedTop[stored]! / 2 + 1
        }
    }

    /// High Bit 15 of 12 bits: the value lies in the upper bits, and overlay bits below it go too.
    @Test func leftJustifiedSamples() throws {
        let layout = FrameLayout(
            rows: 1, columns: 2, bitsAllocated: 16, bitsStored: 12, highBit: 15, photometric: .monochrome1)
        var frame: [UInt8] = [0x0F, 0x12, 0x0F, 0x12]
        try FrameRedaction.blacken([.init(x: 1, y: 0, width: 1, height: 1)], in: &frame, layout: layout)
        #expect(frame == [0x0F, 0x12, 0xF0, 0xFF])
    }

    @Test func subsampledColourIsBlackenedInPairs() throws {
        for (photometric, luma) in [(PhotometricInterpretation.ybrFull422, UInt8(0)), (.ybrPartial422, 16)] {
            let layout = FrameLayout(
                rows: 2, columns: 6, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, photometric: photometric)
            let before = noise(24)
            var after = before
            try FrameRedaction.blacken([.init(x: 3, y: 1, width: 2, height: 5)], in: &after, layout: layout)
            #expect(Array(after[..<16]) == Array(before[..<16]))
            #expect(Array(after[16...]) == [luma, luma, 128, 128, luma, luma, 128, 128])
        }
    }

    /// Frames of single bits follow each other within a byte.
    @Test func singleBits() throws {
        for (photometric, black) in [(PhotometricInterpretation.monochrome2, 0), (.monochrome1, 1)] {
            let layout = FrameLayout(rows: 3, columns: 5, bitsAllocated: 1, bitsStored: 1, photometric: photometric)
            let before = noise(3)
            var after = before
            try FrameRedaction.blacken(
                [.init(x: 1, y: 1, width: 2, height: 2)], in: &after, layout: layout, firstBit: 7)
            for bit in 0..<24 {
                let (x, y) = ((bit - 7) % 5, (bit - 7) / 5)
                let isInside = bit >= 7 && (1..<3).contains(x) && (1..<3).contains(y)
                let was = Int(before[bit / 8] >> UInt8(bit % 8) & 1)
                #expect(Int(after[bit / 8] >> UInt8(bit % 8) & 1) == (isInside ? black : was))
            }
        }
    }

    @Test func contradictionsAreRefusedAndChangeNothing() {
        let plain = FrameLayout(rows: 4, columns: 4, bitsAllocated: 16, bitsStored: 12, photometric: .monochrome2)
        var frame = [UInt8](repeating: 9, count: 31)
        let box = [PixelRectangle(x: 0, y: 0, width: 4, height: 4)]
        func refuses(_ change: (inout FrameLayout) -> Void) {
            var layout = plain
            layout.rows = 3
            change(&layout)
            #expect(throws: RedactionError.self) { try FrameRedaction.blacken(box, in: &frame, layout: layout) }
        }
        refuses { $0.rows = 4 }
        refuses { $0.rows = 0 }
        refuses { $0.bitsAllocated = 12 }
        refuses { $0.bitsStored = 17 }
        refuses { $0.highBit = 16 }
        refuses { $0.samplesPerPixel = 3 }
        refuses { $0.photometric = .paletteColor(black: 4096) }
        refuses {
            ($0.photometric, $0.samplesPerPixel, $0.bitsAllocated, $0.bitsStored, $0.highBit) = (
                .ybrFull422, 3, 8, 8, 7
            )
            ($0.rows, $0.columns) = (1, 5)
        }
        #expect(frame == [UInt8](repeating: 9, count: 31))
        #expect(PhotometricInterpretation("YBR_ICT") == nil)
        #expect(PhotometricInterpretation("PALETTE COLOR") == nil)
    }

    @Test func paletteBlackIsTheDarkestEntry() {
        let entries = [(9, 9, 9), (0, 1, 0), (200, 0, 0), (1, 0, 0)].map { (red: $0.0, green: $0.1, blue: $0.2) }
        #expect(PhotometricInterpretation.blackEntry(of: entries, firstMapped: 10) == 11)
        #expect(PhotometricInterpretation.blackEntry(of: [], firstMapped: 0) == nil)
    }
}
