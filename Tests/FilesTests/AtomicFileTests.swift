import Files
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    private func pending(_ path: String) throws -> PendingFile {
        try AtomicFile.prepare(path) { (sink) throws(FileError) in try sink.write([1, 2, 3]) }
    }

    @Test func pendingFilesGetTheirNamesTogether() throws {
        let scratch = try Scratch()
        let files = [try pending("\(scratch.path)/a/one"), try pending("\(scratch.path)/b/two")]
        for file in files { #expect(!FileManager.default.fileExists(atPath: file.path)) }
        try AtomicFile.publish(files, in: scratch.path)
        for file in files { #expect(try FileBytes.read(file.path) == [1, 2, 3]) }
    }

    /// A combining mark makes one `Character` with the slash before it.
    @Test func aNameMayBeginWithACombiningMark() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/d/\u{301}y/\u{301}z"
        try AtomicFile.write(path, text: "1")
        #expect(try FileBytes.read(path) == Array("1".utf8))
        try AtomicFile.publish([try pending(path)], in: scratch.path)
        #expect(try FileBytes.read(path) == [1, 2, 3])
    }

    @Test func whatCannotBePublishedLeavesNothingBehind() throws {
        let scratch = try Scratch()
        let files = [try pending("\(scratch.path)/one"), try pending("\(scratch.path)/two")]
        // A folder that is not empty stands where the file should.
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/one/in", withIntermediateDirectories: true)
        #expect(throws: FileError.self) { try AtomicFile.publish(files, in: scratch.path) }
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        #expect(left == ["one"])
    }

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hilum-atomic-\(UUID().uuidString)").path

    @Test func writesWholeFilesAndMakesFolders() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try AtomicFile.write("\(folder)/a/b c/é.bin") { (sink) throws(FileError) in
            try sink.write([1, 2, 3])
            try sink.write(values: [Float(1)])
        }
        #expect(FileManager.default.contents(atPath: "\(folder)/a/b c/é.bin") == Data([1, 2, 3, 0, 0, 128, 63]))
    }

    @Test func aFailureLeavesNothingAndKeepsTheOldFile() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/kept.txt"
        try AtomicFile.write(path, text: "old")
        #expect(throws: FileError.self) {
            try AtomicFile.write(path) { (sink) throws(FileError) in
                try sink.write([0])
                throw FileError("write", path, number: ENOSPC)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["kept.txt"])
        #expect(FileManager.default.contents(atPath: path) == Data("old".utf8))
    }

    @Test func errorsNameTheOperationAndTheReason() {
        #expect {
            try AtomicFile.write("/proc/hilum-cannot-be-here/x", text: "")
        } throws: { error in
            (error as? FileError)?.code == "not-found" || (error as? FileError)?.code == "permission-denied"
        }
        #expect(FileError("write", "x", number: ENOSPC).code == "disk-full")
    }

    /// A temporary name is as long for every name, whatever the shard: what the folder can hold can be written.
    @Test func everyNameThatAFolderCanHoldIsWritten() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let name = String(repeating: "n", count: 255)
        try AtomicFile.write("\(folder)/\(name)", tag: ".1000-of-1000", text: "text")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
        // Before it is to get its name, and said of that.
        let error = #expect(throws: FileError.self) { try AtomicFile.prepare("\(folder)/\(name)n", text: "text") }
        #expect(error == FileError("create", "\(folder)/\(name)n", number: ENAMETOOLONG))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
    }
}
