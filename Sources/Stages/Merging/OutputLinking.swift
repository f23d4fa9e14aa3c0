import Files
import Foundation
import Glibc
import Pipelines

/// Brings the outputs of a shard that has a folder of its own into the folder of the merge.
struct OutputLinking {
    let record: ShardRecord
    /// OUT.
    let folder: String

    init(from record: ShardRecord, to folder: String) { (self.record, self.folder) = (record, folder) }

    /// Every file that the manifest names, and the shard's archives of samples.
    func run() throws(FileError) {
        guard let reader = try? ManifestReader(record) else { throw FileError("read", record.manifestPath, .changed) }
        while let entry = reader.current?.entry {
            for path in entry.outputs { try link(path) }
            guard (try? reader.advance()) != nil else { throw FileError("read", record.manifestPath, .changed) }
        }
        for path in SamplePacking.files(in: record.folder, record.shard.suffix) { try link(path) }
    }

    /// A hard link under a temporary name, then the name: what stands there is replaced whole.
    private func link(_ path: String) throws(FileError) {
        let (source, target) = ("\(record.folder)/\(path)", "\(folder)/\(path)")
        try AtomicFile.makeFolder(AtomicFile.split(target).folder)
        let temporary = AtomicFile.temporaryPath(of: target)
        unlink(temporary)
        if Glibc.link(source, temporary) == 0 {
            // Of two names of one file already, the second stays.
            guard rename(temporary, target) == 0 else { throw FileError("rename", target) }
            unlink(temporary)
            return
        }
        guard [EXDEV, EPERM, EMLINK, EOPNOTSUPP].contains(errno) else { throw FileError("link", source) }
        let reader = try FileReader(path: source)
        try AtomicFile.write(target) { (sink) throws(FileError) in
            for start in stride(from: 0, to: reader.size, by: 1 << 20) {
                let part = try reader.bytes(at: start, count: min(1 << 20, reader.size - start))
                guard !part.isEmpty else { throw FileError("read", source, .changed) }
                try sink.write(part)
            }
        }
    }
}
