import CKernels

/// An average head, T1-weighted, in a space of its own: LPS mm whose axes and origin are MNI space's (the anterior
/// commissure), whose size is the mean head's (150 mm wide, 84 mm from the origin to the vertex).
///
/// Made by Scripts/make_head_template.py; README.md tells from what and under which licences.
struct HeadTemplate: Sendable {
    /// The table's voxels are cubes of this edge, mm.
    static let spacing = 4.0
    /// Centre of the table's first voxel.
    static let origin = SIMD3<Double>(-86, -108, -130)
    /// Voxels along x, y, z.
    static let size = SIMD3<Int>(44, 55, 55)
    /// Values of `levels` are below this; the brain's grey and white matter lies near 20, air at 0.
    static let levelCount = 32

    /// Intensity, `[depth, height, width]`.
    let levels: [UInt8]
    let brain: Region
    /// Everything that is not air around the head.
    let head: Region

    static let average = HeadTemplate()

    private init() {
        let codes = Self.decode(Self.table)
        levels = codes.map { $0 & 31 }
        brain = Region(bits: codes.map { $0 >> 5 }, size: Self.size, spacing: Self.spacing)
        head =
            Region(bits: codes.map { $0 & 31 >= 5 ? 1 : 0 }, size: Self.size, spacing: Self.spacing).largestPart.filled
    }

    /// One character of base 64 a voxel: the level, and 32 more within the brain. A run of air is `.` and its length in
    /// two characters.
    static func decode(_ text: String) -> [UInt8] {
        var value = [UInt8](repeating: 0, count: 256)
        for (index, character) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            value[Int(character)] = UInt8(index)
        }
        var codes: [UInt8] = []
        codes.reserveCapacity(size.x * size.y * size.z)
        var characters = text.utf8.makeIterator()
        while let character = characters.next() {
            if character == UInt8(ascii: "."), let high = characters.next(), let low = characters.next() {
                codes.append(
                    contentsOf: repeatElement(0, count: Int(value[Int(high)]) << 6 + Int(value[Int(low)])))
            } else {
                codes.append(value[Int(character)])
            }
        }
        precondition(codes.count == size.x * size.y * size.z, "the head's table is damaged")
        return codes
    }
}

extension HeadTemplate {
    /// From the table's indices to the template's mm.
    static let indexToPosition = AffineMap(
        x: [spacing, 0, 0], y: [0, spacing, 0], z: [0, 0, spacing], offset: origin)

    /// What alignment compares: places in and around the head, as indices, and the level there.
    struct Points: Sendable {
        var indices: [Float] = []
        var levels: [UInt8] = []
    }

    /// Every `stride`-th place along each axis of the head with a rim of air, the neck left out.
    func points(stride: Int) -> Points {
        let near = head.dilated(by: 14)
        var points = Points()
        for z in Swift.stride(from: 8, to: Self.size.z, by: stride) {
            for y in Swift.stride(from: 0, to: Self.size.y, by: stride) {
                for x in Swift.stride(from: 0, to: Self.size.x, by: stride) {
                    let index = (z * Self.size.y + y) * Self.size.x + x
                    guard near.bits[index] != 0 else { continue }
                    points.indices += [Float(x), Float(y), Float(z)]
                    points.levels.append(levels[index])
                }
            }
        }
        return points
    }
}
