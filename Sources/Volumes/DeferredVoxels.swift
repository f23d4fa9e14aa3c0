/// Values that are made from others only when they are read, so that they are never in memory all at once.
///
/// Worth it for a result that one writer reads once, from start to end: memory that is touched for the first time costs
/// more than the resampling that fills it. Whoever reads them twice makes them twice.
public struct DeferredVoxels: Sendable {
    /// Writes the values of a range into room for as many.
    public typealias Reader = (Range<Int>, UnsafeMutablePointer<Float>) -> Void

    public let count: Int
    /// None of the values is NaN or infinite, known without making them.
    public let areFinite: Bool
    /// A reader with a memory of its own, for one thread: fastest when each range begins where the one before ended.
    public let reader: @Sendable () -> Reader

    public init(count: Int, areFinite: Bool, reader: @escaping @Sendable () -> Reader) {
        (self.count, self.areFinite, self.reader) = (count, areFinite, reader)
    }

    /// All of them at once.
    public var made: Voxels {
        .floats(
            [Float](unsafeUninitializedCapacity: count) { buffer, filled in
                if let start = buffer.baseAddress { reader()(0..<count, start) }
                filled = count
            })
    }
}
