import CLosslessJPEG
import Cryptography
import DICOM
import DataSets
import Deidentification
import Files
import Foundation
import JPEG
import NIfTI
import PNG
import Pipelines
import Stages
import Tensors
import TestSupport
import Training
import Volumes

/// What is fed: a reader of files that strangers may have made.
enum FuzzTarget: String, CaseIterable {
    case dicom, nifti, safetensors, pipelines, png, jpeg, losslessJPEG, anonymize, sidecar, table,
        annotations

    /// Its part of a million inputs. Readers in C and C++ get the most.
    var share: Int {
        switch self {
        case .dicom, .nifti: 200_000
        case .png, .jpeg, .losslessJPEG, .anonymize: 100_000
        case .safetensors, .pipelines, .sidecar: 50_000
        case .table, .annotations: 25_000
        }
    }

    /// Of the frames that are mutated; a data set tells it to the decoder.
    static let losslessJPEGSize = (width: 24, height: 10)

    /// Under a key of the process's own; all options that look into values.
    private static let (cleaner, subject): (FileCleaner, Subject) = {
        let path = NSTemporaryDirectory() + "hilum-fuzz-key-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            try ProjectKey.create(path: path)
            let policy = try Policy(options: [
                .retainModifiedDates, .cleanDescriptors, .cleanStructuredContent, .cleanGraphics, .retainSafePrivate,
                .retainPatientCharacteristics, .retainDeviceIdentity,
            ])
            let key = try ProjectKey(path: path)
            return (FileCleaner(policy: policy, key: key, program: "Fuzz"), Subject(key: "somebody", key))
        } catch {
            fatalError("no key: \(error)")
        }
    }()

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
            case .anonymize:
                let file = try PartTenFile(ByteSource(input.bytes))
                let cleaned = try Self.cleaner.clean(file, path: "input")
                let plan = try PartTenWriter.encode(
                    meta: cleaned.meta, cleaned.dataSet, cleaned.encoding, from: file.source)
                var count = 0
                try plan.forEachPart(from: file.source, patches: cleaned.patches) { count += $0.count }
                guard count == plan.count else { throw Broken() }
            case .sidecar:
                let tree = TreeNames(Self.cleaner.names)
                let cleaned = try SidecarCleaner(Self.cleaner, tree)
                    .clean(input.bytes, path: "sub-01/anat/sub-01_T1w.json", subject: Self.subject)
                guard (try? JSONSerialization.jsonObject(with: Data(cleaned.bytes))) != nil else { throw Broken() }
            case .table:
                let tree = TreeNames(Self.cleaner.names)
                let cleaned = try TableCleaner(Self.cleaner, tree)
                    .clean(input.bytes, path: "sub-01/\(input.name)", subject: Self.subject)
                guard String(validating: cleaned.bytes, as: UTF8.self) != nil else { throw Broken() }
            case .annotations:
                try replace(folder + "/annotations", input.bytes)
                var options = DatasetOptions { (_) throws(TrainingError) in PixelExtent(width: 100, height: 80) }
                (options.boxes, options.skipsMissingFiles) = (.clip, true)
                // The file stands for the image too: so its boxes are looked at.
                let data = try LabelledDataset(path: folder + "/annotations", options: options)
                for box in data.images.flatMap(\.boxes) where !(box.area > 0 && box.area < 4.3e9) { throw Broken() }
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

/// A reader gave a volume that is none, or a cleaner a file that is none: a finding.
struct Broken: Error, CustomStringConvertible {
    static let message = "BROKEN RESULT"
    var description: String { Self.message }
}
