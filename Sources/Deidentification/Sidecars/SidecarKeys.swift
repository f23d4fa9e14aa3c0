import DataSets

/// Keys of sidecars that are no keywords of DICOM, read one by one: from the BIDS specification, from what dcm2niix
/// writes, and from `hilum convert`. They describe technique; what could hold a person's words is not among them
/// (Instructions, TaskDescription, PulseSequenceDetails, ImageComments ...).
extension SidecarRule {
    static let known: [String: SidecarRule] = {
        var rules: [String: SidecarRule] = [:]
        for (key, tag) in aliases { rules[key] = .attribute(tag) }
        for key in numberKeys { rules[key] = .numbers }
        for key in quantityKeys { rules[key] = .quantities }
        for key in codeKeys { rules[key] = .code }
        for (key, words) in wordKeys { rules[key] = .oneOf(words) }
        rules.merge(others) { $1 }
        return rules
    }()

    /// Attributes under another name.
    private static let aliases: [String: Tag] = [
        "ManufacturersModelName": Tag(0x0008, 0x1090), "BodyPart": Tag(0x0018, 0x0015),
        "ProcedureStepDescription": Tag(0x0040, 0x0254), "ImageTypeText": Tag(0x0008, 0x0008),
        "PercentPhaseFOV": Tag(0x0018, 0x0094), "PhaseEncodingSteps": Tag(0x0018, 0x0089),
        "EchoNumber": Tag(0x0018, 0x0086), "XRayExposure": Tag(0x0018, 0x1152), "SAR": Tag(0x0018, 0x1316),
        "ImageOrientationPatientDICOM": Tag(0x0020, 0x0037), "InPlanePhaseEncodingDirectionDICOM": Tag(0x0018, 0x1312),
        "PulseSequenceType": Tag(0x0018, 0x9005), "ReconMethodName": Tag(0x0054, 0x1103),
        "AttenuationCorrection": Tag(0x0054, 0x1101), "TracerName": Tag(0x0018, 0x0031),
        "TimeZero": Tag(0x0008, 0x0032),
        "ScanDate": Tag(0x0008, 0x0022), "PatientsName": .patientName, "PatientsBirthDate": .patientBirthDate,
        "PatientsSex": .patientSex, "PatientsAge": .patientAge, "PatientsWeight": Tag(0x0010, 0x1030),
    ]

    private static let numberKeys = [
        // MR (BIDS, dcm2niix).
        "SliceTiming", "TotalReadoutTime", "EstimatedTotalReadoutTime", "EffectiveEchoSpacing",
        "EstimatedEffectiveEchoSpacing", "DerivedVendorReportedEchoSpacing", "VendorReportedEchoSpacing", "DwellTime",
        "AcquisitionMatrixPE", "ReconMatrixPE", "BandwidthPerPixelPhaseEncode", "ShimSetting", "TxRefAmp",
        "PhaseResolution", "BaseResolution", "RefLinesPE", "MultibandAccelerationFactor",
        "ParallelReductionFactorOutOfPlane", "AccelFactPE", "AccelFact3D", "PartialFourier", "EchoTime1", "EchoTime2",
        "EchoTime3", "RepetitionTimeExcitation", "RepetitionTimePreparation", "RepetitionTimeInversion", "DelayTime",
        "AcquisitionDuration", "DelayAfterTrigger", "NumberOfVolumesDiscardedByScanner",
        "NumberOfVolumesDiscardedByUser",
        "NumberShots", "MTState", "MTPulseBandwidth", "MTNumberOfPulses", "MTPulseDuration", "MTOffsetFrequency",
        "SpoilingState", "SpoilingRFPhaseIncrement", "SpoilingGradientMoment", "SpoilingGradientDuration",
        "FrameTimesStart", "NumberOfSlices", "TablePosition", "MosaicRefAcqTimes", "NonlinearGradientCorrection",
        "RawImage",
        "InterleavedSlices", "PostLabelDelay", "PostLabelingDelay", "LabelingDuration", "ArterialSpinLabelingFlag",
        "BackgroundSuppression", "BackgroundSuppressionNumberPulses", "BackgroundSuppressionPulseTime",
        "VascularCrushing",
        "VascularCrushingVENC", "BolusCutOffFlag", "BolusCutOffDelayTime", "LabelingEfficiency", "M0Estimate",
        "TotalAcquiredPairs", "InversionEfficiency", "LabelingDistance", "LookLocker", "AcquisitionVoxelSize",
        "B0ShimSetting", "StartTime", "EffectiveEchoTime", "DiffusionScheme", "WaterFatShift", "EPIFactor",
        "TurboFactor", "PhaseEncodingStepsOutOfPlane",
        "PhilipsRescaleSlope", "PhilipsRescaleIntercept", "PhilipsRWVSlope", "PhilipsRWVIntercept", "PhilipsScaleSlope",
        "UsePhilipsFloatNotDisplayScaling", "PhilipsFloatNotDisplayScaling", "NumberOfDiffusionDirectionGE",
        "ASLLabelingDuration", "CardiacNumberOfImages", "TriggerDelayTime", "DiffusionGradientOrientation",
        // PET.
        "InjectedMass", "InjectedMassPerWeight", "InjectedVolume", "Purity", "ScanStart", "InjectionStart",
        "InjectionEnd", "FrameDuration",
        "ImageDecayCorrected", "ImageDecayCorrectionTime", "ReconFilterSize", "ReconMethodParameterValues",
        "ScatterFraction", "DecayCorrectionFactor", "InfusionStart", "InfusionSpeed",
        // `hilum convert`.
        "BValues", "Shape", "AffineLPS",
    ]

