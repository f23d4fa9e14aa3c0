import DataSets

/// How large an image's frames are by its header (PS3.3 C.7.6.3).
struct FrameSize {
    /// Of one frame.
    let pixels: Int
    let frames: Int
    let samples: Int
    let bitsAllocated: Int

    /// - Throws: `Refusal` when the header doesn't tell.
    init(_ file: PartTenFile) throws(Refusal) {
        guard let rows = file.integer(.rows), let columns = file.integer(.columns),
            let bits = file.integer(.bitsAllocated), (1...0xFFFF).contains(rows), (1...0xFFFF).contains(columns),
            (1...64).contains(bits)
        else { throw Refusal(.unparsable, "its pixel data has no size in the header") }
        frames = max(1, file.integer(.numberOfFrames) ?? 1)
        (samples, bitsAllocated) = (file.integer(.samplesPerPixel) ?? 1, bits)
        let (all, isTooMany) = (rows * columns).multipliedReportingOverflow(by: frames)
        guard !isTooMany, all < 1 << 48, (1...4).contains(samples) else {
            throw Refusal(.unparsable, "its pixel data has an impossible size")
        }
        pixels = rows * columns
    }

    /// Bytes of some frames one after the other, without padding (PS3.5 8.1.1).
    func bytes(frames: Int, samples: Int) -> Int { (frames * pixels * bitsAllocated * samples + 7) / 8 }
}
