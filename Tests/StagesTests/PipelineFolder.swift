import Files
import Foundation
import NIfTI
import Parallel
import Pipelines
import TestSupport
import Volumes

@testable import Stages

/// A folder of small images, and pipelines that run over it.
struct PipelineFolder {
    let scratch: Scratch
    var input: String { "\(scratch.path)/in" }

    init() throws {
        scratch = try Scratch()
        try AtomicFile.makeFolder(input)
    }

    /// Voxels 0, 1, 2 and on, or as told.
    func image(
        _ name: String, depth: Int = 3, height: Int = 4, width: Int = 5, origin: SIMD3<Double> = .zero,
        spacing: SIMD3<Double> = [1, 1, 1], _ value: (Int) -> Float = { Float($0) }
    ) throws {
        let shape = Shape(depth: depth, height: height, width: width)
        let volume = Volume(
            voxels: (0..<shape.count).map(value), shape: shape, geometry: Geometry(origin: origin, spacing: spacing))
        let writer = try NIfTIWriter(volume)
        let path = "\(input)/\(name)\(writer.suffix)"
        try AtomicFile.makeFolder(String(path[..<path.lastIndex(of: "/")!]))
        try AtomicFile.write(path) { (sink) throws(FileError) in try writer.write(to: sink) }
    }

    func text(_ name: String, _ text: String) throws { try AtomicFile.write("\(input)/\(name)", text: text) }

    @discardableResult func run(
        _ pipeline: String, to out: String = "out", workers: Int = 1, shard: String = "1/1", resume: Bool = false
    ) async throws -> [String: ManifestEntry] {
        let runner = Runner(
            output: path(out), workers: workers, memoryLimit: 1 << 30, resume: resume, shard: Shard(shard)!)
        let run = PipelineRun(
            pipeline: try Pipeline.parse(pipeline, name: "test", registry: .hilum), inputs: [input], runner: runner,
            seed: 1)
        let summary = try await run.run(progress: RunProgress(style: .quiet))
        return Dictionary(uniqueKeysWithValues: summary.entries.map { ($0.item, $0) })
    }

    func path(_ out: String) -> String { "\(scratch.path)/\(out)" }

    /// Every file of an output folder with its bytes; `run.json` tells times and is left out.
    func tree(_ out: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path(out)) where !name.hasPrefix("run.") {
            if let bytes = FileManager.default.contents(atPath: "\(path(out))/\(name)") { result[name] = bytes }
        }
        return result
    }
}

/// Shape, type and data of an NPY file.
struct NPYReader {
    let descriptor: String
    let shape: [Int]
    let data: Data

    init(_ file: Data) throws {
        let length = Int(file[file.startIndex + 8]) | Int(file[file.startIndex + 9]) << 8
        let header = String(decoding: file.dropFirst(10).prefix(length), as: UTF8.self)
        // {'descr': '<f4', ...
        descriptor = String(header.split(separator: "'")[3])
        let inner = header.split(separator: "(")[1].split(separator: ")")[0]
        shape = inner.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        data = Data(file.dropFirst(10 + length))
    }

    func values<Element: BitwiseCopyable>(_: Element.Type) -> [Element] {
        data.withUnsafeBytes { raw in
            (0..<raw.count / MemoryLayout<Element>.size).map {
                raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.size, as: Element.self)
            }
        }
    }
}

extension PipelineFolder {
    func write(_ file: OutputFile, _ name: String) throws {
        try AtomicFile.write(path(name)) { (sink) throws(FileError) in try file.write(sink) }
    }
}
