/// A layer's values: `[height, width, channels]` with a border of zeros that kernels may reach into.
struct FeatureMap {
    let height: Int
    let width: Int
    let channels: Int
    let border: Int
    private var storage: [Float]

    init(height: Int, width: Int, channels: Int, border: Int) {
        (self.height, self.width, self.channels, self.border) = (height, width, channels, border)
        let row = (width + 2 * border) * channels
        let count = (height + 2 * border) * row
        storage = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Only the border has to be zero: every layer writes all that lies inside.
            let (edge, start) = (border * channels, buffer.baseAddress!)
            (start).initialize(repeating: 0, count: border * row)
            for y in border..<border + height {
                (start + y * row).initialize(repeating: 0, count: edge)
                (start + (y + 1) * row - edge).initialize(repeating: 0, count: edge)
            }
            (start + (border + height) * row).initialize(repeating: 0, count: border * row)
            initialized = count
        }
    }

    /// Floats from one row to the next.
    var row: Int { (width + 2 * border) * channels }

    /// Calls `body` with where the pixel (0, 0) stands, or the one `up` rows above it and as many columns left of it.
    func read<R>(up: Int = 0, _ body: (UnsafePointer<Float>) -> R) -> R {
        storage.withUnsafeBufferPointer { body($0.baseAddress! + (border - up) * (row + channels)) }
    }

    mutating func write<R>(_ body: (UnsafeMutablePointer<Float>) -> R) -> R {
        let offset = border * (row + channels)
        return storage.withUnsafeMutableBufferPointer { body($0.baseAddress! + offset) }
    }
}
