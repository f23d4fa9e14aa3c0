import Files
import Foundation
import Parallel
import Pipelines
import Synchronization
import Testing

@Suite struct RunnerTests {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hilum-runner-\(UUID().uuidString)").path

    func units(_ count: Int, bytes: Int = 1) -> AsyncStream<WorkUnit<Int>> {
        AsyncStream { continuation in
            for index in 0..<count {
                continuation.yield(
                    WorkUnit(
                        name: "unit-\(index)", inputs: ["\(index)"], estimatedBytes: bytes, verdict: .process(index)))
            }
            continuation.finish()
        }
    }

    func run(
        _ runner: Runner, _ units: AsyncStream<WorkUnit<Int>>,
        process: @escaping @Sendable (WorkUnit<Int>, Int) -> WorkResult
    ) async throws -> RunSummary {
        try await runner.run(
            units, progress: RunProgress(style: .quiet), key: { "key-\($0)" }, process: process)
    }

    @Test func oneBadUnitStopsNothing() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let runner = Runner(output: folder, workers: 4, memoryLimit: 100)
        let summary = try await run(runner, units(50)) { unit, value in
            value == 17
                ? .failed(.init(code: "odd", stage: "look", message: "no")) : .done(files: [], warnings: [])
        }
        #expect((summary.ok, summary.failed, summary.exitCode) == (49, 1, 1))
        let lines = try String(contentsOfFile: runner.manifestPath, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 50)
        #expect(lines == lines.sorted())
    }

    /// A second run into the same folder is refused, and takes nothing of the first one's away.
    @Test func aSecondRunLeavesTheFirstAlone() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let runner = Runner(output: folder, workers: 1, memoryLimit: 100, resume: true)
        let (folder, second, survives) = (self.folder, Locked(""), Locked(false))
        let summary = try await run(runner, units(1)) { _, _ in
            let partial = "\(folder)/.image\(AtomicFile.partialSuffix)"
            _ = FileManager.default.createFile(atPath: partial, contents: Data([1]))
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                do {
                    _ = try await runner.run(units(1), progress: RunProgress(style: .quiet), key: { "\($0)" }) { _, _ in
                        .done(files: [], warnings: [])
                    }
                } catch { second.withLock { $0 = "\(error)" } }
                done.signal()
            }
            done.wait()
            survives.withLock { $0 = FileManager.default.fileExists(atPath: partial) }
            return .done(files: [], warnings: [])
        }
        #expect(summary.ok == 1)
        #expect(second.withLock { $0 }.contains("lock"))
        #expect(survives.withLock { $0 })
    }

    /// What lies in the output folder and is not the run's is never replaced.
    @Test func filesOfOthersStay() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let theirs = Data("theirs".utf8)
        try theirs.write(to: URL(filePath: "\(folder)/unit-0.txt"))
        func summary(resume: Bool) async throws -> RunSummary {
            try await run(Runner(output: folder, workers: 1, memoryLimit: 100, resume: resume), units(2)) { unit, _ in
                do {
                    return .done(
                        files: [try AtomicFile.prepare("\(folder)/\(unit.name).txt", text: "ours")], warnings: [])
                } catch {
                    return .failed(.init(code: "unexpected", stage: "write", message: "\(error)"))
                }
            }
        }
        let first = try await summary(resume: false)
        #expect(first.ok == 1 && first.entries.first { $0.status == .failed }?.error?.code == "output-exists")
        #expect(try Data(contentsOf: URL(filePath: "\(folder)/unit-0.txt")) == theirs)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 3)
        // Nor by a run that goes on: no manifest has announced the file.
        let second = try await summary(resume: true)
        #expect((second.reused, second.failed) == (1, 1))
        try FileManager.default.removeItem(atPath: "\(folder)/manifest.jsonl")
        #expect(try await summary(resume: true).failed == 2)
        #expect(try Data(contentsOf: URL(filePath: "\(folder)/unit-0.txt")) == theirs)
    }

    /// What a run makes of each item: a file that holds a word.
    private func write(_ word: String, _ then: @escaping @Sendable (Int) -> Void = { _ in }) -> (
        @Sendable (WorkUnit<Int>, Int) -> WorkResult
    ) {
        let folder = folder
        return { unit, value in
            then(value)
            let file = try? AtomicFile.prepare("\(folder)/\(unit.name).txt", text: word)
            return file.map { .done(files: [$0], warnings: []) }
                ?? .failed(.init(code: "unexpected", stage: "write", message: unit.name))
        }
    }

    /// A kill between the moment at which a file gets its name and the line that says so: the line of the run before says the
    /// same size, and must not count.
    @Test func aFileThatGotItsNameBeforeAKillIsNotTakenForTheEarlierRuns() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (folder, manifest) = (self.folder, "\(self.folder)/manifest.jsonl")
        func run(_ word: String, _ process: @escaping @Sendable (WorkUnit<Int>, Int) -> WorkResult) async throws
            -> RunSummary
        {
            try await Runner(output: folder, workers: 1, memoryLimit: 1, resume: true).run(
                units(2), progress: RunProgress(style: .quiet), key: { "\(word)-\($0)" }, process: process)
        }
        _ = try await run("old", write("old"))
        let killed = Locked("")
        _ = try await run(
            "new",
            write("new") { value in
                guard value == 1 else { return }
                while (try? String(contentsOfFile: "\(folder)/unit-0.txt", encoding: .utf8)) != "new" { usleep(1000) }
                killed.withLock { $0 = (try? String(contentsOfFile: manifest, encoding: .utf8)) ?? "" }
            })
        // As if the run had ended before it appended what follows the announcement.
        var lines = killed.withLock { $0 }.split(separator: "\n")
        let announced = try #require(lines.firstIndex { $0.contains(#""code":"interrupted""#) })
        #expect(announced == 2 && lines[announced].contains("unit-0.txt"))
        lines.removeSubrange((announced + 1)...)
        try (lines.joined(separator: "\n") + "\n").write(toFile: manifest, atomically: true, encoding: .utf8)
        try "old".write(toFile: "\(folder)/unit-1.txt", atomically: false, encoding: .utf8)
        let summary = try await run("old", write("old"))
        #expect((summary.ok, summary.reused) == (2, 1))
        #expect(try String(contentsOfFile: "\(folder)/unit-0.txt", encoding: .utf8) == "old")
        #expect(try !String(contentsOfFile: manifest, encoding: .utf8).contains("interrupted"))
    }

    /// An item that a kill has left between two states, and whose input is gone: neither line nor file stays.
    @Test func anAnnouncedItemWithoutItsInputGoes() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let runner = Runner(output: folder, workers: 1, memoryLimit: 1, resume: true)
        _ = try await run(runner, units(2), process: write("word"))
        let line =
            #"{"item":"unit-1","status":"failed","inputs":["1"],"outputs":["unit-1.txt"],"warnings":[],"#
            + #""error":{"code":"interrupted","stage":"write","message":"unit-1"},"key":null}"#
        let manifest = try String(contentsOfFile: runner.manifestPath, encoding: .utf8) + line + "\n"
        try manifest.write(toFile: runner.manifestPath, atomically: true, encoding: .utf8)
        let summary = try await run(runner, units(1), process: write("word"))
        #expect((summary.reused, summary.unclaimed, summary.entries.count) == (1, 0, 1))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.sorted() == ["manifest.jsonl", "unit-0.txt"])
    }

    /// A folder that stands where a file should, before the work and after it.
    @Test func aFolderInTheWayFailsItsItemAlone() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let folder = folder
        try AtomicFile.makeFolder("\(folder)/unit-0.txt/inside")
        let summary = try await run(
            Runner(output: folder, workers: 1, memoryLimit: 1), units(4),
            process: write("word") { value in
                // Until now the file of the unit before waits for its name.
                if value == 2 { try? AtomicFile.makeFolder("\(folder)/unit-1.txt/inside") }
            })
        #expect((summary.ok, summary.failed) == (2, 2))
        #expect(summary.entries[0].error?.code == "output-exists")
        #expect(summary.entries[1].error?.message.contains("is a folder's") == true && summary.entries[1].outputs == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 5)
    }

    /// What a killed run leaves of its lock keeps nobody out.
    @Test func aLockThatIsLeftIsFree() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try AtomicFile.makeFolder(folder)
        _ = FileManager.default.createFile(atPath: "\(folder)/.hilum-lock", contents: nil)
        _ = try await run(Runner(output: folder, workers: 1, memoryLimit: 1), units(1), process: write("word"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.sorted() == ["manifest.jsonl", "unit-0.txt"])
    }

    @Test func aFileThatCannotBeReadIsNamedBelowTheInput() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let unit = WorkUnit(name: "a", inputs: ["s/a.hdr", "s/a.img"], estimatedBytes: 1, verdict: .process(0))
        let units = AsyncStream<WorkUnit<Int>> { continuation in
            continuation.yield(unit)
            continuation.finish()
        }
        let summary = try await Runner(output: folder, workers: 1, memoryLimit: 9).run(
            units, progress: RunProgress(style: .quiet),
            key: { _ throws(FileError) in throw FileError("open", "/data/in/s/a.img", number: ENOENT) },
            process: { _, _ in .done(files: [], warnings: []) })
        #expect(
            summary.entries[0].error?.message == "a: the input s/a.img cannot be read: No such file or directory")
    }

    @Test func theWindowIsBoundedByWorkersAndBytes() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let inFlight = Locked((now: 0, most: 0))
        func measure(_ runner: Runner) async throws -> Int {
            inFlight.withLock { $0 = (0, 0) }
            _ = try await run(runner, units(24, bytes: 40)) { _, _ in
                inFlight.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                usleep(2000)
                inFlight.withLock { $0.now -= 1 }
                return .done(files: [], warnings: [])
            }
            return inFlight.withLock { $0.most }
        }
        #expect(try await measure(Runner(output: folder, workers: 3, memoryLimit: 1000)) <= 3)
        #expect(try await measure(Runner(output: folder, workers: 8, memoryLimit: 100)) <= 2)
        #expect(try await measure(Runner(output: folder, workers: 8, memoryLimit: 10)) == 1)
    }

    @Test func whatIsSaidToBeDoneHasItsFiles() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let output = folder
        let summary = try await run(Runner(output: folder, workers: 2, memoryLimit: 9), units(30)) { unit, _ in
            if unit.name == "unit-7" { usleep(300_000) }
            let file = try? AtomicFile.prepare("\(output)/\(unit.name).txt") { (sink) throws(FileError) in
                try sink.write(Array(unit.name.utf8))
            }
            return .done(files: file.map { [$0] } ?? [], warnings: [])
        }
        #expect(summary.ok == 30)
        let lines = try String(contentsOfFile: "\(folder)/manifest.jsonl", encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 30)
        for index in 0..<30 {
            #expect(try String(contentsOfFile: "\(folder)/unit-\(index).txt", encoding: .utf8) == "unit-\(index)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!names.contains { $0.hasSuffix(AtomicFile.partialSuffix) })
    }

    @Test func resumingDoesNotRepeatWhatIsDone() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let calls = Atomic<Int>(0)
        let output = folder
        let process: @Sendable (WorkUnit<Int>, Int) -> WorkResult = { unit, _ in
            calls.add(1, ordering: .relaxed)
            let file = try? AtomicFile.prepare("\(output)/\(unit.name).txt") { (sink) throws(FileError) in
                try sink.write(Array(unit.name.utf8))
            }
            return .done(files: file.map { [$0] } ?? [], warnings: [])
        }
        _ = try await run(Runner(output: folder, workers: 2, memoryLimit: 9), units(10), process: process)
        // An announced item, a torn last line, a lost output and a half-written file: what a kill leaves behind.
        let manifest = "\(folder)/manifest.jsonl"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let last = try #require(text.split(separator: "\n").last)
        let announced = last.replacing(#""status":"ok""#, with: #""status":"failed""#)
        try String(text.dropLast(last.count + 1) + announced + "\n" + last.dropLast(20))
            .write(toFile: manifest, atomically: false, encoding: .utf8)
        try FileManager.default.removeItem(atPath: "\(folder)/unit-3.txt")
        try "half".write(toFile: "\(folder)/.unit-4.txt\(AtomicFile.partialSuffix)", atomically: false, encoding: .utf8)

        let summary = try await run(
            Runner(output: folder, workers: 2, memoryLimit: 9, resume: true), units(10), process: process)
        #expect(calls.load(ordering: .relaxed) == 12)
        #expect((summary.ok, summary.reused) == (10, 8))
        #expect(try String(contentsOfFile: manifest, encoding: .utf8) == text)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/.unit-4.txt\(AtomicFile.partialSuffix)"))
    }

    /// Only the last line can be torn by a kill. What another line said is not given up in silence.
    @Test func aDamagedLineStopsAResumeThatLeavesTheFileAsItIs() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process: @Sendable (WorkUnit<Int>, Int) -> WorkResult = { _, _ in .done(files: [], warnings: []) }
        _ = try await run(Runner(output: folder, workers: 1, memoryLimit: 9), units(4), process: process)
        let manifest = "\(folder)/manifest.jsonl"
        let damaged = try String(contentsOfFile: manifest, encoding: .utf8)
            .replacingOccurrences(of: #""unit-1","status":"ok""#, with: #""unit-1","status":"ko""#)
        try damaged.write(toFile: manifest, atomically: false, encoding: .utf8)
        let error = await #expect(throws: FileError.self) {
            try await run(
                Runner(output: folder, workers: 1, memoryLimit: 9, resume: true), units(2), process: process)
        }
        #expect(error?.reason.hasPrefix("line 2 is damaged") == true)
        #expect(try String(contentsOfFile: manifest, encoding: .utf8) == damaged)
    }

    /// Shards and a run of the whole may share a folder; what one of them is writing is not another's to remove.
    @Test func onlyOwnPartialFilesAreRemoved() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let names = ["", ".1-of-2", ".2-of-2", ".1-of-12", ".1-of-1"].map { ".a.npy\($0)\(AtomicFile.partialSuffix)" }
        func left(behind shard: String) async throws -> [Int] {
            try AtomicFile.makeFolder("\(folder)/sub")
            for name in names { try Data().write(to: URL(filePath: "\(folder)/sub/\(name)")) }
            let runner = Runner(
                output: folder, workers: 1, memoryLimit: 9, resume: true, shard: try #require(Shard(shard)))
            _ = try await run(runner, units(0)) { _, _ in .interrupted }
            let found = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/sub")
            return names.indices.filter { found.contains(names[$0]) }
        }
        #expect(try await left(behind: "1/1") == [1, 2, 3])
        #expect(try await left(behind: "1/2") == [0, 2, 3, 4])
    }

    /// A file that something has cut off is no result, and lines of inputs that are gone are counted.
    @Test func resumingLooksAtSizesAndCountsWhatIsGone() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let done = Locked<[String]>([])
        let output = folder
        let process: @Sendable (WorkUnit<Int>, Int) -> WorkResult = { unit, _ in
            done.withLock { $0.append(unit.name) }
            let files = ["txt", "json"].compactMap { ending in
                try? AtomicFile.prepare("\(output)/\(unit.name).\(ending)", text: unit.name)
            }
            return .done(files: files, warnings: [])
        }
        _ = try await run(Runner(output: folder, workers: 1, memoryLimit: 9), units(6), process: process)
        let before = try String(contentsOfFile: "\(folder)/manifest.jsonl", encoding: .utf8)
        for (name, text) in [("unit-1.txt", "unit-"), ("unit-2.json", ""), ("unit-3.txt", "unit-3 and more")] {
            try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
        }
        done.withLock { $0 = [] }
        let summary = try await run(
            Runner(output: folder, workers: 1, memoryLimit: 9, resume: true), units(5), process: process)
        #expect(done.withLock { $0.sorted() } == ["unit-1", "unit-2", "unit-3"])
        #expect((summary.ok, summary.reused, summary.unclaimed) == (5, 2, 1))
        #expect(summary.json["unclaimed"] == 1)
        #expect(try String(contentsOfFile: "\(folder)/unit-2.json", encoding: .utf8) == "unit-2")
        #expect(try String(contentsOfFile: "\(folder)/manifest.jsonl", encoding: .utf8) == before)
    }

    @Test func keysComeBeforeTheWorkOnlyToSpareIt() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let events = Locked<[String]>([])
        func run(resume: Bool, key: String) async throws {
            events.withLock { $0 = [] }
            _ = try await Runner(output: folder, workers: 1, memoryLimit: 9, resume: resume).run(
                units(1), progress: RunProgress(style: .quiet),
                key: { _ in
                    events.withLock { $0.append("key") }
                    return key
                },
                process: { _, _ in
                    events.withLock { $0.append("work") }
                    return .done(files: [], warnings: [])
                })
        }
        try await run(resume: false, key: "a")
        #expect(events.withLock { $0 } == ["work", "key"])
        try await run(resume: true, key: "a")
        #expect(events.withLock { $0 } == ["key"])
        try await run(resume: true, key: "b")
        #expect(events.withLock { $0 } == ["key", "work", "key"])
    }

    @Test func aUnitWithoutAKeyFailsAndLeavesNothing() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let output = folder
        let runner = Runner(output: folder, workers: 1, memoryLimit: 9)
        let summary = try await runner.run(
            units(1), progress: RunProgress(style: .quiet),
            key: { _ in throw FileError("read", "/somewhere/else", number: EACCES) },
            process: { unit, _ in
                let file = try? AtomicFile.prepare("\(output)/\(unit.name).txt") { (sink) throws(FileError) in
                    try sink.write(Array(unit.name.utf8))
                }
                return .done(files: file.map { [$0] } ?? [], warnings: [.init(code: "odd", message: "no")])
            })
        #expect((summary.ok, summary.failed, summary.warnings) == (0, 1, 0))
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == ["manifest.jsonl"])
        let line = try String(contentsOfFile: runner.manifestPath, encoding: .utf8)
        #expect(line.contains("permission-denied") && !line.contains("somewhere"))
    }

    @Test func shardsAreDisjointAndComplete() throws {
        let names = (0..<500).map { "item-\($0)" }
        for count in [1, 2, 3, 7] {
            let shards = try (1...count).map { try #require(Shard("\($0)/\(count)")) }
            for name in names { #expect(shards.filter { $0.contains(name) }.count == 1) }
            if count <= 3 { #expect(shards.allSatisfy { shard in names.filter(shard.contains).count > 100 }) }
        }
        for wrong in ["0/2", "3/2", "1/0", "a/b", "1", "1/2/3", "-1/2", ""] { #expect(Shard(wrong) == nil) }
        for wrong in [".3-of-2", ".01-of-2", "1-of-2", ".1-of-1", "", "."] { #expect(Shard(suffix: wrong) == nil) }
        let shard = try #require(Shard(suffix: ".2-of-8"))
        #expect(shard == Shard("2/8"))
        for (given, own) in [
            ("a.b/map", "a.b/map.2-of-8"), ("map.v1.bin", "map.v1.2-of-8.bin"), ("/a/.map", "/a/.map.2-of-8"),
        ] {
            #expect(shard.path(given) == own)
            #expect(Shard.whole.path(given) == given)
        }
    }

    @Test func aSecondRunIntoTheSameFolderIsRefused() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let runner = Runner(output: folder, workers: 1, memoryLimit: 9)
        try AtomicFile.makeFolder(folder)
        let other = try RunLock(folder, .whole)
        defer { withExtendedLifetime(other) {} }
        await #expect(throws: FileError.self) {
            try await run(runner, units(1)) { _, _ in .interrupted }
        }
    }
}
