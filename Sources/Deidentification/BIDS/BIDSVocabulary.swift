/// Words of the BIDS specification 1.10 that may stand in names. What is not among them gets a keyed name.
enum BIDSVocabulary {
    static let folders: Set<String> = [
        "anat", "func", "dwi", "fmap", "perf", "pet", "meg", "eeg", "ieeg", "beh", "micr", "nirs", "motion", "mrs",
        "rawdata", "sourcedata", "derivatives",
    ]
    /// Folders above which the data set of a participant begins.
    static let layers: Set<String> = ["rawdata", "sourcedata", "derivatives"]

    /// Keys of entities.
    static let entities: Set<String> = [
        "sub", "ses", "sample", "task", "tracksys", "acq", "nuc", "voi", "ce", "trc", "stain", "rec", "dir", "run",
        "mod",
        "echo", "flip", "inv", "mt", "part", "proc", "hemi", "space", "split", "recording", "chunk", "seg", "res",
        "den",
        "label", "desc", "from", "to", "mode",
    ]
    /// Entities that count.
    static let counters: Set<String> = ["run", "echo", "flip", "inv", "split", "chunk"]

    static let suffixes: Set<String> = [
        "T1w", "T2w", "PDw", "T2starw", "FLAIR", "inplaneT1", "inplaneT2", "PDT2", "angio", "T1map", "T2map",
        "T2starmap",
        "R1map", "R2map", "R2starmap", "PDmap", "MTRmap", "MTsat", "UNIT1", "T1rho", "MWFmap", "MTVmap", "Chimap",
        "S0map",
        "M0map", "defacemask", "MEGRE", "MESE", "VFA", "IRT1", "MP2RAGE", "MPM", "MTS", "MTR", "bold", "cbv", "sbref",
        "phase", "events", "physio", "stim", "dwi", "phasediff", "phase1", "phase2", "magnitude", "magnitude1",
        "magnitude2",
        "fieldmap", "epi", "m0scan", "asl", "aslcontext", "TB1DAM", "TB1EPI", "TB1AFI", "TB1TFL", "TB1RFM", "TB1SRGE",
        "TB1map", "RB1COR", "RB1map", "pet", "blood", "scans", "sessions", "mask", "dseg", "probseg", "boldref", "svs",
        "mrsi", "unloc", "mrsref", "CT", "ct", "cxr", "xr",
    ]

    /// Names of files at the root of a data set.
    static let files: Set<String> = ["participants", "dataset_description", "samples"]

    /// Values of other entities that say how or what was acquired.
    static let labels: Set<String> = [
        // Tasks.
        "rest", "restingstate", "resting", "nback", "faces", "motor", "language", "emotion", "gambling", "social",
        "relational", "wm", "movie", "stroop", "flanker", "gonogo", "stopsignal", "fingertapping", "checkerboard",
        // Directions and parts.
        "AP", "PA", "LR", "RL", "IS", "SI", "HF", "FH", "mag", "real", "imag", "phase", "on", "off", "L", "R",
        // Acquisitions and reconstructions.
        "mprage", "MPRAGE", "space", "SPACE", "flash", "FLASH", "spgr", "SPGR", "tse", "TSE", "gre", "GRE", "epi",
        "EPI",
        "highres", "lowres", "iso", "ax", "axial", "sag", "sagittal", "cor", "coronal", "2D", "3D", "norm", "prescan",
        "magnitude", "singleband", "multiband", "mb", "MB2", "MB3", "MB4", "MB6", "MB8", "b0", "dwi", "bold", "fmap",
        "acstat", "acdyn", "nacstat", "nacdyn", "gad", "gd", "FDG", "PIB", "AV45", "AV1451", "mask", "brain", "preproc",
        "orig", "MNI152NLin2009cAsym", "MNI152NLin6Asym", "T1w", "T2w", "native", "confounds", "smooth", "lesion",
        "aseg",
    ]
}
