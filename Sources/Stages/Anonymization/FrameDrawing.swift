import BurnedInText
import DICOM

/// A decoded frame that is written anew, because its compressed form cannot be changed in part without loss.
struct FrameDrawing {
    private let planes: [[Float]]
    private let outline: DICOMFrames.Outline
    private let black: Float

    /// - Parameter isInverted: MONOCHROME1: the highest value is black.
    init(_ planes: [[Float]], _ outline: DICOMFrames.Outline, isInverted: Bool) {
        (self.planes, self.outline) = (planes, outline)
        let least: Float = outline.isSigned ? -Float(1 << (outline.bits - 1)) : 0
        let greatest = least + Float(1 << outline.bits) - 1
        black = isInverted && planes.count == 1 ? greatest : least
    }

    /// The frame with rectangles in black, and its bytes: little endian words of 8 or 16 bits, colour by pixel.
    func blackened(_ rectangles: [PixelRectangle]) -> (planes: [[Float]], bytes: [UInt8]) {
        var planes = planes
        for rectangle in rectangles.map({ $0.clipped(rows: outline.rows, columns: outline.columns) }) where !rectangle.isEmpty {
            for row in rectangle.y..<rectangle.bottom {
                let range = row * outline.columns + rectangle.x..<row * outline.columns + rectangle.right
                for channel in planes.indices { for pixel in range { planes[channel][pixel] = black } }
            }
        }
        var bytes: [UInt8] = []
        let isWide = outline.bits > 8
        bytes.reserveCapacity(planes.count * planes[0].count * (isWide ? 2 : 1))
        for pixel in planes[0].indices {
            for plane in planes {
                let value = UInt16(truncatingIfNeeded: Int(plane[pixel]))
                bytes.append(UInt8(truncatingIfNeeded: value))
                if isWide { bytes.append(UInt8(truncatingIfNeeded: value >> 8)) }
            }
        }
        return (planes, bytes)
    }
}
