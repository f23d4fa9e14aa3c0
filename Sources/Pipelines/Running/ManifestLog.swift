import Files
import Foundation
import Glibc
import Parallel

/// `manifest.jsonl` while a run goes on: lines are appended as items finish, in whatever order, and the file is
/// sorted once at the end, so that neither workers nor kills show in its bytes.
final class ManifestLog: Sendable {
    private struct State {
        var length: Int
        var lines: [PathKey: Line]
        var failure: FileError?
    }

    /// What a line says, and where it stands in the file: it is not spelled out a second time.
    struct Line {
        var entry: ManifestEntry
        fileprivate var range: Range<Int>
    }

    let path: String
    private let descriptor: Int32
    private let state: Locked<State>

    /// Opens the log, keeping what an earlier run wrote when `resume` is true. A line cut off by a kill is dropped.
    ///
    /// - Throws: `FileError`; the file is then as it was.
    init(path: String, resume: Bool) throws(FileError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError("create", path) }
        let earlier: (lines: [PathKey: Line], length: Int)
        do throws(FileError) {
            earlier = resume ? try Self.read(path) : ([:], 0)
            guard ftruncate(descriptor, off_t(earlier.length)) == 0 else { throw FileError("write", path) }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        state = Locked(State(length: earlier.length, lines: earlier.lines, failure: nil))
    }

    /// What an earlier run wrote, and how many bytes it takes. A kill cuts off the last line and no other: what else is no
    /// line became so later, and with it would be lost which results there are.
    private static func read(_ path: String) throws(FileError) -> (lines: [PathKey: Line], length: Int) {
        let bytes = try FileBytes.read(path)
        let decoder = JSONDecoder()
        var lines: [PathKey: Line] = [:]
        var length = 0
        let whole = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        for (index, line) in whole.enumerated() {
            guard let entry = try? decoder.decode(ManifestEntry.self, from: Data(line)) else {
                throw FileError(
                    "resume from", path,
                    .malformed(
                        "line \(index + 1) is damaged; remove that line and its item's files, and it is done again"))
            }
            let end = length + line.count + 1
            lines[PathKey(entry.item)] = Line(entry: entry, range: length..<end)
            length = end
        }
        return (lines, length)
    }

    deinit { Glibc.close(descriptor) }

    /// What an earlier run, or this one, said of an item.
    func entry(for item: String) -> ManifestEntry? { state.withLock { $0.lines[PathKey(item)]?.entry } }

    /// The first error that kept a line from being written; the run must stop then.
    var failure: FileError? { state.withLock { $0.failure } }

    /// - Parameter line: as `line(of:)` spells it.
    func append(_ entry: ManifestEntry, _ line: [UInt8]) {
        state.withLock { state in
            guard state.lines[PathKey(entry.item)]?.entry != entry else { return }
            let written = pwrite(descriptor, line, line.count, off_t(state.length))
            if written == line.count {
                state.lines[PathKey(entry.item)] = Line(
                    entry: entry, range: state.length..<state.length + line.count)
                state.length += line.count
            } else {
                state.failure = state.failure ?? FileError("write", path, number: written < 0 ? errno : ENOSPC)
                ftruncate(descriptor, off_t(state.length))
            }
        }
    }

    /// What the file says of an item. Workers spell it, so that the one thread that appends has little to do.
    static func line(of entry: ManifestEntry) -> [UInt8] { entry.json.utf8() + [UInt8(ascii: "\n")] }

    /// The lines in the order of the bytes of item names.
    func sorted() -> [Line] { state.withLock { state in state.lines.keys.sorted().map { state.lines[$0]! } } }

    /// These lines as a file to stand in the place of the log.
    func prepare(_ lines: [Line], tag: String) throws(FileError) -> PendingFile {
        try AtomicFile.prepare(path, tag: tag) { (sink) throws(FileError) in
            var block: [UInt8] = []
            for line in lines {
                block += try bytes(line.range)
                if block.count > 1 << 20 {
                    try sink.write(block)
                    block.removeAll(keepingCapacity: true)
                }
            }
            try sink.write(block)
        }
    }

    private func bytes(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, range.count, off_t(range.lowerBound)))
        }
        guard bytes.count == range.count else { throw FileError("read", path) }
        return bytes
    }
}
