public import Files
public import Parallel

extension Workers {
    /// Writes files of two kinds at once, at the end of a run, when there is nothing else to do.
    ///
    /// - Returns: the first's files, and then the second's.
    /// - Throws: what the first throws, or else the second; the files of the other are taken back then.
    public func prepare(
        _ first: @Sendable () throws(FileError) -> [PendingFile],
        beside second: @Sendable () throws(FileError) -> [PendingFile]
    ) throws(FileError) -> [PendingFile] {
        let written = Locked<[[PendingFile]]>([[], []])
        do throws(FileError) {
            try forEach(2) { (part) throws(FileError) in
                let files = part == 0 ? try first() : try second()
                written.withLock { $0[part] = files }
            }
        } catch {
            for file in written.withLock({ Array($0.joined()) }) { file.discard() }
            throw error
        }
        return written.withLock { Array($0.joined()) }
    }
}
