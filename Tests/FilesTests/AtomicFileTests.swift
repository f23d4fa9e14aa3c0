import Files
import Foundation
import Testing

@Suite struct AtomicFileTests {
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
}