    /// Activities, rates and frequencies, in Bq and Hz.
    private static let quantityKeys = [
        "InjectedRadioactivity", "SpecificRadioactivity", "MolarActivity", "InfusionRadioactivity",
        "DoseCalibrationFactor", "PromptRate", "RandomRate", "SinglesRate", "ImagingFrequency", "SamplingFrequency",
    ]

    private static let codeKeys = [
        "ReceiveCoilActiveElements", "CoilString", "MatrixCoilMode",
    ]

    private static let axes: Set<String> = ["i", "j", "k", "i-", "j-", "k-"]

    private static let wordKeys: [String: Set<String>] = [
        "PhaseEncodingDirection": axes, "SliceEncodingDirection": axes, "PhaseEncodingAxis": ["i", "j", "k"],
        "Units": [
            "rad/s", "Hz", "rad", "T", "arbitrary", "Bq/mL", "BQML", "kBq/mL", "HU", "CNTS", "PROPCNTS", "PROPCPS",
            "1CM",
            "GML", "s", "ms", "mm", "mm2/s", "years", "kg", "cm", "g/ml", "%",
        ],
        "InjectedRadioactivityUnits": ["Bq", "kBq", "MBq", "GBq", "mCi", "uCi"],
        "InjectedMassUnits": ["ug", "mg", "ng", "g", "nmol", "umol"],
        "SpecificRadioactivityUnits": ["Bq/g", "MBq/ug", "GBq/umol", "MBq/nmol", "Bq/mol"],
        "ModeOfAdministration": ["bolus", "infusion", "bolus-infusion"],
        "TracerRadionuclide": ["C11", "F18", "O15", "N13", "Ga68", "Cu64", "Zr89", "Rb82", "I124"],
        "ArterialSpinLabelingType": ["CASL", "PCASL", "PASL"],
        "M0Type": ["Separate", "Included", "Estimate", "Absent"],
        "PCASLType": ["balanced", "unbalanced"], "PASLType": ["FAIR", "EPISTAR", "PICORE"],
        "PhaseEncodingPolarityGE": ["Flipped", "Unflipped"], "SpoilingType": ["RF", "GRADIENT", "COMBINED"],
        "MTPulseShape": ["HARD", "GAUSSIAN", "GAUSSHANN", "SINC", "SINCHANN", "SINCGAUSS", "FERMI"],
        "CoilCombinationMethod": ["Sum of Squares", "Adaptive Combine"],
        "DatasetType": ["raw", "derivative", "study"],
        "License": ["CC0", "PD", "PDDL", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "ODbL-1.0", "CC0-1.0"],
        "ConversionSoftware": programs,
    ]

    private static let programs: Set<String> = [
        "hilum", "dcm2niix", "heudiconv", "bidscoin", "dcmstack", "dcm2bids", "fMRIPrep", "QSIPrep", "MRIQC", "SPM",
        "FreeSurfer", "FSL", "ANTs", "PET2BIDS",
    ]

    static let dataSetName = "De-identified data set"

    private static let others: [String: SidecarRule] = [
        "TaskName": .label("task"), "IntendedFor": .paths, "AssociatedEmptyRoom": .paths,
        "B0FieldIdentifier": .label("b0"), "B0FieldSource": .label("b0"), "SliceSources": .instances,
        "ConversionSoftwareVersion": .version, "BIDSVersion": .version, "HEDVersion": .version,
        "GeneratedBy": .object(["Name": .oneOf(programs), "Version": .version]),
        "Channels": .object([
            "kind": .oneOf(["time", "diffusion"]), "stepSeconds": .numbers, "bValues": .numbers,
            "directionsLPS": .numbers,
        ]),
        "RealWorldValues": .object(["Slope": .numbers, "Intercept": .numbers, "UnitCode": .code]),
        // dcmstack: attributes that are constant, and those that change from slice to slice.
        "global": .object(["const": .scope, "slices": .scope]), "time": .object(["samples": .scope]),
        // The name of a data set is somebody's words, and required (BIDS, "dataset_description.json").
        "Name": .constant(dataSetName),
        "Notice": .constant("Research software. Not for clinical use."),
        // Descriptions of tables' columns: which there are, and their units.
        "participant_id": .object([:]), "session_id": .object([:]), "filename": .object([:]), "acq_time": .object([:]),
        "age": .object(["Units": .oneOf(["years", "year", "months", "weeks"])]), "sex": .object([:]),
    ]
}
