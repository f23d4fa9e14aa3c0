public import Parallel
public import Volumes

extension Volume {
    /// Every value, `[channels, depth, height, width]`, made by several threads when the volume does not hold them.
    public func floats(_ workers: Workers) -> [Float] {
        if case .floats(let values) = storage { return values }
        let (count, storage) = (shape.count, storage)
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            adviseHugePages(start, byteCount: count * 4)
            let target = Destination(start: start)
            let length = 1 << 18
            workers.forEach((count + length - 1) / length) { index in
                let range = index * length..<min((index + 1) * length, count)
                storage.copy(range, to: target.start + range.lowerBound)
            }
            filled = count
        }
    }
}
