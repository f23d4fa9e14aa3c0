import BurnedInText
import Testing

@Suite struct PixelRectangleTests {
    @Test func whatLiesOutsideIsCutOff() {
        let box = PixelRectangle(x: -3, y: 5, width: 10, height: 100)
        #expect(box.clipped(rows: 8, columns: 4) == PixelRectangle(x: 0, y: 5, width: 4, height: 3))
        #expect(PixelRectangle(x: 9, y: 0, width: 2, height: 2).clipped(rows: 4, columns: 4).isEmpty)
        #expect(
            PixelRectangle(x: 1, y: 1, width: .max, height: .max).clipped(rows: 3, columns: 4)
                == PixelRectangle(x: 1, y: 1, width: 3, height: 2))
    }
}
