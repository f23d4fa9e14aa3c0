import Files
import Pipelines
import TestSupport
import Testing

@testable import Stages

/// What a header shows is told before any voxel is read.
struct DiscoveredHeadersTests {
    private func failure(_ path: String) -> String {
        var found = ""
        Discovery(inputs: [path], output: nil).run { unit in
            if case .fail(let reason) = unit.verdict { found = "\(reason.code): \(reason.message)" }
            return true
        }
        return found
    }

    @Test func voxelsThatAreNotThere() {
        #expect(
            failure(Fixtures.path("nifti2_header_only.hdr"))
                == "not-found: nifti2_header_only.hdr: there is no nifti2_header_only.img with its voxels; "
                + "copy both files of the pair")
        #expect(failure(Fixtures.path("pair_big_endian.hdr")).isEmpty)
    }

    /// Offsets of nifti1.h, in a file of big-endian numbers: datatype 70, bitpix 72, dim 40.
    @Test(arguments: [
        ([(70, 32), (72, 64)], "unsupported: x.nii: complex64 voxels: take magnitude or phase first"),
        (
            [(40, 6), (50, 1), (52, 2)],
            "unsupported: x.nii: dim[6] or dim[7] is above 1; split the image along it first"
        ),
    ])
    func voxelsThatHaveNoValue(fields: [(Int, UInt8)], message: String) throws {
        let scratch = try Scratch()
        var bytes = try Fixtures.bytes("anatomical.nii")
        for (offset, value) in fields { bytes.replaceSubrange(offset..<offset + 2, with: [0, value]) }
        try AtomicFile.write("\(scratch.path)/x.nii") { [bytes] (sink) throws(FileError) in try sink.write(bytes) }
        #expect(failure("\(scratch.path)/x.nii").hasPrefix(message))
    }
}
