import Files

/// The sequences of each subject in a folder by their names, as in BraTS: with `[t1, t1ce, t2, flair]` the files
/// `case7_t1.nii.gz`, `case7_t1ce.nii.gz`, `case7_t2.nii.gz` and `case7_flair.nii.gz` are the stack `case7`.
struct StackNames: Sendable {
    /// Files by subject and sequence.
    private var files: [PathKey: [String: String]] = [:]
    /// The subject by file.
    private var subjects: [PathKey: String] = [:]
    private let sequences: [String]

    /// - Parameter images: NIfTI files that are no labels.
    init(_ images: [String], sequences: [String]) {
        self.sequences = sequences
        for file in images {
            let stem = FileFormat.stem(file)
            guard let sequence = sequences.first(where: { FolderGroups.ends(stem, in: $0) }) else { continue }
            let subject = String(stem.dropLast(sequence.count + 1))
            // Of two files for one sequence the second is left over, and said to be.
            guard files[PathKey(subject)]?[sequence] == nil else { continue }
            files[PathKey(subject), default: [:]][sequence] = file
            subjects[PathKey(file)] = subject
        }
    }

    /// The stacks' names in the folder: the subject's, or "stack" where files are named by nothing but their sequence.
    var itemNames: [String] { files.keys.map { Self.itemName(of: $0.text) } }

    static func itemName(of subject: String) -> String { subject.isEmpty ? "stack" : subject }

    /// - Returns: nil for a file that is no sequence.
    func subject(of file: String) -> String? { subjects[PathKey(file)] }

    /// The files of a subject in the order of the sequences, and the sequences that it lacks.
    func members(of subject: String) -> (files: [String], missing: [String]) {
        let found = files[PathKey(subject)] ?? [:]
        return (sequences.compactMap { found[$0] }, sequences.filter { found[$0] == nil })
    }
}
