import TestSupport
import Testing

@testable import BurnedInText

@Suite struct LetterTrimTests {
    /// Cells of 2 x 2 pixels in which the network is sure of letters, or rules them out.
    private func trim(_ plane: GrayPlane, sure: Bool = true) -> LetterTrim {
        let (rows, columns) = (plane.height / 2, plane.width / 2)
        let logits = [Float](repeating: sure ? 10 : -10, count: rows * columns)
        return LetterTrim(plane: plane, cells: CellMap(logits: logits, rows: rows, columns: columns, side: 2))
    }

    /// A string in the middle of a frame of 64 x 128 pixels, and its bounds.
    private func lettered(ink: Float, _ ground: (_ x: Int, _ y: Int) -> Float) -> (frame: Frame, bounds: PixelRectangle)
    {
        var frame = Frame(height: 64, width: 128, ground)
        frame.write("DOE^HIDE", x: 16, y: 24, dot: 2, value: ink)
        let (xs, ys) = (frame.lettered.map { $0 % 128 }, frame.lettered.map { $0 / 128 })
        let bounds = PixelRectangle(
            x: xs.min()!, y: ys.min()!, width: xs.max()! - xs.min()! + 1, height: ys.max()! - ys.min()! + 1)
        return (frame, bounds)
    }

    @Test(arguments: [(Float(0), Float(255)), (255, 0), (40, 50)])
    func flatBordersKeepOnePixel(ground: Float, ink: Float) {
        var (frame, bounds) = lettered(ink: ink) { _, _ in ground }
        for rim in 1...6 {
            #expect(trim(frame.plane).trimmed(bounds.padded(by: rim)) == bounds.padded(by: 1))
        }
        // What no viewer shows is no letter either.
        if ground == 0 {
            frame.values[(bounds.y - 4) * 128 + bounds.x] = .nan
            #expect(trim(frame.plane).trimmed(bounds.padded(by: 6)) == bounds.padded(by: 1))
        }
    }

    @Test func noiseKeepsTwoPixels() {
        var generator = SeededGenerator(seed: 5)
        let (frame, bounds) = lettered(ink: 1) { _, _ in Float.random(in: 0...0.04, using: &generator) }
        #expect(trim(frame.plane).trimmed(bounds.padded(by: 6)) == bounds.padded(by: 2))
    }

    /// The faintest row of a soft edge is a difference as well.
    @Test func softEdgesStay() {
        var (frame, bounds) = lettered(ink: 255) { _, _ in 0 }
        for x in bounds.x..<bounds.x + 4 { frame.values[(bounds.y - 2) * 128 + x] = 3 }
        let trimmed = trim(frame.plane).trimmed(bounds.padded(by: 6))
        #expect(trimmed.y == bounds.y - 3)
        #expect(trimmed.bottom == bounds.bottom + 1)
    }

    /// A stroke from one end of a strip to the other differs from nothing along itself, but from what lies beside it.
    @Test func strokesAlongASideStay() {
        // Nothing says how much letters differ along their strokes, until a bar crosses them.
        let frame = Frame(height: 64, width: 128) { x, _ in 40..<44 ~= x || 50..<54 ~= x ? 1 : 0 }
        let strip = PixelRectangle(x: 34, y: 28, width: 26, height: 8)
        let trimmed = trim(frame.plane).trimmed(strip)
        #expect(trimmed == strip)
        var crossed = frame
        for x in 40..<54 { crossed.values[32 * 128 + x] = 0.5 }
        #expect(trim(crossed.plane).trimmed(strip) == PixelRectangle(x: 39, y: 28, width: 16, height: 8))
    }

    /// Letters whose upper part lies outside of the frame.
    @Test func lettersAtTheFrameEdgeStay() {
        let (whole, bounds) = lettered(ink: 1) { _, _ in 0 }
        let first = bounds.y + 4
        let cut = GrayPlane(Array(whole.values[(first * 128)...]), height: 64 - first, width: 128)
        let letters = PixelRectangle(x: bounds.x, y: 0, width: bounds.width, height: bounds.bottom - first)
        let found = letters.padded(by: 5).clipped(rows: cut.height, columns: 128)
        #expect(trim(cut).trimmed(found) == letters.padded(by: 1).clipped(rows: cut.height, columns: 128))
    }

    @Test func nothingIsTakenWhereAllLooksLikeLetters() {
        var generator = SeededGenerator(seed: 6)
        let frame = Frame(height: 64, width: 128) { _, _ in Float.random(in: 0...1, using: &generator) }
        let found = PixelRectangle(x: 20, y: 20, width: 80, height: 20)
        #expect(trim(frame.plane).trimmed(found) == found)
        let empty = Frame(height: 64, width: 128)
        #expect(trim(empty.plane, sure: false).trimmed(found) == found)
    }

    /// Structures that differ by a third of what letters do may be letters, unless the network rules them out.
    @Test func theNetworkSettlesWhatPixelsLeaveOpen() {
        let (frame, bounds) = lettered(ink: 2) { x, _ in x % 2 == 0 ? 0 : 0.6 }
        let found = bounds.padded(by: 6)
        #expect(trim(frame.plane, sure: true).trimmed(found) == found)
        #expect(trim(frame.plane, sure: false).trimmed(found) == bounds.padded(by: 2))
    }

    /// A rectangle much too wide keeps most of its width: so far from its letters the finding itself is in doubt.
    @Test func aSideGivesBackEightPixelsAtMost() {
        let (frame, bounds) = lettered(ink: 1) { _, _ in 0 }
        let wide = PixelRectangle(x: 10, y: bounds.y - 3, width: 110, height: bounds.height + 6)
        let trimmed = trim(frame.plane).trimmed(wide)
        #expect(trimmed.right == 112)
        #expect(trimmed.x == bounds.x - 1)
    }

    /// Half of an odd width leaves a column over: it counts to the last cells.
    @Test func cellsBesideTheMap() {
        let map = CellMap(logits: [1, 2, 3, 4, 5, 6], rows: 2, columns: 3, side: 4)
        #expect(map.row(5, columns: 0..<13) == 6)
        #expect(map.row(3, columns: 3..<5) == 2)
        #expect(map.column(12, rows: 0..<9) == 6)
        #expect(map.column(7, rows: 0..<4) == 2)
    }
}
