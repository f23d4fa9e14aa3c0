import NIfTI
import TestSupport
import Testing
import Volumes

/// Damaged files are refused or exact.
@Suite struct DamageTests {
    private func read(_ path: String) -> Volume? {
        do throws(NIfTIError) {
            return try NIfTIFile.read(path: path).0
        } catch {
            #expect(!error.message.isEmpty)
            return nil
        }
    }

    private func code(_ bytes: [UInt8], _ name: String = "image.nii.gz") throws -> NIfTIError.Code? {
        let scratch = try Scratch()
        let path = try scratch.write(bytes, name)
        return #expect(throws: NIfTIError.self) { try NIfTIFile.read(path: path) }?.code
    }

    @Test func foreignFiles() throws {
        #expect(try code([]) == .notNIfTI)
        #expect(try code(Array("a text file\n".utf8)) == .notNIfTI)
        #expect(try code([0x1F, 0x8B, 8, 0]) == .notNIfTI)
        let analyze = #expect(throws: NIfTIError.self) { try NIfTIFile.read(path: Fixtures.path("analyze.hdr")) }
        #expect(analyze?.code == .analyze)
        let lonely = Fixtures.path("nifti2_header_only.hdr")
        #expect(#expect(throws: NIfTIError.self) { try NIfTIFile.read(path: lonely) } != nil)
    }

    @Test(arguments: ["anatomical.nii", "anatomical_3members.nii.gz", "nifti2.nii.gz", "functional_4d.nii"])
    func cutFilesAreRefused(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        for point in (0...20).map({ bytes.count * $0 / 21 }) + [bytes.count - 1, bytes.count - 4, bytes.count - 8] {
            _ = try code(Array(bytes.prefix(point)), name)
        }
    }

    /// Whole members may be missing from a multi-member stream, and each is right in itself.
    @Test func missingMemberIsNoticed() throws {
        let bytes = try Fixtures.bytes("anatomical_3members.nii.gz")
        let starts = bytes.indices.filter { bytes[$0...].starts(with: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2]) }
        try #require(starts.count == 3)
        #expect(try code(Array(bytes[..<starts[2]])) == .truncated)
        #expect(try code(bytes + bytes[starts[1]..<starts[2]] + bytes[starts[1]...]) == .damaged)
        #expect(try code(bytes + [1, 2, 3]) == .damaged)
        let scratch = try Scratch()
        #expect(read(try scratch.write(bytes + [0, 0, 0, 0], "padded.nii.gz")) != nil)
    }

    /// A checksum finds every change within a gzip stream; bits of its header that change nothing may pass.
    @Test func changedBytesInGzipAreRefusedOrHarmless() throws {
        let bytes = try Fixtures.bytes("nifti2.nii.gz")
        let (whole, _) = try NIfTIFile.read(path: Fixtures.path("nifti2.nii.gz"))
        let scratch = try Scratch()
        var random = SeededGenerator(seed: 5)
        for _ in 0..<repeats(400) {
            var changed = bytes
            let place = Int.random(in: changed.indices, using: &random)
            changed[place] ^= UInt8.random(in: 1...255, using: &random)
            guard let volume = read(try scratch.write(changed, "changed.nii.gz")) else { continue }
            #expect(volume.voxels == whole.voxels, "byte \(place)")
        }
    }

    @Test func changedHeaderBytes() throws {
        let bytes = Array(try written(HeaderTests.image, compressed: false))
        let scratch = try Scratch()
        var random = SeededGenerator(seed: 6)
        for _ in 0..<repeats(2500) {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                changed[Int.random(in: 0..<352, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let volume = read(try scratch.write(changed, "changed.nii")) else { continue }
            #expect(volume.geometry.spacing.x.isFinite)
            #expect(352 + volume.shape.count <= changed.count)
        }
    }

    /// Cuts, flipped bits, wrong checksums and lengths, extreme values in every field.
    @Test func everyDamageIsRefusedOrExact() throws {
        let scratch = try Scratch()
        let whole = HeaderTests.image
        var reasons: [NIfTIError.Code: Int] = [:]
        var exact = 0
        for file in try DamagedFile.all() {
            let path = try scratch.write(file.bytes, "damaged.nii")
            do throws(NIfTIError) {
                let (volume, _) = try NIfTIFile.read(path: path)
                exact += 1
                #expect(volume.voxels == whole.voxels || !file.keepsVoxels, "\(file.name)")
                #expect(volume.geometry.affine.joined().allSatisfy { $0.isFinite }, "\(file.name)")
                // What decides about voxels and still reads must have them all in the file.
                #expect(volume.shape.count <= file.bytes.count, "\(file.name)")
                #expect(!file.name.hasPrefix("plain-cut"), "\(file.name)")
            } catch {
                reasons[error.code, default: 0] += 1
                #expect(!error.message.isEmpty)
            }
        }
        for code in [NIfTIError.Code.truncated, .damaged, .notNIfTI, .analyze] {
            #expect(reasons[code, default: 0] > 0, "\(code)")
        }
        #expect(exact > 200)
    }

    /// A small file that announces a large image must not fill the memory.
    @Test func smallFileOfAHugeImage() throws {
        let shape = Shape(depth: 100, height: 100, width: 100)
        let zeros = Volume(
            voxels: Array(repeating: 0, count: shape.count), shape: shape, geometry: Geometry(spacing: .one))
        var plain = try written(zeros, compressed: false)
        for offset in [42, 44, 46] { plain.set(offset, UInt16(1000)) }
        #expect(try code(Array(plain.prefix(4000)), "huge.nii") == .truncated)
    }
}
