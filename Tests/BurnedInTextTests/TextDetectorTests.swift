import BurnedInText
import TestSupport
import Testing

@Suite struct TextDetectorTests {
    let detector = TextDetector()

    /// An ellipse of smooth tissue with a bright rim and grain, 0...1.
    private func anatomy(_ height: Int, _ width: Int, grain: Float = 0.02) -> Frame {
        var generator = SeededGenerator(seed: 7)
        return Frame(height: height, width: width) { x, y in
            let u = (Float(x) / Float(width) - 0.5) / 0.42
            let v = (Float(y) / Float(height) - 0.5) / 0.4
            let radius = u * u + v * v
            let noise = grain * (Float.random(in: 0...1, using: &generator) - 0.5)
            guard radius < 1 else { return max(0, noise / 4) }
            let wave = 0.08 * (Float((x * 5 + y * 3) % 97) / 97 - 0.5)
            return (radius > 0.9 ? 0.8 : 0.35 + wave) + noise
        }
    }

    @Test(arguments: [2, 3, 4])
    func hidesEveryPixelOnFlatBorders(dot: Int) {
        for (ground, ink) in [(Float(0), Float(255)), (255, 0), (40, 90)] {
            var frame = Frame(height: 192, width: 256) { _, _ in ground }
            frame.write("DOE^JOHN", x: 12, y: 10, dot: dot, value: ink)
            frame.write("M 45Y", x: 60, y: 120, dot: dot, value: ink)
            let regions = detector.regions(in: frame.plane)
            let (open, covered) = frame.misses(regions)
            #expect(open == 0, "\(ground) and \(ink)")
            // Two lines of letters of 7 dots, spaces and a margin around.
            #expect(covered < 2 * (9 * 6 * dot + 8) * (7 * dot + 12))
            #expect(regions.allSatisfy { $0.score > 0.5 })
        }
    }

    @Test func hidesTextOverAnatomyAndTurnedText() {
        var frame = anatomy(256, 256)
        frame.write("DOE^JANE", x: 70, y: 90, dot: 2, value: 1)
        frame.write("1931-12-05", x: 70, y: 150, dot: 2, value: 0)
        frame.write("ID 9034", x: 200, y: 90, dot: 2, value: 1, turned: true)
        let (open, covered) = frame.misses(detector.regions(in: frame.plane))
        #expect(open == 0)
        #expect(covered < 256 * 256 / 6)
    }

    @Test func findsNothingWhereNothingIs() {
        #expect(detector.regions(in: anatomy(192, 256).plane).isEmpty)
        #expect(detector.regions(in: Frame(height: 128, width: 128).plane).isEmpty)
        #expect(detector.regions(in: GrayPlane([Float](), height: 0, width: 0)).isEmpty)
        #expect(detector.regions(in: GrayPlane([Float](repeating: .nan, count: 9), height: 3, width: 3)).isEmpty)
    }

    /// Sides that are no multiples of 8, and rectangles that end with the frame.
    @Test func staysWithinTheFrame() {
        var frame = Frame(height: 101, width: 123)
        frame.write("30-11-92", x: 26, y: 86, dot: 2, value: 1)
        let regions = detector.regions(in: frame.plane)
        #expect(frame.misses(regions).open == 0)
        for box in regions.map(\.rectangle) {
            #expect(box.x >= 0 && box.y >= 0 && box.right <= 123 && box.bottom <= 101)
        }
    }

    /// Bit depth and window do not matter: a power of 2 changes no digit of the arithmetic.
    @Test func scaleDoesNotMatter() {
        var frame = anatomy(128, 192)
        frame.write("MR 12:45", x: 50, y: 50, dot: 2, value: 1)
        let regions = detector.regions(in: frame.plane)
        #expect(!regions.isEmpty)
        frame.values = frame.values.map { $0 * 4096 }
        #expect(detector.regions(in: frame.plane) == regions)
    }

    /// Red on a gray of its own luminance stands out in single channels only.
    @Test func coloursThatLuminanceDoesNotTellApart() {
        var frame = Frame(height: 96, width: 160)
        frame.write("DOE^JOHN", x: 20, y: 40, dot: 2, value: 1)
        let samples = frame.values.flatMap { $0 == 1 ? [UInt8](arrayLiteral: 255, 0, 0) : [76, 76, 76] }
        let planes = GrayPlane.planes(interleavedRGB: samples, height: 96, width: 160)
        #expect(planes.count == 3)
        #expect(frame.misses(detector.regions(in: planes)).open == 0)
        let gray = frame.values.flatMap { [UInt8](repeating: UInt8($0 * 200), count: 3) }
        #expect(GrayPlane.planes(interleavedRGB: gray, height: 96, width: 160).count == 1)
    }
}
