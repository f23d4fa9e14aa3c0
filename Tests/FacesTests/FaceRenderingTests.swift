import Testing
import Volumes

@testable import Faces

@Suite struct FaceRenderingTests {
    @Test func aBallIsBrightInTheMiddleAndBlackAround() throws {
        // Radius 30 mm, a bump of 8 mm to anterior and left of the middle.
        let shape = Shape(depth: 40, height: 40, width: 40)
        var voxels: [Float] = []
        for z in 0..<40 {
            for y in 0..<40 {
                for x in 0..<40 {
                    let p = SIMD3(Double(x) - 19.5, Double(y) - 19.5, Double(z) - 19.5) * 2
                    let bump = p - [12, -28, 10]
                    voxels.append(p.length < 30 || bump.length < 8 ? 100 : 0)
                }
            }
        }
        let volume = Volume(voxels: voxels, shape: shape, geometry: Geometry(spacing: [2, 2, 2]), modality: .mr)
        let views = try FaceRendering.compare(volume, volume).before
        #expect(views.front.width == 80 && views.front.height == 80)
        #expect(views.front.pixels[0] == 0)
        #expect(views.front.pixels[40 * 80 + 40] > 150)
        // The patient's left is on the right of a front view; the face is to the left of a left view.
        func brightest(_ picture: GrayImage) -> (row: Int, column: Int) {
            let index = picture.pixels.indices.max { picture.pixels[$0] < picture.pixels[$1] } ?? 0
            return (index / picture.width, index % picture.width)
        }
        let bump = brightest(views.front)
        #expect(bump.column > 42 && bump.row < 38)
        func columns(_ picture: GrayImage) -> ClosedRange<Int> {
            let lit = picture.pixels.indices.filter { picture.pixels[$0] != 0 }.map { $0 % picture.width }
            return (lit.min() ?? 0)...(lit.max() ?? 0)
        }
        #expect(columns(views.left).lowerBound < 79 - columns(views.left).upperBound)
        #expect(columns(views.right).lowerBound > 79 - columns(views.right).upperBound)
    }

    @Test func theNoseIsGoneAfterwards() throws {
        let (volume, result) = try TestHead.defaced.get()
        let (before, after) = try FaceRendering.compare(volume, result.volume)
        #expect(before.front.width == after.front.width)
        // Seen from the left, the face's edge is the first lit column; below the brows it lies far behind.
        func edge(_ picture: GrayImage, _ row: Int) -> Int {
            (0..<picture.width).first { picture.pixels[row * picture.width + $0] != 0 } ?? picture.width
        }
        let nose = Int(
            volume.geometry.position(ofIndex: [0, 0, Double(volume.shape.depth)]).z - TestHead().map([0, -80, -60]).z)
        #expect(edge(after.left, nose) - edge(before.left, nose) > 30)
        let crown = Int(
            volume.geometry.position(ofIndex: [0, 0, Double(volume.shape.depth)]).z - TestHead().map([0, 0, 60]).z)
        #expect(edge(after.left, crown) == edge(before.left, crown))
    }
}
