import DICOM
import Files
import Foundation
import Glibc
public import Networks
import Parallel
import Pipelines

/// Shipped models by name, others by folder; each is loaded once a run.
public enum ModelLibrary {
    /// A model that is loaded: the network and the digest of its weights.
    public struct Model: Sendable {
        public let detector: Detector
        public let directory: String
        /// SHA-256 of the weights and the configuration.
        public let digest: String
    }

    private static let loaded = Locked<[PathKey: Model]>([:])

    /// - Parameter name: of a folder below one of `folders`, or a path.
    /// - Throws: `NetworkError` for weights that can't be loaded, `ModelNotFound` when there is no such folder.
    public static func model(named name: String) throws -> Model {
        let directory = try directory(of: name)
        if let model = loaded.withLock({ $0[PathKey(directory)] }) { return model }
        let (detector, digest) = (Locked<Detector?>(nil), Locked(""))
        // Each takes some tens of milliseconds of a program that may only look at one image.
        try Workers(count: 2).forEach(3) { part in
            switch part {
            case 0:
                let found = try Detector(directory: directory)
                detector.withLock { $0 = found }
            case 1:
                let digests = try ["config.json", "weights.safetensors"].map {
                    try Digest.of(file: "\(directory)/\($0)")
                }
                digest.withLock { $0 = Digest.of(digests.joined()) }
            default: DICOMFile.prepare()  // the first image will ask for it
            }
        }
        let model = Model(
            detector: detector.withLock { $0! }, directory: directory, digest: digest.withLock { $0 })
        loaded.withLock { $0[PathKey(directory)] = model }
        return model
    }

    /// Names of the models below `folders`.
    public static var names: [String] {
        var result: Set<String> = []
        for folder in Resources.folders("models") {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where access("\(folder)/\(name)/config.json", R_OK) == 0 { result.insert(name) }
        }
        return result.sorted()
    }

    static func directory(of name: String) throws(ModelNotFound) -> String {
        let shipped = name.contains("/") ? [] : Resources.folders("models").map { "\($0)/\(name)" }
        let candidates = shipped + [name]
        guard let found = candidates.first(where: { access("\($0)/config.json", R_OK) == 0 }) else {
            throw ModelNotFound(name: name, known: names)
        }
        return found
    }
}

public struct ModelNotFound: Error, CustomStringConvertible {
    public let name: String
    public let known: [String]

    public var description: String {
        "there is no model '\(name)'; "
            + (known.isEmpty ? "no models are installed" : "there is \(known.joined(separator: ", "))")
            + ", or give the path of a folder with config.json and weights.safetensors"
    }
}

/// Where files that ship with the program lie.
public enum Resources {
    /// Folders called `name`, nearest first: `$HILUM_HOME`, beside an installed program (`share/hilum`), above a built one.
    public static func folders(_ name: String) -> [String] {
        var roots: [String] = []
        if let home = getenv("HILUM_HOME") { roots.append(String(cString: home)) }
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        var folder = String(decoding: buffer.prefix(max(length, 0)), as: UTF8.self)
        while let slash = folder.lastSlash {
            folder = String(folder[..<slash])
            roots += ["\(folder)/share/hilum", folder]
        }
        return roots.map { "\($0)/\(name)" }.filter { access($0, X_OK) == 0 }
    }

    /// A shipped pipeline's path by its name, without ".yaml".
    public static func pipeline(named name: String) -> String? {
        folders("pipelines").map { "\($0)/\(name).yaml" }.first { access($0, R_OK) == 0 }
    }
}
