import Files
import Foundation
import NIfTI
import Tensors
import TestSupport
import Volumes

/// A file to start from, or what became of it; `image` is the second file of a NIfTI pair.
struct FuzzInput {
    var name: String
    var bytes: [UInt8]
    var image: [UInt8]?
}

extension FuzzTarget {
    /// Whole files: fixtures and what the writers make.
    func corpus() throws -> [FuzzInput] {
        switch self {
        case .dicom, .anonymize: try fixtures { $0.hasSuffix(".dcm") || $0 == "DICOMDIR" }
        case .png: try fixtures { $0.hasSuffix(".png") }
        case .jpeg: try fixtures { $0.hasSuffix(".jpg") }
        case .losslessJPEG: losslessJPEGCorpus()
        case .nifti: try niftiCorpus()
        case .safetensors: safetensorsCorpus()
        case .pipelines: try pipelineCorpus()
        case .sidecar: Self.sidecars.map { FuzzInput(name: $0.name, bytes: Array($0.text.utf8)) }
        case .annotations: Self.annotationFiles.map { FuzzInput(name: $0.name, bytes: Array($0.text.utf8)) }
        case .table: Self.tables.map { FuzzInput(name: $0.name, bytes: Array($0.text.utf8)) }
        }
    }

    private func fixtures(_ belongs: (String) -> Bool) throws -> [FuzzInput] {
        // Large files cost time and hold nothing that the small ones do not.
        try FileManager.default.contentsOfDirectory(atPath: Fixtures.path("")).filter(belongs).sorted().compactMap {
            let bytes = try Fixtures.bytes($0)
            return bytes.count <= 100_000 ? FuzzInput(name: $0, bytes: bytes) : nil
        }
    }

    private func losslessJPEGCorpus() -> [FuzzInput] {
        (0..<28).map { number in
            let (width, height) = Self.losslessJPEGSize
            var encoder = LosslessJPEGEncoder(width: width, height: height, precision: [8, 12, 16, 2][number / 7])
            (encoder.predictor, encoder.pointTransform) = (number % 7 + 1, number % 2)
            encoder.restartRows = number % 3
            if number % 4 == 1 { encoder.useLongCodes(startingWith: number % 17) }
            let top = 1 << encoder.precision - 1
            let samples = (0..<width * height).map { (place: Int) -> UInt16 in UInt16(place * place * 37 & top) }
            return FuzzInput(name: "frame-\(number)", bytes: encoder.encode(samples))
        }
    }

    private func niftiCorpus() throws -> [FuzzInput] {
        var corpus = try fixtures { $0.hasSuffix(".nii") || $0.hasSuffix(".nii.gz") }
        corpus.append(
            FuzzInput(
                name: "pair", bytes: try Fixtures.bytes("pair_big_endian.hdr"),
                image: try Fixtures.bytes("pair_big_endian.img")))
        corpus.append(
            FuzzInput(
                name: "analyze", bytes: try Fixtures.bytes("analyze.hdr"), image: Array(repeating: 5, count: 20000)))
        let shape = Shape(channels: 3, depth: 4, height: 5, width: 6)
        let image = Volume(
            voxels: (0..<shape.count).map { Float($0 % 250) }, shape: shape, geometry: Geometry(spacing: [1, 2, 3]))
        let axes: [FourthAxis] = [.time(stepSeconds: 2), .components, .color]
        for (number, axis) in axes.enumerated() {
            for compression in [Compression.none, .fast] {
                for version in [WritingOptions.Version.one, .two] {
                    var options = WritingOptions()
                    (options.channels, options.compression, options.version) = (axis, compression, version)
                    options.storage = [.float32, .automatic, .smallest][number]
                    options.extensions = [
                        HeaderExtension(code: 6, bytes: [1, 2, 3]), HeaderExtension(code: 4, bytes: []),
                    ]
                    corpus.append(
                        FuzzInput(
                            name: "written-\(number)-\(compression)-\(version)",
                            bytes: try written(NIfTIWriter(image, options: options))))
                }
            }
        }
        return corpus
    }

    private func written(_ writer: NIfTIWriter) throws -> [UInt8] {
        let scratch = try Scratch()
        try AtomicFile.write(scratch.path + "/image", sync: false) { (sink) throws(FileError) in
            try writer.write(to: sink)
        }
        return try FileBytes.read(scratch.path + "/image")
    }

    private func safetensorsCorpus() -> [FuzzInput] {
        func tensor(_ extents: [Int]) -> Tensor {
            Tensor(Tensors.Shape(extents)) { out in for index in out.indices { out[index] = Float(index) } }
        }
        let small = ["bias": tensor([7]), "weight": tensor([7, 3]), "scalar": tensor([]), "empty": tensor([0, 4])]
        let many = Dictionary(uniqueKeysWithValues: (0..<40).map { ("block.\($0).attention.weight", tensor([2, 2])) })
        return [
            FuzzInput(name: "small", bytes: safetensorsBytes(small)),
            FuzzInput(name: "many", bytes: safetensorsBytes(many, metadata: ["format": "pt", "note": "\u{1F600}\""])),
        ]
    }

    private func pipelineCorpus() throws -> [FuzzInput] {
        let folder = Fixtures.root + "/pipelines/"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        return try names.sorted().map {
            FuzzInput(name: $0, bytes: try FileBytes.read(folder + $0))
        }
    }
}
