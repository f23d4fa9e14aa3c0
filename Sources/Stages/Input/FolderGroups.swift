/// Which files of a folder belong together by their names: sequences to a stack, labels and boxes to their images.
struct FolderGroups: Sendable {
    struct Rules: Sendable {
        /// Whether labels and boxes are told from images; otherwise every file is an image.
        var findsLabels: Bool
        /// What stacks are made of, in the order of their channels; empty for none.
        var sequences: [String]
    }

    let stacks: StackNames
    let labels: LabelNames

    /// - Parameter names: of all files of a folder.
    init(_ names: [String], _ rules: Rules) {
        let niftis = names.filter(Self.isNIfTI)
        let images = rules.findsLabels ? niftis.filter { LabelNames.label(FileFormat.stem($0)) == nil } : niftis
        stacks = StackNames(images, sequences: rules.sequences)
        let owners = rules.sequences.isEmpty ? images.map(FileFormat.stem) : stacks.itemNames
        labels = rules.findsLabels ? LabelNames(names, labels: niftis, owners: owners) : LabelNames()
    }

    private static func isNIfTI(_ name: String) -> Bool {
        let lowered = name.lowercased()
        return lowered.hasSuffix(".nii") || lowered.hasSuffix(".nii.gz") || lowered.hasSuffix(".hdr")
    }

    /// Whether a stem is a word, or ends with it behind a separator; case does not count.
    static func ends(_ stem: String, in word: String) -> Bool {
        let (stem, word) = (stem.lowercased(), word.lowercased())
        return stem == word || stem.hasSuffix("_" + word) || stem.hasSuffix("-" + word)
    }
}
