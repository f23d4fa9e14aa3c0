import CLosslessJPEG
import DICOM
import Files
import JPEG
import NIfTI
import PNG
import Pipelines
import Stages
import Tensors
import TestSupport
import Volumes

/// What is fed: a reader of files that strangers may have made.
enum FuzzTarget: String, CaseIterable {
    case dicom, nifti, safetensors, pipelines, png, jpeg, losslessJPEG

    /// Its part of a million inputs. Readers in C and C++ get the most.
    var share: Int {
        switch self {
        case .dicom, .nifti: 250_000
        case .png, .jpeg, .losslessJPEG: 100_000
        case .safetensors, .pipelines: 100_000
        }
    }

    /// Of the frames that are mutated; a data set tells it to the decoder.
    static let losslessJPEGSize = (width: 24, height: 10)

    enum Outcome {
        case read
        /// With the reader's message.
        case refused(String)
    }

    /// Feeds one input. Whatever it holds, this must return.
    /// - Parameter folder: where files may be put, of this process alone.
    func feed(_ input: FuzzInput, folder: String) -> Outcome {
        do {
            switch self {
            case .dicom:
                let path = folder + "/input.dcm"
                try replace(path, input.bytes)
                for series in SeriesReader.group([try DICOMFile.header(path: path)]) {
                    try check(try SeriesReader.read(series).0)
                }
            case .nifti:
                let path = folder + (input.image == nil ? "/input.nii" : "/input.hdr")
                try replace(path, input.bytes)
                if let image = input.image { try replace(folder + "/input.img", image) }
                _ = NIfTIFile.isNIfTI(prefix: Array(input.bytes.prefix(NIfTIFile.prefixLength)))
                try check(try NIfTIFile.read(path: path, options: ReadingOptions(allowsAnalyze: true)).0)
            case .safetensors:
                var file = try WeightFile(bytes: input.bytes, path: "")
                for name in file.names { _ = try file.take(name) }
            case .pipelines:
                _ = try Pipeline.parse(
                    String(decoding: input.bytes, as: UTF8.self), name: "input", registry: Registry.hilum)
            case .png: try check(try PNGFile.decode(input.bytes, keepsColor: true))
            case .jpeg: try check(try JPEGFile.decode(input.bytes))
            case .losslessJPEG:
                let (width, height) = Self.losslessJPEGSize
                var samples = [UInt16](repeating: 0, count: width * height)
                guard
                    lossless_jpeg_decode(input.bytes, input.bytes.count, UInt32(width), UInt32(height), &samples) != 0
                else { return .refused("not understood") }
            }
            return .read
        } catch {
            return .refused("\(error)")
        }
    }

    /// What every volume holds to that a reader gives.
    private func check(_ volume: Volume) throws(Broken) {
        guard volume.voxels.count == volume.shape.count, volume.shape.count > 0,
            volume.geometry.affine.joined().allSatisfy(\.isFinite)
        else { throw Broken() }
    }

    private func replace(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        try AtomicFile.write(path, sync: false) { (sink) throws(FileError) in try sink.write(bytes) }
    }
}

/// A reader gave a volume that is none: a finding.
struct Broken: Error, CustomStringConvertible {
    static let message = "BROKEN VOLUME"
    var description: String { Self.message }
}
