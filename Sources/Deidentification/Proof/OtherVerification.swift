extension FileVerification {
    /// A search for the names and identifiers of all patients.
    public func scan(_ allowance: ByteScan.Allowance) -> ByteScan { ByteScan(everybody, allowance) }

    /// Reads a sidecar or table against the rules: cleaned again, it must lose nothing.
    ///
    /// - Returns: what is wrong, without values.
    public func problems(
        inText bytes: [UInt8], _ clean: ([UInt8]) throws(Refusal) -> CleanedText
    ) -> [String] {
        let again: CleanedText
        do { again = try clean(bytes) } catch { return ["cannot be read: \(error.message)"] }
        var problems = again.record.hasRemovals ? ["holds what the rules remove"] : []
        var scan = scan(.text(Self.numbers(in: bytes)))
        bytes.withUnsafeBytes { scan.search($0) }
        do { try scan.finish() } catch { problems.append(error.message) }
        return problems
    }

    /// Looks for the names and identifiers of all patients in what a report says. Short ones are words of its own by
    /// chance: somebody's number is "MADE".
    ///
    /// - Returns: nil when there are none.
    public func leak(in texts: [String]) -> String? {
        var scan = scan(.binary(from: 0))
        for text in texts { Array("\(text)\n".utf8).withUnsafeBytes { scan.search($0) } }
        do { try scan.finish() } catch { return error.message }
        return nil
    }

    /// Where numbers stand that are no part of a word.
    private static func numbers(in bytes: [UInt8]) -> [Range<Int>] {
        let separators: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x3A, 0x5B, 0x5D, 0x7B, 0x7D]
        return bytes.split(whereSeparator: separators.contains)
            .filter { Double(String(decoding: $0, as: UTF8.self)) != nil }.map(\.indices)
    }
}
