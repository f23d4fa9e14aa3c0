import NIfTI
import Parallel
import TestSupport
import Testing
import Volumes

/// Members of a file written by us, by the length in their extra field.
enum GzipParts {
    static func members(_ bytes: [UInt8]) -> [[UInt8]]? {
        var (members, start) = ([[UInt8]](), 0)
        while start < bytes.count {
            guard bytes.count - start > 24, bytes[start + 12] == 0x48, bytes[start + 13] == 0x4C else { return nil }
            let length = (0..<4).reduce(0) { $0 | Int(bytes[start + 16 + $1]) << (8 * $1) }
            guard length > 24, start + length <= bytes.count else { return nil }
            members.append(Array(bytes[start..<start + length]))
            start += length
        }
        return members
    }
}

/// Compressed files in several members.
@Suite struct GzipTests {
    /// 2.5 MiB of int16 over four members, of noise in parts.
    static let image: Volume = {
        let shape = Shape(depth: 20, height: 256, width: 256)
        var random = SeededGenerator(seed: 3)
        let voxels = (0..<shape.count).map { index in
            index % 5 == 0 ? Float(index / 65536) : Float(Int16.random(in: -1000...1000, using: &random))
        }
        return Volume(voxels: voxels, shape: shape, geometry: Geometry(spacing: [1, 1, 2]))
    }()
    static let bytes = try! written(image, compressed: true, storage: .automatic)

    private func read(_ bytes: [UInt8], threads: Int = 1) throws -> (Volume, [NIfTIWarning]) {
        let scratch = try Scratch()
        let options = ReadingOptions(workers: Workers(count: threads))
        return try NIfTIFile.read(path: scratch.write(bytes, "image.nii.gz"), options: options)
    }

    @Test func sameBytesForAnyNumberOfThreads() throws {
        for threads in [2, 5] {
            let bytes = try written(Self.image, compressed: true, storage: .automatic) {
                $0.workers = Workers(count: threads)
            }
            #expect(bytes == Self.bytes)
            #expect(try read(bytes, threads: threads).0.voxels == Self.image.voxels)
        }
        #expect(try read(Self.bytes).0.voxels == Self.image.voxels)
    }

    @Test func everyCompressionComesBack() throws {
        var sizes: [Int] = []
        for compression in Compression.allCases {
            let bytes = try written(Self.image) {
                $0.compression = compression
                $0.storage = .automatic
            }
            sizes.append(bytes.count)
            #expect(try read(bytes, threads: 2).0.voxels == Self.image.voxels)
        }
        #expect(sizes[0] > sizes[1] && sizes[1] > sizes[2])
    }

    /// Without the extra field, as any other program's file: one thread, the same voxels.
    @Test func membersByOtherProgramsAreReadInTurn() throws {
        let members = try #require(GzipParts.members(Self.bytes))
        #expect(members.count == 4)
        let plain = members.map { member in
            var head = Array(member[..<10])
            head[3] = 0
            return head + member[24...]
        }
        #expect(try read(plain.flatMap { $0 }, threads: 3).0.voxels == Self.image.voxels)
        #expect(try read(plain.flatMap { $0 } + [UInt8](repeating: 0, count: 700)).0.voxels == Self.image.voxels)
        #expect(throws: NIfTIError.self) { try read(plain.flatMap { $0 } + [0, 0, 1]) }
        #expect(try read(Array((members[..<2] + plain[2...]).joined())).0.voxels == Self.image.voxels)
        for (missing, code) in [(2, NIfTIError.Code.truncated), (3, .truncated), (0, .notNIfTI)] {
            for parts in [members, plain] {
                var rest = parts
                rest.remove(at: missing)
                let error = #expect(throws: NIfTIError.self) { try read(rest.flatMap { $0 }, threads: 2) }
                #expect(error?.code == code)
            }
        }
        for parts in [members, plain] {
            #expect(throws: NIfTIError.self) { try read((parts[..<3] + parts[2...]).flatMap { $0 }) }
        }
    }

    /// Bytes that no deflate makes smaller.
    @Test func noiseIsStored() throws {
        var random = SeededGenerator(seed: 9)
        let shape = Shape(depth: 2, height: 700, width: 300)
        let voxels = (0..<shape.count).map { _ in Float(bitPattern: UInt32.random(in: 0...0x7F7F_FFFF, using: &random))
        }
        let image = Volume(voxels: voxels, shape: shape, geometry: Geometry(spacing: .one))
        for compression in [Compression.fast, .small] {
            let bytes = try written(image) { $0.compression = compression }
            #expect(bytes.count > shape.count * 7 / 2 && bytes.count < shape.count * 4 + 20_000)
            #expect(Expectation.digest(try read(bytes).0.voxels) == Expectation.digest(voxels))
        }
    }

    @Test func lengthsOfTheExtraFieldAreNotBelieved() throws {
        for (offset, change) in [(16, 1), (20, 1), (20, -1), (17, 1), (23, 1), (23, 127), (19, 127)] {
            var bytes = Self.bytes
            bytes[offset] = UInt8(truncatingIfNeeded: Int(bytes[offset]) + change)
            if let (volume, _) = try? read(bytes, threads: 2) { #expect(volume.voxels == Self.image.voxels) }
            var later = Self.bytes
            let second = GzipParts.members(Self.bytes)![0].count
            later[second + offset] = UInt8(truncatingIfNeeded: Int(later[second + offset]) + change)
            if let (volume, _) = try? read(later, threads: 2) { #expect(volume.voxels == Self.image.voxels) }
        }
    }

    @Test func plainFilesInSeveralThreads() throws {
        let bytes = try written(Self.image)
        #expect(try read(bytes, threads: 3).0.voxels == Self.image.voxels)
    }
}
