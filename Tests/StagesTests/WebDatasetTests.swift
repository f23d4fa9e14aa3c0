import Files
import Foundation
import Pipelines
import Testing

@testable import Stages

struct WebDatasetTests {
    private let pipeline = """
        input: { labels: beside }
        stages: [normalize]
        outputs: { tensors: { format: webdataset, dtype: float16, shardItems: 3 }, report: html }
        """

    private func folder() throws -> PipelineFolder {
        let folder = try PipelineFolder()
        for index in 0..<8 {
            try folder.image("d.\(index % 2)/image.\(index)%")
            try folder.image("d.\(index % 2)/image.\(index)%_mask") { $0 == index ? 1 : 0 }
        }
        try folder.image("short", depth: 1)
        try folder.text("broken.nii", "not an image")
        return folder
    }

    /// Names and contents of a tar file (POSIX ustar), read plainly.
    private func entries(_ tar: Data) -> [(name: String, content: Data)] {
        var (result, place): ([(String, Data)], Int) = ([], 0)
        func text(_ from: Int, _ count: Int) -> String {
            String(decoding: tar.dropFirst(place + from).prefix(count).prefix { $0 != 0 && $0 != 32 }, as: UTF8.self)
        }
        while place + 512 <= tar.count, tar[place] != 0 {
            let size = Int(text(124, 12), radix: 8) ?? -1
            var block = [UInt8](tar[place..<place + 512])
            let sum = Int(text(148, 8), radix: 8)
            block.replaceSubrange(148..<156, with: Array(repeating: 32, count: 8))
            #expect(block.reduce(0) { $0 + Int($1) } == sum)
            let prefix = text(345, 155)
            result.append(
                (prefix.isEmpty ? text(0, 100) : "\(prefix)/\(text(0, 100))", tar.dropFirst(place + 512).prefix(size)))
            place += 512 + (size + 511) / 512 * 512
        }
        return result
    }

    @Test func samplesHoldTheItemsFilesInTheOrderOfNames() async throws {
        let folder = try folder()
        let lines = try await folder.run(pipeline)
        #expect(lines.values.count { $0.status == .ok } == 9)
        let tree = try folder.tree("out")
        #expect(tree.keys.filter { $0.hasSuffix(".tar") }.sorted() == (0..<3).map { "samples-00000\($0).tar" })
        let all = (0..<3).flatMap { entries(tree["samples-00000\($0).tar"]!) }
        #expect(
            all.prefix(3).map(\.name) == [
                "d.0/image%2E0%25.npy", "d.0/image%2E0%25.labels.npy", "d.0/image%2E0%25.json",
            ])
        #expect(all.count == 8 * 3 + 2)
        #expect(all[0].content == tree["d.0/image.0%.npy"] && all[2].content == tree["d.0/image.0%.json"])
        // What WebDataset takes for the key: everything up to the first dot of the last part.
        let keys = all.map { entry in
            let slash = entry.name.lastIndex(of: "/").map { entry.name.index(after: $0) } ?? entry.name.startIndex
            return entry.name[..<entry.name[slash...].firstIndex(of: ".")!]
        }
        #expect(Set(keys).count == 9)
    }

    @Test func neitherWorkersNorShardsNorKillsShow() async throws {
        let folder = try folder()
        try await folder.run(pipeline)
        let expected = try folder.tree("out")
        for workers in [2, 4] {
            try await folder.run(pipeline, to: "w\(workers)", workers: workers)
            #expect(try folder.tree("w\(workers)") == expected)
        }
        // A kill between two archives, and one while the second was written.
        try FileManager.default.removeItem(atPath: folder.path("out/samples-000001.tar"))
        try FileManager.default.removeItem(atPath: folder.path("out/samples.json"))
        try Data("half".utf8).write(to: URL(filePath: folder.path("out/.samples-000001.tar.hilum-partial")))
        try await folder.run(pipeline, resume: true)
        #expect(try folder.tree("out") == expected)
        // An archive of an earlier, larger run.
        try Data("old".utf8).write(to: URL(filePath: folder.path("out/samples-000003.tar")))
        try FileManager.default.removeItem(atPath: folder.path("out/samples.json"))
        try await folder.run(pipeline, resume: true)
        #expect(try folder.tree("out") == expected)
    }

    /// The first run is packing when a second begins.
    @Test func anArchiveThatIsWrittenIsNotAnotherRunsToRemove() async throws {
        let folder = try folder()
        try await folder.run(pipeline)
        let lock = try RunLock(folder.path("out"), .whole)
        defer { withExtendedLifetime(lock) {} }
        let partial = folder.path("out/.0123456789abcdef.hilum-partial")
        try Data("half".utf8).write(to: URL(filePath: partial))
        let error = await #expect(throws: FileError.self) { try await folder.run(pipeline, resume: true) }
        #expect(error?.isTaken == true)
        #expect(FileManager.default.fileExists(atPath: partial))
    }

    @Test func longNamesAndLargeFilesAreWritten() {
        func header(_ name: String, _ size: Int = 5) -> [UInt8] { TarHeader.bytes(name: name, size: size) }
        #expect(header("a/b.npy").count == 512)
        #expect(header(String(repeating: "d", count: 150) + "/b.npy").count == 512)
        for (name, size) in [(String(repeating: "x", count: 101), 5), ("ä.npy", 5), ("a.npy", 1 << 34)] {
            let bytes = header(name, size)
            #expect(bytes.count == 3 * 512 && bytes[156] == UInt8(ascii: "x"))
            let records = String(decoding: bytes[512..<1024].prefix { $0 != 0 }, as: UTF8.self)
            #expect(records.contains(" path=\(name)\n") && records.contains(" size=\(size)\n"))
            // Each record begins with its own length.
            var rest = records[...]
            while let length = Int(rest.prefix { $0 != " " }) {
                let record = Array(rest.utf8).prefix(length)
                #expect(record.last == UInt8(ascii: "\n"))
                rest = String(decoding: Array(rest.utf8).dropFirst(length), as: UTF8.self)[...]
            }
            #expect(rest.isEmpty)
        }
    }
}
