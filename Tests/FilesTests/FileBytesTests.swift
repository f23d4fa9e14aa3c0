import Files
import Testing

@Suite struct FileBytesTests {
    @Test func readsAllOrTheStart() throws {
        let all = try FileBytes.read(#filePath)
        #expect(all.starts(with: Array("import Files".utf8)))
        #expect(try FileBytes.prefix(#filePath, count: 6) == Array("import".utf8))
        #expect(try FileBytes.prefix(#filePath, count: 1 << 20) == all)
        #expect(try FileBytes.size(#filePath) == all.count)
    }

    @Test func refusesWhatIsNoRegularFile() {
        #expect(throws: FileError.self) { try FileBytes.read("/") }
        #expect(throws: FileError.self) { try FileBytes.prefix("/dev/zero", count: 4) }
        #expect(throws: FileError.self) { try FileBytes.read(#filePath + ".absent") }
    }

    @Test func refusesMoreThanTheLimit() {
        let error = #expect(throws: FileError.self) { try FileBytes.read(#filePath, limit: 10) }
        #expect(error?.problem == .tooLarge)
    }
}
