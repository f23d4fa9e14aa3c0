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
    ]
}

extension InputSelection {
    /// The choices for DICOM series; defaults for what was not chosen.
    public var seriesOptions: SeriesOptions {
        SeriesOptions(
            onIrregular: choice("onIrregular").flatMap(IrregularSpacing.init) ?? .error,
            tilt: choice("tilt").flatMap(TiltHandling.init) ?? .keep, requiresVolume: choice("require") == "volume")
    }
}
