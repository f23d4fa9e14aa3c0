import CStandards
public import DataSets

/// Checks of a finished file, long after it was written.
public struct FileVerification: Sendable {
    let cleaner: FileCleaner
    /// Names and identifiers of all patients of the originals: none may be in any file.
    let everybody: NeedleSet

    /// - Parameter identities: of the originals; empty when there are none to compare with.
    public init(_ cleaner: FileCleaner, identities: [PatientIdentity]) {
        self.cleaner = cleaner
        var harvest = Harvest()
        for identity in identities {
            harvest.note(DataElement(.patientID, .LO, text: identity.id), charset: .ascii)
            harvest.note(DataElement(.patientName, .PN, text: identity.name), charset: .ascii)
        }
        everybody = harvest.needles
    }

    /// Reads the file against the rules.
    ///
    /// - Returns: what is wrong, without values.
    public func problems(inFileAt path: String) -> [String] {
        let file: PartTenFile
        do { file = try PartTenFile(path: path) } catch { return ["cannot be read: \(error.message)"] }
        var check = PolicyCheck(cleaner.book, sopClass: file.dataSet.text(.sopClassUID))
        check.check(file.dataSet)
        var problems = check.problems.sorted()
        if file.dataSet.text(.patientIdentityRemoved) != "YES" {
            problems.append("does not say that it is de-identified")
        }
        if file.hasPreambleContent || file.trailingBytes > 0 { problems.append("holds bytes outside its data set") }
        let plan = try? PartTenWriter.encode(
            meta: DataSet(file.meta.elements.filter { !$0.tag.isGroupLength }), file.dataSet, file.encoding,
            from: file.source)
        guard let plan else { return problems + ["cannot be read"] }
        do { _ = try OutputProof.check(path, everybody, plan) } catch { problems.append(error.message) }
        return problems
    }

    /// Cleans the original again: the file must be the same, and hold none of its values.
    ///
    /// - Returns: what is wrong, without values.
    public func problems(inFileAt path: String, from original: ByteSource, originalPath: String) -> [String] {
        do {
            let file = try PartTenFile(original)
            let cleaned = try cleaner.clean(file, path: originalPath)
            let plan = try PartTenWriter.encode(
                meta: cleaned.meta, cleaned.dataSet, cleaned.encoding, from: file.source)
            _ = try OutputProof.check(path, cleaned.needles, plan)
            return []
        } catch let refusal as Refusal {
            return [refusal.message]
        } catch {
            return ["cannot be compared with its original"]
        }
    }
}
