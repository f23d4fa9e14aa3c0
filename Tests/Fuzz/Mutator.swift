import CDeflate
import TestSupport

/// Changes inputs. The same seed always makes the same input of the same corpus.
struct Mutator {
    let target: FuzzTarget
    let corpus: [FuzzInput]

    /// Numbers at which sizes and counts go wrong.
    private static let interesting: [UInt64] = [
        0, 1, 2, 7, 8, 15, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max, .max - 1,
        // Float32 NaN, infinity, 1e30; Float64 NaN and infinity.
        0x7FC0_0000, 0x7F80_0000, 0x7149_F2CA, 0x7FF8_0000_0000_0000, 0x7FF0_0000_0000_0000,
    ]

    func input(seed: UInt64) -> FuzzInput {
        // Neighbouring seeds of SplitMix64 share most of their sequence; this sets them apart.
        var random = SeededGenerator(seed: seed &* 0xD134_2543_DE82_EF95 &+ 0x1234_5678)
        var input = corpus[Int.random(in: corpus.indices, using: &random)]
        let other = corpus[Int.random(in: corpus.indices, using: &random)]
        for _ in 0..<[1, 1, 2, 3, 5, 8].randomElement(using: &random)! {
            if [.pipelines, .safetensors, .sidecar, .table].contains(target), Bool.random(using: &random) {
                TextMutation.apply(to: &input.bytes, &random)
            } else if input.image != nil, Int.random(in: 0..<4, using: &random) == 0 {
                change(&input.image!, other.bytes, &random)
            } else {
                change(&input.bytes, other.bytes, &random)
            }
        }
        // A wrong checksum would hide from the decoder what else is wrong.
        if target == .png, Int.random(in: 0..<8, using: &random) > 0 { PNGChecksums.repair(&input.bytes) }
        if target == .nifti, Int.random(in: 0..<4, using: &random) == 0 { compress(&input.bytes) }
        return input
    }

    private func change(_ bytes: inout [UInt8], _ other: [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        // Headers stand at the start: half of all changes go there.
        let reach = Bool.random(using: &random) ? bytes.count : min(bytes.count, 700)
        let place = Int.random(in: 0..<reach, using: &random)
        let length = min(1 << Int.random(in: 0...9, using: &random), bytes.count - place)
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 3, 4: putNumber(&bytes, at: place, &random)
        case 5: bytes.removeSubrange(Int.random(in: 0..<bytes.count, using: &random)...)
        case 6: bytes.removeSubrange(place..<place + length)
        case 7: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        default:
            guard !other.isEmpty else { return }
            let from = Int.random(in: other.indices, using: &random)
            let piece = other[from..<min(from + length, other.count)]
            bytes.replaceSubrange(place..<min(place + piece.count, bytes.count), with: piece)
        }
    }

    private func compress(_ bytes: inout [UInt8]) {
        guard let compressor = libdeflate_alloc_compressor(1) else { return }
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_gzip_compress_bound(compressor, bytes.count)
        let plain = bytes
        bytes = [UInt8](unsafeUninitializedCapacity: bound) { out, count in
            count = libdeflate_gzip_compress(compressor, plain, plain.count, out.baseAddress, bound)
        }
    }

    private func putNumber(_ bytes: inout [UInt8], at place: Int, _ random: inout SeededGenerator) {
        let value = Self.interesting.randomElement(using: &random)!
        let size = [1, 2, 4, 8].randomElement(using: &random)!
        let isBig = Bool.random(using: &random)
        // Fields are mostly aligned.
        let start = Bool.random(using: &random) ? place : place & ~(size - 1)
        for index in 0..<size where start + index < bytes.count {
            bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (isBig ? size - 1 - index : index)))
        }
    }
}
