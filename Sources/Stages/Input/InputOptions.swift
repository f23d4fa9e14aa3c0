public import DICOM
public import Pipelines

extension InputOption {
    /// What `input:` says of DICOM series and of what has no place in the patient.
    static let all = [
        InputOption(
            name: "onIrregular",
            summary: "DICOM slices with unequal gaps: refuse, interpolate, make several volumes, or stack as they are.",
            choices: IrregularSpacing.allCases.map(\.rawValue)),
        InputOption(
            name: "tilt",
            summary: "DICOM slices sheared by a tilted gantry: keep the shear in the geometry, or interpolate.",
            choices: TiltHandling.allCases.map(\.rawValue)),
        InputOption(
            name: "require",
            summary: "Refuse items that are no stack of slices with places in the patient.",
            choices: ["any", "volume"]),
        InputOption(
            name: "labels",
            summary:
                "NIfTI labels and boxes by their names: items like any file, or masks and boxes of the image beside them.",
            choices: ["items", "beside"]),
        InputOption(
            name: "stack",
            summary:
                "NIfTI sequences of one subject by the ends of their names, as in [t1, t1ce, t2, flair]: channels of one item.",
            words: 2...16),
        InputOption(
            name: "stackGrid",
            summary: "Sequences on unlike grids: refuse, or interpolate linearly onto the grid of the first.",
            choices: ["same", "first"]),
    ]
}

extension InputSelection {
    /// What belongs together in a folder; nil where every file stands for itself.
    var groupRules: FolderGroups.Rules? {
        let rules = FolderGroups.Rules(findsLabels: choice("labels") == "beside", sequences: words("stack"))
        return rules.findsLabels || !rules.sequences.isEmpty ? rules : nil
    }

    /// The choices for DICOM series; defaults for what was not chosen.
    public var seriesOptions: SeriesOptions {
        SeriesOptions(
            onIrregular: choice("onIrregular").flatMap(IrregularSpacing.init) ?? .error,
            tilt: choice("tilt").flatMap(TiltHandling.init) ?? .keep, requiresVolume: choice("require") == "volume")
    }
}
