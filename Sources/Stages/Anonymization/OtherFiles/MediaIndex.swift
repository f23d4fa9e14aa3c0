import DataSets
import Deidentification
import Files
import Foundation
import Glibc
import Pipelines

/// Makes the DICOMDIR of a run whose inputs had one, over all DICOM files that are in the output folder by then.
struct MediaIndex {
    static let fileName = "DICOMDIR"

    let output: String
    let tag: String
    let cleaner: FileCleaner
    /// The original ones.
    let directories: [FileWalk.File]

    /// Shards that share a folder each make it when they are done, one after the other; the last sees all files.
    ///
    /// - Returns: false when an original value was found in it, and it was not written.
    /// - Throws: `FileError`.
    func write() throws(FileError) -> Bool {
        let folder = open(output, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileError("open", output) }
        defer { close(folder) }
        guard flock(folder, LOCK_EX) == 0 else { throw FileError("lock", output) }
        let directory = Self.directory(of: written, in: output)
        guard !directory.isEmpty else { return true }
        do {
            _ = try directory.write(in: output, tag: tag, cleaner.names, values)
            return true
        } catch let error as FileError {
            throw error
        } catch {
            unlink("\(output)/\(Self.fileName)")
            return false
        }
    }

    /// Over those of the files that media allow.
    static func directory(of paths: [String], in folder: String) -> MediaDirectory {
        var directory = MediaDirectory()
        for path in paths where MediaDirectory.allows(path: path) {
            guard let file = try? PartTenFile(path: "\(folder)/\(path)") else { continue }
            directory.add(file, path: path)
        }
        return directory
    }

    private var values: OriginalValues {
        var values = OriginalValues()
        for file in directories {
            if let original = try? PartTenFile(path: file.path) {
                values.formUnion(cleaner.valuesOfDirectory(original))
            }
        }
        return values
    }

    /// Paths of outputs by the manifests of all runs and shards in the folder.
    private var written: [String] {
        let decoder = JSONDecoder()
        var paths: Set<String> = []
        let names = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
        for name in names where name.hasPrefix("manifest") && name.hasSuffix(".jsonl") {
            guard let data = FileManager.default.contents(atPath: "\(output)/\(name)") else { continue }
            for line in data.split(separator: 0x0A) {
                guard let entry = try? decoder.decode(ManifestEntry.self, from: line), entry.status == .ok else {
                    continue
                }
                paths.formUnion(entry.outputs)
            }
        }
        return paths.sorted()
    }
}
