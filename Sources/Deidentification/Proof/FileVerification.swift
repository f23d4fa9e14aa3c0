import CStandards
public import DataSets

/// Checks of a finished file, long after it was written.
public struct FileVerification: Sendable {
    let cleaner: FileCleaner
    /// Whole names and identifiers of all patients of the originals: none may be in any file. Parts of names are searched for
    /// in the files of their own patient only: somebody is called like a maker of scanners.
    let everybody: NeedleSet

    /// - Parameter identities: of the originals; empty when there are none to compare with.
    public init(_ cleaner: FileCleaner, identities: [PatientIdentity]) {
        self.cleaner = cleaner
        var harvest = Harvest()
        for identity in identities {
            harvest.note(DataElement(.patientID, .LO, text: identity.id), charset: .ascii)
            harvest.note(wholeName: identity.name)
        }
        everybody = harvest.needles
    }

    /// The file that another was made of.
    public struct Original: Sendable {
        let source: ByteSource
        /// Below the input.
        let path: String
        /// Whose it is.
        let identity: PatientIdentity

        public init(source: ByteSource, path: String, identity: PatientIdentity) {
            (self.source, self.path, self.identity) = (source, path, identity)
        }
    }

    /// Reads the file against the rules, and searches it for original values.
    ///
    /// - Parameter original: nil when it is not at hand.
    /// - Returns: what is wrong, without values.
    public func problems(inFileAt path: String, original: Original? = nil) -> [String] {
        let file: PartTenFile
        do { file = try PartTenFile(path: path) } catch { return ["cannot be read: \(error.message)"] }
        var check = PolicyCheck(cleaner.book, sopClass: file.dataSet.text(.sopClassUID))
        check.check(file.dataSet)
        var problems = check.problems.sorted()
        if file.dataSet.text(.patientIdentityRemoved) != "YES" {
            problems.append("does not say that it is de-identified")
        }
        problems += MethodMarks.problems(of: file.dataSet, under: cleaner.policy)
        if file.hasPreambleContent || file.trailingBytes > 0 { problems.append("holds bytes outside its data set") }
        if (try? NativePixels.hasOverlayBits(file)) == true {
            problems.append("holds bits of an old overlay in its pixels")
        }
        let meta = DataSet(file.meta.elements.filter { !$0.tag.isGroupLength })
        guard let plan = try? PartTenWriter.encode(meta: meta, file.dataSet, file.encoding, from: file.source) else {
            return problems + ["cannot be read"]
        }
        func search(_ needles: NeedleSet) {
            do throws(Refusal) { _ = try OutputProof.check(path, needles, plan) } catch {
                problems.append(error.message)
            }
        }
        search(everybody)
        if let original {
            do {
                let cleaned = try cleaner.clean(
                    PartTenFile(original.source), path: original.path, as: original.identity)
                search(cleaned.needles)
                if !agrees(file.dataSet, cleaned.dataSet) {
                    problems.append("is not what its original becomes by the rules")
                }
            } catch {
                problems.append("cannot be compared with its original")
            }
        }
        return problems
    }

    /// Whether two data sets have the same elements of the same values, but for pixels, which may have been blackened, and
    /// for what is said of them.
    private func agrees(_ written: DataSet, _ expected: DataSet) -> Bool {
        func plain(_ dataSet: DataSet) -> [DataElement] {
            dataSet.elements.filter {
                !Self.aboutPixels.contains($0.tag) && $0.tag.group != 0x0028 && $0.tag.group != 0x7FE0
            }
        }
        let (left, right) = (plain(written), plain(expected))
        return left.count == right.count
            && zip(left, right).allSatisfy { first, second in
                guard first.tag == second.tag else { return false }
                if let items = first.items, let others = second.items {
                    return items.count == others.count && zip(items, others).allSatisfy(agrees)
                }
                guard let bytes = first.bytes, let others = second.bytes else { return true }
                return Array(bytes.prefix(others.count)) == Array(others)
            }
    }

    private static let aboutPixels: Set<Tag> = [.deidentificationMethodCodeSequence]
}
